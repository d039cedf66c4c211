"""Computes a large network's weight gradients chunk by chunk, for an optimizer that uses each number once.

A gradient that does not fit into the cache is written to memory, read for a check, and read again for the update. A
chunk is computed from δ and the activations below right before the update, which then finds it in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import aligned_zeros
from gradcore.kernels.products import products_by_rows

Array = npt.NDArray[np.floating[Any]]

# From so many parameters on, a step takes less time chunk by chunk.
LARGE = 1 << 20


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
        scratch = aligned_zeros(max(rows * columns for *_, rows, columns in products), deltas[0].dtype)
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
