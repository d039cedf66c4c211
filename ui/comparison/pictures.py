"""Histograms of every variant's activations, on the same samples at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.records.histograms import BINS
from ui.snapshots import Axis

# Samples whose activations are drawn.
PROBES = 48


@dataclass(frozen=True)
class Picture:
    """Histograms of activations at a step.

    Attributes
    ----------
    step : int
    low, high : list of float
        Ends of each variant's axis.
    bars : (variants, layers, bins) uint8
        √share against the layer's fullest bin.
    """

    step: int
    low: list[float]
    high: list[float]
    bars: npt.NDArray[np.uint8]


class Camera:
    """Takes pictures of a comparison, on axes that only widen.

    Parameters
    ----------
    comparison : Comparison
    data : Dataset
        Its test part is drawn if there is one.

    Attributes
    ----------
    probes : (PROBES, features)
    """

    def __init__(self, comparison: gc.Comparison, data: gc.Dataset) -> None:
        self._comparison = comparison
        self.probes = (data.x if data.x_test is None else data.x_test)[:PROBES]
        self._axes = [Axis(spec.activations) for spec in comparison.specs]

    def take(self, step: int) -> Picture:
        """Return the picture of each variant's first seed that has not diverged, as it stands after `step`."""
        comparison, axes = self._comparison, self._axes
        bars = np.zeros((len(axes), max(1, comparison.layers - 1), BINS), dtype=np.uint8)
        ends = comparison.diverged_at
        with np.errstate(all="ignore"):
            for number, (spec, axis) in enumerate(zip(comparison.specs, axes, strict=True)):
                seed = next((one for one in range(len(comparison.seeds)) if (number, one) not in ends), None)
                if seed is not None:
                    trace = gc.forward(comparison.network(number, seed), self.probes)
                    axis.widen(trace.activations)
                    found = axis.histogram(trace)[: max(1, spec.depth)]
                    bars[number, : len(found)] = found
        return Picture(step, [axis.low for axis in axes], [axis.high for axis in axes], bars)
