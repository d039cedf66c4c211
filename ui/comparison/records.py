"""What is kept of a comparison's record: medians over seeds, and one run's record out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.records.recording import LayerStats

Vector = npt.NDArray[np.float64]

SCALARS = ("loss", "accuracy", "test_loss", "test_accuracy")
# What is kept of every layer, and from which statistic: the median over the seeds that have not diverged.
LAYERED: Mapping[str, str] = {
    "gradient": "grad_rms",
    "activation_std": "activation_std",
    "saturated": "saturated_fraction",
    "dead": "dead_fraction",
    "distinct": "distinct_units",
}


def median_over_seeds(values: Vector, diverged: npt.NDArray[np.bool_]) -> Vector:
    """Return the median over seeds, (variants, layers); Inf and NaN are what they are where they prevail."""
    gone = np.asarray(diverged & ~diverged.all(axis=1, keepdims=True))
    alive = np.where(gone[:, :, None], np.nan, values)
    ordered = np.sort(alive, axis=1)  # NaN last
    known = np.maximum(1, values.shape[1] - np.isnan(alive).sum(axis=1))
    below, above = (known - 1) // 2, known // 2
    pick = [np.take_along_axis(ordered, place[:, None], axis=1)[:, 0] for place in (below, above)]
    return np.where(pick[0] == pick[1], pick[0], (pick[0] + pick[1]) / 2)


def record_of(record: gc.ComparisonRecord, variant: int, seed: int, layers: int, counts: Any) -> gc.StepRecord:
    """Return one run's record."""
    at = (variant, seed)
    stats: dict[str, Any] = {
        name: getattr(record.stats, name)[at][:layers]
        for name in LayerStats.__slots__
        if name not in ("distinct_units", "histograms")
    }
    units = None if counts is None or np.isnan(counts[at][:layers]).any() else counts[at][:layers].astype(int)
    scalars: dict[str, Any] = {name: float(getattr(record, name)[at]) for name in SCALARS}
    return gc.StepRecord(record.step, diverged=False, stats=LayerStats(**stats, distinct_units=units), **scalars)
