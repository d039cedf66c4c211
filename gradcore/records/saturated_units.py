"""Saturated units, which let next to no gradient through, and dead units, which do so for every sample."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.activations import ACTIVATIONS
from gradcore.kernels.layout import Stack, offsets, small_stacks
from gradcore.network.trace import LayerTrace, Trace
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
Vector = npt.NDArray[np.float64]

# A softmax output counts as saturated where p(1−p) is below 1 % of its largest value, ¼.
SOFTMAX_SATURATION = 0.01 * 0.25


class SaturationBuffers:
    """Arrays in which saturated units are marked; networks of one shape that take turns may share them.

    Attributes
    ----------
    saturated : bool, like trace.pre_activations
        Whether |φ′| is next to 0, for each unit and sample.
    scratch : (networks, the largest stack's units × samples)
        Memory for a rule's own use.
    """

    def __init__(self, spec: NetworkSpec, trace: Trace) -> None:
        sizes = [math.prod(stack.view.shape[-2:]) for stack in _stacks(spec, trace, trace.activation_inputs)]
        self.saturated = np.zeros(trace.pre_activations.shape, dtype=bool)
        self.scratch: Array = np.zeros((*trace.pre_activations.shape[:-1], max(sizes)), spec.dtype)


def _stacks(spec: NetworkSpec, trace: Trace, flat: npt.NDArray[Any]) -> list[Stack]:
    """Return the layers of a flat vector in stacks of which each is marked by one call of its activation's rule."""
    names, networks = [*spec.activations, "output"], math.prod(flat.shape[:-1])
    return trace.units.stacks(flat, small_stacks(names, spec.sizes[1:], trace.n * networks))


class SaturatedUnits:
    """The shares of a trace's units that are saturated, and dead, by layer.

    Parameters
    ----------
    spec : NetworkSpec
    trace : Trace
    buffers : SaturationBuffers
        Made for this trace or another of its shape.
    """

    def __init__(self, spec: NetworkSpec, trace: Trace, buffers: SaturationBuffers) -> None:
        names, mask = [*spec.activations, "output"], buffers.saturated
        self._n, self._lead = trace.n, mask.shape[:-1]
        self._widths = np.array(trace.units.widths, dtype=np.float64)
        self._starts = offsets(trace.units.widths)
        self._mark = []
        for z, marked in zip(_stacks(spec, trace, trace.activation_inputs), _stacks(spec, trace, mask), strict=True):
            scratch = buffers.scratch[..., : math.prod(z.view.shape[-2:])].reshape(z.view.shape)
            rule = _rule(spec, names[z.layers.start], trace.layers[-1])
            self._mark.append(partial(rule, z.view, scratch, marked.view))
        self._by_unit = mask.reshape(*self._lead, -1, trace.n)
        self._layers = trace.units.layers(mask)
        self._by_layer = trace.units.stacks(mask)
        self._counts = np.zeros((*self._lead, len(self._layers)), dtype=np.int64)

    def shares(self) -> tuple[Vector, Vector]:
        """Return each layer's share of units × samples that are saturated, and of units that are dead, (…, layers)."""
        for mark in self._mark:
            mark()
        counts = self._count()
        return counts / (self._widths * self._n), self._dead_shares(counts)

    def _dead_shares(self, counts: npt.NDArray[np.int64]) -> Vector:
        dead = np.zeros(counts.shape)
        # A dead unit gives its layer at least n marks, so that usually no layer, or only a few, can have one.
        if counts.max() >= self._n:
            suspects = np.flatnonzero((counts >= self._n).reshape(-1, counts.shape[-1]).any(axis=0))
            layers = slice(suspects[0], suspects[-1] + 1)
            first, last = self._starts[layers.start], self._starts[layers.stop]
            always = np.logical_and.reduce(self._by_unit[..., first:last, :], axis=-1)
            starts = np.array(self._starts[layers]) - first
            dead[..., layers] = np.add.reduceat(always, starts, axis=-1, dtype=np.float64) / self._widths[layers]
        return dead

    def _count(self) -> npt.NDArray[np.int64]:
        """Return how many units × samples are marked in each layer, (…, layers)."""
        if self._lead:
            for layers, marked in self._by_layer:
                np.add.reduce(marked, axis=-1, out=self._counts[..., layers])
        else:
            # Takes a third of the sum's time on a layer of 64 × 64, but a call a layer: too many for several networks.
            self._counts[:] = [np.count_nonzero(layer) for layer in self._layers]
        return self._counts


def _rule(spec: NetworkSpec, name: str, output: LayerTrace) -> Callable[[Array, Array, Mask], Any]:
    """Return the call that marks saturated activation inputs: rule(z, scratch, marks)."""
    if name == "output" and spec.output == "softmax":
        return partial(_mark_softmax, output)
    low, high = ACTIVATIONS[spec.output if name == "output" else name].saturation
    if low == -np.inf and high == np.inf:
        return lambda z, scratch, marks: marks.fill(False)
    if high == np.inf:
        return lambda z, scratch, marks: np.less_equal(z, low, marks)
    return lambda z, scratch, marks: np.greater_equal(np.abs(z, scratch), high, marks)


def _mark_softmax(output: LayerTrace, z: Array, scratch: Array, marks: Mask) -> None:
    """Mark where the softmax's derivative p(1 − p) is below the threshold."""
    probabilities = output.activation.reshape(scratch.shape)
    np.subtract(1, probabilities, scratch)
    np.multiply(scratch, probabilities, scratch)
    np.less(scratch, SOFTMAX_SATURATION, marks)
