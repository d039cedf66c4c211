"""What is kept of a run: recent records whole, older ones thinned out, within a fixed number of bytes.

When the store is full, every second one of the older records goes, so what remains reaches back to the start at
half the resolution. The visitor is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc

BUDGET_BYTES = 1_000_000
# So many of the latest records are never thinned.
RECENT = 60
MIN_CAPACITY = 3 * RECENT

LAYER_FIELDS = (
    "grad_norm",
    "grad_rms",
    "delta_rms",
    "activation_std",
    "saturated_fraction",
    "dead_fraction",
    "update_ratio",
)


@dataclass
class Course:
    """Columns over records: steps (records,), scalars (records,), layer quantities (records, layers)."""

    step: npt.NDArray[np.int64]
    loss: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]
    test_loss: npt.NDArray[np.float64]
    test_accuracy: npt.NDArray[np.float64]
    grad_norm: npt.NDArray[np.float64]
    grad_rms: npt.NDArray[np.float64]
    delta_rms: npt.NDArray[np.float64]
    activation_std: npt.NDArray[np.float64]
    saturated_fraction: npt.NDArray[np.float64]
    dead_fraction: npt.NDArray[np.float64]
    update_ratio: npt.NDArray[np.float64]

    def rows(self, rows: slice) -> Course:
        """Return some of the records, as views."""
        return Course(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def until(self, step: int) -> Course:
        """Return the records up to and including `step`."""
        return self.rows(slice(0, int(np.searchsorted(self.step, step, side="right"))))


class Store:
    """Records in columns, which grow up to their budget.

    Parameters
    ----------
    columns : mapping
        Name → (shape of one record's values, dtype).
    budget : int, optional
        Bytes of all columns, unless that were too few records.
    """

    def __init__(self, columns: Mapping[str, tuple[tuple[int, ...], Any]], budget: int | None = None) -> None:
        sizes = [math.prod(shape) * np.dtype(dtype).itemsize for shape, dtype in columns.values()]
        self.capacity = max(MIN_CAPACITY, (budget or BUDGET_BYTES) // sum(sizes))
        self.count = 0
        self.thinned = False
        # Room for a few at first: most visitors look at many settings and train few of them for long.
        self._columns: dict[str, npt.NDArray[Any]] = {
            name: np.zeros((RECENT, *shape), dtype=dtype) for name, (shape, dtype) in columns.items()
        }

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep one record's values, one for each column."""
        if self.count == self.capacity:
            self._thin()
        elif self.count == len(next(iter(self._columns.values()))):
            self._grow()
        for name, column in self._columns.items():
            column[self.count] = values[name]
        self.count += 1

    def _grow(self) -> None:
        room = min(self.capacity, 2 * self.count)
        for name, column in self._columns.items():
            larger = np.zeros((room, *column.shape[1:]), dtype=column.dtype)
            larger[: self.count] = column
            self._columns[name] = larger

    def _thin(self) -> None:
        old = self.count - RECENT
        kept = np.concatenate([np.arange(0, old, 2), np.arange(old, self.count)])
        for column in self._columns.values():
            column[: len(kept)] = column[kept]
        self.count = len(kept)
        self.thinned = True

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return all kept records' values by column, as views."""
        return {name: column[: self.count] for name, column in self._columns.items()}


class History(Store):
    """A run's records.

    Parameters
    ----------
    layers : int
        Weight layers.
    """

    def __init__(self, layers: int) -> None:
        names = [field.name for field in fields(Course)]
        shapes = [(layers,) if name in LAYER_FIELDS else () for name in names]
        kinds = [np.int64 if name == "step" else np.float64 for name in names]
        super().__init__(dict(zip(names, zip(shapes, kinds, strict=True), strict=True)))

    def add(self, record: gc.StepRecord) -> None:
        """Keep a record."""
        self.put(
            {
                field.name: getattr(record.stats if field.name in LAYER_FIELDS else record, field.name)
                for field in fields(Course)
            }
        )

    def course(self) -> Course:
        """Return all kept records, as views."""
        return Course(**self.columns())
