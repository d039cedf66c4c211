"""Computes a large network's weight gradients chunk by chunk, for an optimizer that uses each number once.

A gradient that does not fit into the cache is written to memory, read for a check, and read again for the update. A
chunk is computed from δ and the activations below right before the update, which then finds it in the cache: without,
a step of 784-[1000×5]-10 takes 36 % longer (python -m benchmarks.tricks).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.products import Product, times

Array = npt.NDArray[np.floating[Any]]

# From so many parameters on, a step takes less time chunk by chunk.
LARGE = 1 << 20
# Entries of a chunk, a megabyte of float32.
CHUNK = 1 << 18


def products_by_rows(delta: Array, columns: int) -> list[tuple[slice, Product]]:
    """Return the product with b of so many columns in chunks: rows of δ, and their product with b."""
    at_once = max(1, CHUNK // columns)
    chunks = [slice(start, min(start + at_once, len(delta))) for start in range(0, len(delta), at_once)]
    return [(rows, times(delta[rows], columns)) for rows in chunks]


def times_by_rows(delta: Array, columns: int) -> Product:
    """Return the product with b of so many columns, δ · b, equal to the bit to `products_by_rows`.

    A BLAS may round a product of fewer rows otherwise; recorded and unrecorded steps must make the same weights.
    """
    if delta.ndim > 2 or len(delta) * columns <= CHUNK:
        return times(delta, columns)
    return partial(_chunk_by_chunk, products_by_rows(delta, columns))


def _chunk_by_chunk(products: list[tuple[slice, Product]], b: Array, out: Array) -> None:
    for rows, product in products:
        product(b, out[rows])


class GradientChunks:
    """Computes one network's gradients of weights and biases, equal to the bit to those of the backward pass.

    Parameters
    ----------
    deltas : sequence of (fan_out, n)
        Each layer's δ, from the first layer up; computing a chunk reads it.
    activations : sequence of (fan_in + 1, n)
        The inputs of each layer but the first, with the row of ones.
    input_rows : int
        Rows of the first layer's input: the features, and the row of ones.
    """

    def __init__(self, deltas: Sequence[Array], activations: Sequence[Array], input_rows: int) -> None:
        below: list[Array | None] = [None, *(rows.mT for rows in activations)]  # each step brings another input
        products = [
            (product, rows_below, rows.stop - rows.start, columns)
            for delta, rows_below in zip(deltas, below, strict=True)
            for columns in [input_rows if rows_below is None else rows_below.shape[1]]
            for rows, product in products_by_rows(delta, columns)
        ]
        scratch = np.zeros(max(rows * columns for *_, rows, columns in products), deltas[0].dtype)
        self._chunks, start = [], 0
        for product, rows_below, rows, columns in products:
            chunk = scratch[: rows * columns]
            place = slice(start, start + len(chunk))
            self._chunks.append((place, chunk, chunk.reshape(rows, columns), product, rows_below))
            start = place.stop

    def of(self, inputs: Array) -> Iterator[tuple[slice, Array]]:
        """Yield each chunk's place in the flat gradient, and the chunk, which the next one overwrites.

        Parameters
        ----------
        inputs : (features + 1, n)
            The mini-batch, with the row of ones.
        """
        for place, chunk, as_rows, product, below in self._chunks:
            product(inputs.mT if below is None else below, as_rows)
            yield place, chunk

    def fill(self, inputs: Array, gradient: Array) -> None:
        """Write all chunks to a flat gradient."""
        for place, chunk in self.of(inputs):
            gradient[place] = chunk
