"""Histograms of every layer at once.

One bincount does all layers of a stack: each layer's bins are offset by a multiple of the number of bins. What has no
place on the axis is counted beside it: Inf, NaN, and a gradient's exact zeros, since its axis is a logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.activations import ACTIVATIONS
from gradcore.kernels.layout import Stack
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Limits = tuple[float, float] | None

BINS = 40


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts over layers × bins, and of what has no place on the axis.

    Attributes
    ----------
    counts : (layers, bins)
        Entries in each of `bins` equal bins between low and high, the ends included.
    low, high : (layers,)
        Ends of each layer's axis. Equal where all entries are; both NaN where nothing is on the axis.
    zeros, infs, nans : (layers,)
        Entries that are exactly 0 (counted apart for gradients only), ±Inf, NaN.
    """

    counts: Counts
    low: Vector
    high: Vector
    zeros: Counts
    infs: Counts
    nans: Counts


@dataclass(frozen=True, slots=True)
class LayerHistograms:
    """The three histograms of a step.

    Attributes
    ----------
    activation, pre_activation : Histogram
        Histograms over units × samples. The axis of a bounded activation is its range; any other runs from the smallest
        to the largest value.
    log_gradient : Histogram
        Histogram of log10|weight gradient|, between whole powers of ten.
    """

    activation: Histogram
    pre_activation: Histogram
    log_gradient: Histogram


def layer_histograms(net: Network, trace: Trace, grads: Gradients) -> LayerHistograms:
    """Return the histograms of what a run's buffers hold now.

    Parameters
    ----------
    net, trace, grads
        A single network, after a forward and a backward pass.
    """
    spec = net.spec
    ranges = [ACTIVATIONS[name].range if not spec.residual else None for name in spec.activations]
    ranges.append((0.0, 1.0) if spec.output != "identity" else None)
    bounded = [limits if limits is not None and np.isfinite(limits).all() else None for limits in ranges]
    activations = trace.units_with_ones.stacks(trace.activations)
    gradients = [Stack(s.layers, s.view[:, :, :-1].reshape(len(s.view), -1)) for s in grads.layout.stacks(grads.flat)]
    return LayerHistograms(
        activation=_histogram(activations, bounded),
        pre_activation=_histogram(trace.units.stacks(trace.pre_activations), [None] * len(bounded)),
        log_gradient=_log_histogram(gradients, len(bounded)),
    )


def activation_histogram(trace: Trace, low: float, high: float) -> Histogram:
    """Return the histogram of every layer's activations on one axis.

    Parameters
    ----------
    trace : Trace
        A single network's, after a forward pass.
    low, high : float
        Ends of the axis; what lies beyond it is counted in the first and the last bin.
    """
    return _histogram(trace.units_with_ones.stacks(trace.activations), [(low, high)] * len(trace.layers))


def _histogram(stacks: list[Stack], limits: list[Limits]) -> Histogram:
    layers = len(limits)
    result = _empty(layers)
    for stack in stacks:
        infinite, undefined = np.isinf(stack.view), np.isnan(stack.view)
        result.infs[stack.layers], result.nans[stack.layers] = infinite.sum(axis=1), undefined.sum(axis=1)
        on_axis = ~(infinite | undefined)
        _count(result, stack, on_axis, limits)
    return result


def _log_histogram(stacks: list[Stack], layers: int) -> Histogram:
    result = _empty(layers)
    for stack in stacks:
        infinite, undefined, zero = np.isinf(stack.view), np.isnan(stack.view), stack.view == 0
        for counts, found in ((result.infs, infinite), (result.nans, undefined), (result.zeros, zero)):
            counts[stack.layers] = found.sum(axis=1)
        on_axis = ~(infinite | undefined | zero)
        logs = np.log10(np.abs(stack.view.astype(np.float64)), where=on_axis, out=np.zeros(stack.view.shape))
        _count(result, Stack(stack.layers, logs), on_axis, [None] * layers, whole=True)
    return result


def _empty(layers: int) -> Histogram:
    zeros = [np.zeros(layers, dtype=np.int64) for _ in range(3)]
    return Histogram(np.zeros((layers, BINS), dtype=np.int64), np.full(layers, np.nan), np.full(layers, np.nan), *zeros)


def _count(
    result: Histogram, stack: Stack, on_axis: npt.NDArray[np.bool_], limits: list[Limits], whole: bool = False
) -> None:
    """Count the entries of `stack` that are on the axis; `whole` rounds ends without limits outwards."""
    view, layers = stack.view, len(stack.view)
    low = np.min(view, axis=1, where=on_axis, initial=np.inf).astype(np.float64)
    high = np.max(view, axis=1, where=on_axis, initial=-np.inf).astype(np.float64)
    if whole:
        low, high = np.floor(low), np.ceil(high)
    for row, fixed in enumerate(limits[stack.layers]):
        if fixed is not None:
            low[row], high[row] = fixed
    empty = low > high
    low[empty] = high[empty] = 0
    # Large values are halved, since the difference of two floats can be too large for one.
    scale = np.where(np.maximum(np.abs(low), np.abs(high)) > 1, 0.5, 1.0)
    width = np.where(high > low, high * scale - low * scale, 1)
    factor, start, span = (column[:, None].astype(view.dtype) for column in (scale, low * scale, width))
    place = (np.where(on_axis, view * factor, start) - start) / span * BINS
    bins = np.clip(place, 0, BINS - 1).astype(np.int64)
    bins[~on_axis] = BINS
    # The offset is added after the cast: in float32 a large one would push entries into the next bin.
    bins += np.arange(layers)[:, None] * (BINS + 1)
    counts = np.bincount(bins.ravel(), minlength=layers * (BINS + 1)).reshape(layers, BINS + 1)
    result.counts[stack.layers] = counts[:, :BINS]
    result.low[stack.layers] = np.where(empty, np.nan, low)
    result.high[stack.layers] = np.where(empty, np.nan, high)
