"""Where each layer lies in the flat vectors.

Parameters, gradients, updates, activations and deltas are one flat vector each; a layer is a view into it. The
optimizer then needs two array operations for a whole network, and neighbours of equal shape can be read as one
stacked array, so that statistics cost a few calls instead of a few per layer (`stacks`).

A layer's parameters are a block (fan_out, fan_in + 1): its weights, and in the last column its biases, the weights
of an input that is constantly 1. Scales and shifts of normalized layers stand behind all blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


class Stack(NamedTuple):
    """Consecutive layers of equal shape: `layers` is their slice, `view` holds them along its first axis."""

    layers: slice
    view: Array


# Bytes of a cache line, and of the widest vector registers.
LINE = 64


def aligned_zeros(size: int, dtype: npt.DTypeLike) -> Array:
    """Return zeros that start on a cache line: elementwise operations on several arrays then take half the time."""
    dtype = np.dtype(dtype)
    raw = np.zeros(size * dtype.itemsize + LINE, dtype=np.uint8)
    start = -raw.ctypes.data % LINE
    return raw[start : start + size * dtype.itemsize].view(dtype)


def offsets(lengths: Sequence[int]) -> list[int]:
    """Return where each of the consecutive pieces starts, and last where they end."""
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
    spec : NetworkSpec

    Attributes
    ----------
    size : int
        Length of the flat vector.
    shapes : list of (int, int)
        Of each layer's block, (fan_out, fan_in + 1).
    """

    def __init__(self, spec: NetworkSpec) -> None:
        self.shapes = [(here, below + 1) for below, here in zip(spec.sizes[:-1], spec.sizes[1:], strict=True)]
        self._starts = offsets([rows * columns for rows, columns in self.shapes])
        hidden = spec.sizes[1:-1] if spec.normalization else ()
        self._scale_starts = [self._starts[-1] + start for start in offsets(hidden)]
        self._shift_starts = [self._scale_starts[-1] + start for start in offsets(hidden)]
        self.size = self._shift_starts[-1]

    def blocks(self, flat: Array) -> list[Array]:
        """Return each layer's (fan_out, fan_in + 1), weights and biases."""
        return [
            flat[s:e].reshape(shape) for s, e, shape in zip(self._starts, self._starts[1:], self.shapes, strict=False)
        ]

    def scales(self, flat: Array) -> list[Array]:
        """Return each normalized layer's scales (fan_out,); an empty list without normalization."""
        return [flat[s:e] for s, e in zip(self._scale_starts, self._scale_starts[1:], strict=False)]

    def shifts(self, flat: Array) -> list[Array]:
        """Return each normalized layer's shifts (fan_out,); an empty list without normalization."""
        return [flat[s:e] for s, e in zip(self._shift_starts, self._shift_starts[1:], strict=False)]

    def stacks(self, flat: Array) -> list[Stack]:
        """Return runs of equally shaped blocks as (layers, fan_out, fan_in + 1) views."""
        return [
            Stack(run, flat[self._starts[run.start] : self._starts[run.stop]].reshape(-1, *self.shapes[run.start]))
            for run in _runs(self.shapes)
        ]


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
        return [
            flat[s : s + width * self.n].reshape(width, self.n)
            for s, width in zip(self._starts, self.widths, strict=False)
        ]

    def with_ones(self, flat: Array) -> list[Array]:
        """Return each layer's (width, n), with the row of ones where it has one."""
        return [flat[s:e].reshape(-1, self.n) for s, e in zip(self._starts, self._starts[1:], strict=False)]

    def stacks(self, flat: Array, keys: Sequence[Any] | None = None) -> list[Stack]:
        """Return runs of layers with equal width, row of ones and key as (layers, width · n) views."""
        kinds = list(zip(self.widths, self.ones, keys or self.widths, strict=True))
        stacks = []
        for run in _runs(kinds):
            rows = flat[self._starts[run.start] : self._starts[run.stop]].reshape(run.stop - run.start, -1)
            stacks.append(Stack(run, rows[:, : self.widths[run.start] * self.n]))
        return stacks
