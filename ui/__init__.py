"""What the screens share. Imports go one way: app.py and pages → ui → gradcore."""

import os

# One BLAS thread for all visitors: with two, medians of small products were several times slower on a shared machine.
# It must be said before anything imports NumPy, and a page opened by its own address never runs app.py.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")
