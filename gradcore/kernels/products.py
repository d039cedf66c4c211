"""Matrix products, each by the call that is fastest for its shape.

One network's are the array's own `dot` with the result's place: by np.matmul a step of 2-8-8-1 takes 26 % longer, one
of 2-[16×5]-1 27 %, one of 64-[64×10]-10 4 % (python -m benchmarks.tricks). Large results are matmul's, since dot fills
them with zeros first: by dot alone a step of 784-[1000×5]-10 takes 6 % longer. So are several networks' matrices along
a first axis.
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


# Entries of a large result.
LARGE = 1 << 16


def times(matrix: Array, columns: int) -> Product:
    """Return the product with b of so many columns: matrix · b."""
    if matrix.ndim == 2 and len(matrix) * columns < LARGE:
        return matrix.dot
    return partial(np.matmul, matrix)
