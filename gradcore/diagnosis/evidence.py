"""What verdicts are judged by: the numbers that the latest records hold, reduced over time, compared over layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.activations import ACTIVATIONS
from gradcore.records.recording import StepRecord
from gradcore.specs import NetworkSpec

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Evidence:
    """Numbers of a window of records, hidden layers only.

    Parameters
    ----------
    records : sequence of StepRecord
        All that may hold a count of distinct units; the last `window` of them are the window.
    spec, weights
        As in `diagnose`.
    window : int
        Ratios are medians over so many of the latest records, so that one odd batch does not flip a verdict.
    bounded_spread : float
        Without a spec: how much wider than its activations a bounded layer's pre-activations spread.

    Attributes
    ----------
    stats : LayerStats
        Of the last record.
    depth : int
        Hidden layers.
    bounded : (depth,) bool
        Whether a layer's activation flattens on both sides.
    rms, updates : (depth,)
        Medians of the weight gradient's rms and of std(update)/std(weight).
    ratios : (depth,)
        Of the weight gradient's rms to the last hidden layer's.
    delta : float
        First over last hidden layer's δ.
    share : float
        Largest rms of the hidden layers' weight gradients over the norm of the output's bias gradient, which no layer
        has shrunk or grown.
    counts : list of int or None
        Different units of each hidden layer, by the latest record that counts them, else by the weights.
    """

    def __init__(
        self,
        records: Sequence[StepRecord],
        spec: NetworkSpec | None,
        weights: Sequence[npt.NDArray[Any]] | None,
        window: int,
        bounded_spread: float,
    ) -> None:
        latest = records[-window:]
        self.spec, self.weights, self.stats = spec, weights, latest[-1].stats
        self.depth = len(self.stats.grad_rms) - 1
        gradients = self._over_time(latest, "grad_rms")
        self.updates = _medians(self._over_time(latest, "update_ratio"))
        with np.errstate(all="ignore"):
            self.ratios = _medians(gradients / gradients[:, -1:])
            deltas = self._over_time(latest, "delta_rms")
            self.delta = _median(deltas[:, 0] / deltas[:, -1])
        error = float(np.median([record.stats.bias_grad_norm[-1] for record in latest]))
        self.share = float(np.median(gradients.max(axis=1))) / error if error else float("nan")
        self.counts = self._counts(records)
        self.bounded = self._bounded(bounded_spread)

    @property
    def ratio(self) -> float:
        """First over last hidden layer's weight gradient; 0 and Inf are what they are, NaN for 0/0."""
        return float(self.ratios[0])

    def _over_time(self, records: Sequence[StepRecord], name: str) -> Vector:
        return np.stack([getattr(record.stats, name)[: self.depth] for record in records])

    def _bounded(self, bounded_spread: float) -> Mask:
        if self.spec is not None:
            rules = [ACTIVATIONS[name].saturation for name in self.spec.activations]
            return np.array([np.isfinite(rule).all() for rule in rules], dtype=bool)
        spread, mean = self.stats.activation_std[: self.depth], self.stats.activation_mean[: self.depth]
        silent = (spread == 0) & (mean == 0)  # a ReLU that answers nothing; a flat end would have a mean
        return np.asarray((self.stats.pre_activation_std[: self.depth] > bounded_spread * spread) & ~silent, dtype=bool)

    def _counts(self, records: Sequence[StepRecord]) -> list[int] | None:
        counted = (record.stats.distinct_units for record in reversed(records))
        distinct = next((counts for counts in counted if counts is not None), None)
        if distinct is not None:
            return [int(count) for count in distinct[: self.depth]]
        return [len(np.unique(weight, axis=0)) for weight in self.weights[: self.depth]] if self.weights else None

    def symmetric(self, limit: int) -> Mask:
        """Return which hidden layers have at most `limit` different units, and more units than that."""
        if self.counts is None:
            return np.zeros(self.depth, dtype=bool)
        if self.spec is not None:
            widths = list(self.spec.sizes[1:-1])
        elif self.weights:
            widths = [len(weight) for weight in self.weights[: self.depth]]
        else:
            widths = [limit + 1] * self.depth  # unknown: taken for more than one
        return np.array([count <= limit < width for count, width in zip(self.counts, widths, strict=True)])


def _medians(values: Vector) -> Vector:
    """Return for each column the median of what is a number, NaN if nothing is; ten times faster than nanmedian."""
    ordered = np.sort(values, axis=0)  # NaN last
    known = len(values) - np.isnan(values).sum(axis=0)
    columns = np.arange(values.shape[1])
    middle = (
        ordered[np.maximum(known - 1, 0) // 2, columns] + ordered[np.minimum(known // 2, len(values) - 1), columns]
    ) / 2
    return np.where(known > 0, middle, np.nan)


def _median(values: Vector) -> float:
    return float(_medians(values[:, None])[0])
