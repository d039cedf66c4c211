"""Single numbers in the forms that NumPy takes in and finds fastest.

Without the arrays a step of 2-8-8-1 takes 8 % longer, without argmin 9 %; one of 2-[16×5]-1 4 % each
(python -m benchmarks.tricks).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

# NumPy takes in an array of one number in half the time of Python's; in float32 they leave either dtype as it is.
ZERO, ONE, FOUR = (np.array(number, dtype=np.float32) for number in (0, 1, 4))
MINUS_ONE, MINUS_TWO = (np.array(number, dtype=np.float32) for number in (-1, -2))


def smallest(values: Array) -> float:
    """Return the smallest value; NaN if there is one, Inf if there is none at all."""
    # min() takes four times as long on a small network; argmin copies what does not lie together.
    if values.flags.c_contiguous and values.size:
        return values.item(values.argmin())
    return float(values.min(initial=np.inf))
