"""A large network's weight gradients piece by piece, for who uses each once and needs no whole.

A gradient that does not fit into the cache is written to memory, read to be checked, and read again to descend by it.
Made of δ and the activations below only when its turn comes, a piece is used while it is in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.gradients import Gradients
from gradcore.layout import aligned_zeros
from gradcore.products import products_by_rows
from gradcore.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# Parameters from which on a step takes less time this way.
LARGE = 1 << 20


class Pieces:
    """The weight gradients of one network, biases included, to the bit those that `Backward` fills in.

    Iterating gives for each piece its place in the flat gradient, and the piece, which the next one overwrites.

    Parameters
    ----------
    trace, grads
        What `Forward` and `Backward` fill, without normalization: its gradients are no products.
    """

    def __init__(self, trace: Trace, grads: Gradients) -> None:
        self._trace = trace
        below: list[Array | None] = [None, *(layer.with_ones.mT for layer in trace.layers[:-1])]  # the input changes
        products = [
            (product, activations, rows.stop - rows.start, layer.block_grad.shape[1])
            for layer, activations in zip(grads.layers, below, strict=True)
            for rows, product in products_by_rows(layer.delta, layer.block_grad.shape[1])
        ]
        scratch = aligned_zeros(max(rows * columns for *_, rows, columns in products), grads.flat.dtype)
        self._pieces, start = [], 0
        for product, activations, rows, columns in products:
            piece = scratch[: rows * columns]
            place = slice(start, start + len(piece))
            self._pieces.append((place, piece, piece.reshape(rows, columns), product, activations))
            start = place.stop

    def __iter__(self) -> Iterator[tuple[slice, Array]]:
        inputs = self._trace.input.mT
        for place, piece, as_rows, product, below in self._pieces:
            product(inputs if below is None else below, as_rows)
            yield place, piece

    def fill(self, gradient: Array) -> None:
        """Write them all to a flat gradient."""
        for place, piece in self:
            gradient[place] = piece
