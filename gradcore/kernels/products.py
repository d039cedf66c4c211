"""Matrix products, each by the call that is fastest for its shape.

Usually that is the array's own `dot` with the result's place, which on small matrices takes a third less than np.dot;
with several networks' matrices along a first axis it is matmul.
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

# From so many entries on, `dot` spends noticeable time on filling its result with zeros first, which matmul does not
# do: 40 % of the product of a weight gradient of 1000 × 1001 at batch 10, 10 % at 100 × 785.
LARGE = 1 << 16
# With at most so many columns and a large matrix, OpenBLAS multiplies b.T by the matrix in 2/3 of the time that it
# takes for the transposed matrix and b.
NARROW = 16


def times(matrix: Array, columns: int) -> Product:
    """Return the product with b of so many columns: matrix · b."""
    if matrix.ndim == 2 and len(matrix) * columns < LARGE:
        return matrix.dot
    return partial(np.matmul, matrix)


# Entries of a large result made at a time, a megabyte of float32: the next reader finds them in the cache.
CHUNK = 1 << 18


def products_by_rows(matrix: Array, columns: int) -> list[tuple[slice, Product]]:
    """Return the product with b of so many columns in chunks: rows of the matrix, and their product with b."""
    at_once = max(1, CHUNK // columns)
    chunks = [slice(start, min(start + at_once, len(matrix))) for start in range(0, len(matrix), at_once)]
    return [(rows, times(matrix[rows], columns)) for rows in chunks]


def times_by_rows(matrix: Array, columns: int) -> Product:
    """Return the product with b of so many columns, matrix · b, to the bit as `products_by_rows` computes it."""
    if matrix.ndim > 2 or matrix.shape[0] * columns <= CHUNK:
        return times(matrix, columns)
    return partial(_chunk_by_chunk, products_by_rows(matrix, columns))


def _chunk_by_chunk(products: list[tuple[slice, Product]], b: Array, out: Array) -> None:
    for rows, product in products:
        product(b, out[rows])


def transposed_times(matrix: Array, columns: int) -> Product:
    """Return the product with b of so many columns: matrixᵀ · b."""
    if matrix.ndim == 2 and columns <= NARROW and matrix.size >= LARGE:
        return partial(_by_rows, matrix)
    return times(matrix.mT, columns)


def _by_rows(matrix: Array, b: Array, out: Array) -> None:
    np.copyto(out, b.T.dot(matrix).T)
