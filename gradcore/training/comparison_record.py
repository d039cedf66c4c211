"""The record of one step of a comparison: arrays with one entry for each run, NaN where there is no number."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.records.recording import LayerStats
from gradcore.training.lockstep import BatchRecord

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ComparisonRecord:
    """One recorded step of all runs.

    Attributes
    ----------
    step : int
    loss, accuracy, test_loss, test_accuracy : (specs, seeds)
        As in StepRecord; NaN after a run diverged.
    diverged : (specs, seeds) of bool
    stats : LayerStats
        Each (specs, seeds, layers), padded with NaN at the end to the deepest.
    """

    step: int
    loss: Vector
    accuracy: Vector
    test_loss: Vector
    test_accuracy: Vector
    diverged: Mask
    stats: LayerStats


def empty_record(step: int, diverged: Mask, layers: int) -> ComparisonRecord:
    """Return a record of NaN, to be filled in.

    Parameters
    ----------
    step : int
    diverged : (specs, seeds) of bool
        Copied.
    layers : int
        Weight layers of the deepest network.
    """
    loss, accuracy, test_loss, test_accuracy = (np.full(diverged.shape, np.nan) for _ in range(4))
    names = [field.name for field in fields(LayerStats) if field.name != "histograms"]
    by_layer: dict[str, Any] = {name: np.full((*diverged.shape, layers), np.nan) for name in names}
    return ComparisonRecord(step, loss, accuracy, test_loss, test_accuracy, diverged.copy(), LayerStats(**by_layer))


def enter(record: ComparisonRecord, batch_record: BatchRecord, runs: npt.NDArray[np.int64], known: Mask) -> None:
    """Write the record of a batch of networks into a comparison's record.

    Parameters
    ----------
    record : ComparisonRecord
    batch_record : BatchRecord
    runs : (networks, 2)
        Spec number and seed number of each network.
    known : (networks,) of bool
        Which networks to write: those that had not diverged before.
    """
    spec, seed = runs[known].T
    for name in ("loss", "accuracy", "test_loss", "test_accuracy"):
        getattr(record, name)[spec, seed] = getattr(batch_record, name)[known]
    for field in fields(LayerStats):
        values = getattr(batch_record.stats, field.name)
        if values is not None:
            getattr(record.stats, field.name)[spec, seed, : values.shape[-1]] = values[known]
