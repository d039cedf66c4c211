"""Matrix products, each by the call that is fastest for its shape.

One network's are the array's own `dot` with the result's place: by np.matmul a step of 2-8-8-1 takes 26 % longer, one
of 2-[16×5]-1 27 %, one of 64-[64×10]-10 4 % (python -m benchmarks.tricks). Several networks' matrices along a first
axis need matmul.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
# product(b, out) writes a matrix times b to `out`.
Product = Callable[[Array, Array], object]


def times(matrix: Array) -> Product:
    """Return the product with b: matrix · b."""
    return matrix.dot if matrix.ndim == 2 else partial(np.matmul, matrix)
