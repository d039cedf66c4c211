"""What is claimed, measured: each number in the documents comes from a command in here."""

import os

# One thread for every peer, so that CPU times compare: the matrix products of NumPy, scikit-learn and PyTorch, and
# JAX's pool. It must be said before anything imports NumPy.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "PJRT_NPROC"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
