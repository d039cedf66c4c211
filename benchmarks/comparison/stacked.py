"""gradcore's lockstep, through its public `compare`."""

from __future__ import annotations

from typing import Any

import numpy as np

import gradcore as gc
from benchmarks.comparison.bundles import Bundle
from benchmarks.engine.jobs import Array


class Stacked:
    """All runs of a bundle at once, measured between two records as `Ours` is in the engine's benchmark.

    Parameters
    ----------
    bundle : Bundle
    record_every : int
        Steps; they divide those of an epoch or are those of a whole measurement.
    data : Data, optional
        Instead of the bundle's, as many samples: with a test part.
    intervals
        Others of the training's.
    """

    def __init__(self, bundle: Bundle, record_every: int, data: gc.Data | None = None, **intervals: Any) -> None:
        tspec = bundle.job.settings(record_every=record_every, **intervals)
        self._records = gc.compare(bundle.specs, tspec, data or bundle.job, bundle.seeds)
        self._batches, self._target = bundle.batches, 0
        self._losses = next(self._records).loss

    def run(self, epochs: int) -> Array:
        """Train for some epochs and return the losses of the last recorded step, (runs,)."""
        self._target += epochs * self._batches
        for record in self._records:
            if record.diverged.any():
                raise RuntimeError(f"{record.diverged.sum()} of our own runs diverged by step {record.step}")
            if record.step >= self._target:
                self._losses = record.loss
                break
        return np.ravel(self._losses)
