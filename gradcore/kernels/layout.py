"""Layouts of the flat vectors: a place for each layer.

Parameters, gradients, updates, activations and deltas are one flat vector each; a layer is a view into it. The
optimizer then needs two array operations for a whole network, and neighbours of equal shape can be read as one
stacked array, so that statistics cost a few calls instead of a few per layer (`stacks`): with every layer on its own,
a step of 2-[16×5]-1 takes 14 % longer (python -m benchmarks.tricks).

Several networks of one spec can lie in one array, (networks, size): then every view has an axis of networks in front,
and one call does them all.

A layer's parameters are a block (fan_out, fan_in + 1): its weights, and in the last column its biases, the weights
of an input that is constantly 1. Scales and shifts of normalized layers stand behind all blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


class Stack(NamedTuple):
    """Consecutive layers of equal shape: `layers` is their slice, `view` holds them along an axis, behind networks."""

    layers: slice
    view: npt.NDArray[Any]


@lru_cache(maxsize=64)
def ones(size: int, dtype: npt.DTypeLike) -> Array:
    """Return ones, whose product with a matrix sums its rows; all callers share them, and so they are read-only."""
    array = np.ones(size, dtype)
    array.flags.writeable = False
    return array


def offsets(lengths: Sequence[int]) -> list[int]:
    """Return the start of each of the consecutive pieces, and the end of the last."""
    return list(accumulate(lengths, initial=0))


def _runs(keys: Sequence[Any]) -> list[slice]:
    """Return the slices of consecutive equal keys."""
    ends = offsets([len(list(members)) for _, members in groupby(keys)])
    return [slice(start, stop) for start, stop in pairwise(ends)]


# Numbers in one small stack, if it has more than one layer: 64 KB of float32.
SMALL_STACK = 1 << 14


def small_stacks(kinds: Sequence[Any], widths: Sequence[int], n: int) -> list[int]:
    """Return for each layer the number of its stack: neighbours of one kind and width, as many as stay in the cache.

    Where several elementwise operations follow on one another, or a result is soon used, a stack that has left the
    cache in between costs more than the calls it saves.
    """
    numbers: list[int] = []
    number, entries, before = -1, 0, None
    for layer, kind in enumerate(zip(kinds, widths, strict=True)):
        size = kind[1] * n
        if kind != before or entries + size > SMALL_STACK:
            number, entries = layer, 0
        entries += size
        numbers.append(number)
        before = kind
    return numbers


class ParameterLayout:
    """Views into flat vectors of parameters (or gradients, updates, velocities) of one network.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, input and output included.
    normalized : bool
        Whether hidden layers have scales and shifts.

    Attributes
    ----------
    size : int
        Length of the flat vector.
    shapes : list of (int, int)
        The shape of each layer's block, (fan_out, fan_in + 1).
    """

    def __init__(self, sizes: Sequence[int], normalized: bool) -> None:
        self.shapes = [(here, below + 1) for below, here in pairwise(sizes)]
        self._starts = offsets([rows * columns for rows, columns in self.shapes])
        hidden = sizes[1:-1] if normalized else ()
        self._scale_starts = [self._starts[-1] + start for start in offsets(hidden)]
        self._shift_starts = [self._scale_starts[-1] + start for start in offsets(hidden)]
        self.size = self._shift_starts[-1]

    def blocks(self, flat: Array) -> list[Array]:
        """Return each layer's (fan_out, fan_in + 1), weights and biases."""
        lead = flat.shape[:-1]
        pieces = zip(self._starts, self._starts[1:], self.shapes, strict=False)
        return [flat[..., s:e].reshape(*lead, *shape) for s, e, shape in pieces]

    def scales(self, flat: Array) -> list[Array]:
        """Return each normalized layer's scales (fan_out,); an empty list without normalization."""
        return [flat[..., s:e] for s, e in zip(self._scale_starts, self._scale_starts[1:], strict=False)]

    def shifts(self, flat: Array) -> list[Array]:
        """Return each normalized layer's shifts (fan_out,); an empty list without normalization."""
        return [flat[..., s:e] for s, e in zip(self._shift_starts, self._shift_starts[1:], strict=False)]

    def stacks(self, flat: Array) -> list[Stack]:
        """Return neighbours of equal shape as (layers, fan_out, fan_in + 1) views."""
        stacks = []
        for layers in _runs(self.shapes):
            piece = flat[..., self._starts[layers.start] : self._starts[layers.stop]]
            stacks.append(Stack(layers, piece.reshape(*flat.shape[:-1], -1, *self.shapes[layers.start])))
        return stacks


class UnitLayout:
    """Views into flat vectors with one number per unit and sample: pre-activations, activations, deltas, slopes.

    Parameters
    ----------
    widths : sequence of int
        Units of each layer.
    n : int
        Samples.
    ones : sequence of bool
        Which layers carry one more row, of ones, the input of the next layer's biases.
    """

    def __init__(self, widths: Sequence[int], n: int, ones: Sequence[bool] | None = None) -> None:
        self.n = n
        self.widths = tuple(widths)
        self.ones = tuple(ones) if ones is not None else (False,) * len(self.widths)
        self._starts = offsets([(width + one) * n for width, one in zip(self.widths, self.ones, strict=True)])
        self.size = self._starts[-1]

    def layers(self, flat: Array) -> list[Array]:
        """Return each layer's (width, n), without the row of ones."""
        lead, pieces = flat.shape[:-1], zip(self._starts, self.widths, strict=False)
        return [flat[..., s : s + width * self.n].reshape(*lead, width, self.n) for s, width in pieces]

    def with_ones(self, flat: Array) -> list[Array]:
        """Return each layer's (width, n), with the row of ones where it has one."""
        lead, pieces = flat.shape[:-1], zip(self._starts, self._starts[1:], strict=False)
        return [flat[..., s:e].reshape(*lead, -1, self.n) for s, e in pieces]

    def stacks(self, flat: Array, keys: Sequence[Any] | None = None) -> list[Stack]:
        """Return neighbours of equal width, row of ones and key as (layers, width · n) views."""
        kinds = list(zip(self.widths, self.ones, keys or self.widths, strict=True))
        stacks = []
        for layers in _runs(kinds):
            piece = flat[..., self._starts[layers.start] : self._starts[layers.stop]]
            rows = piece.reshape(*flat.shape[:-1], layers.stop - layers.start, -1)
            stacks.append(Stack(layers, rows[..., : self.widths[layers.start] * self.n]))
        return stacks
