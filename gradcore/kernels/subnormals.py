"""Products that keep clear of subnormal numbers, on which a processor can take a hundred times as long."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.products import Product

Array = npt.NDArray[np.floating[Any]]

# Below this, by bytes of a number, a product may pass through subnormals (float32 below 1e-38, float64 below 1e-308),
# each of which can cost a processor a hundred times the usual.
NEAR_SUBNORMAL = {4: 1e-30, 8: 1e-290}


def peak(values: Array) -> float:
    """Return the largest absolute value."""
    return float(max(values.max(initial=0), -values.min(initial=0)))


def subnormal_times(matrix: Array) -> Product:
    """Return the product matrix · b, computed in a range in which the subnormal numbers are normal."""
    return partial(_in_float64 if matrix.itemsize == 4 else _lifted, matrix)


def _in_float64(matrix: Array, b: Array, out: Array) -> None:
    np.copyto(out, matrix.astype(np.float64) @ b.astype(np.float64), casting="same_kind")


def _lifted(matrix: Array, b: Array, out: Array) -> None:
    """Multiply both by powers of two first, and the product by their inverse."""
    exponents = [int(np.frexp(peak(factor))[1]) for factor in (matrix, b)]
    np.ldexp(np.ldexp(matrix, -exponents[0]) @ np.ldexp(b, -exponents[1]), sum(exponents), out)
