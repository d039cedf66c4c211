"""gradcore, through its public `train`."""

from __future__ import annotations

import gradcore as gc
from benchmarks.engine.jobs import Job


class Ours:
    """Training that is measured between two records.

    The first step, which is always recorded, is taken when this is made, so buffers and weights are there before the
    clock runs. With `record_every` the steps of a whole measurement, one record falls into each.
    """

    def __init__(self, job: Job, record_every: int, histogram_every: int | None = None) -> None:
        tspec = job.settings(record_every=record_every, histogram_every=histogram_every)
        self._records = gc.train(job.spec, tspec, job, seed=job.seed)
        self._batches = job.batches
        self._target = 0
        self._loss = next(self._records).loss

    def run(self, epochs: int) -> float:
        """Train for some epochs and return the loss of the last step."""
        self._target += epochs * self._batches
        for record in self._records:
            if record.diverged:
                raise RuntimeError(f"our own run diverged at step {record.step}")
            if record.step >= self._target:
                self._loss = record.loss
                break
        return self._loss
