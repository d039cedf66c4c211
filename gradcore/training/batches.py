"""Mini-batches: the data shuffled once an epoch and cut into equal pieces; a last partial one is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

# Samples gathered at once: enough for many steps, without a copy of all the data for every run.
GATHERED = 256


class Batch(NamedTuple):
    """One mini-batch of n samples, views into the samples gathered last.

    Attributes
    ----------
    inputs : (features + 1, n)
        With a last row of ones.
    targets : (outputs, n)
    signs : (outputs, n) or None
        1 − 2t, where the loss makes use of it.
    """

    inputs: Array
    targets: Array
    signs: Array | None


class Batches:
    """Draws the mini-batches of a run.

    Parameters
    ----------
    x : (samples, features + 1)
        With a last column of ones.
    targets : (samples, outputs)
    signs : (samples, outputs) or None
    size : int
        Samples in a mini-batch, at most as many as there are.
    shuffler : numpy Generator
        Draws one permutation for each epoch.
    """

    def __init__(self, x: Array, targets: Array, signs: Array | None, size: int, shuffler: np.random.Generator) -> None:
        self._shuffler, self._size = shuffler, size
        self.per_epoch = len(x) // size
        gathered = size * max(1, min(self.per_epoch, GATHERED // size))
        parts = [x, targets] if signs is None else [x, targets, signs]
        # Each part as it came, and the samples of the next few steps in their order.
        self._parts = [(part, np.empty_like(part[:gathered])) for part in parts]
        self._batches = []
        for start in range(0, gathered, size):
            views = [ahead[start : start + size].T for _, ahead in self._parts]
            self._batches.append(Batch(views[0], views[1], views[2] if len(views) > 2 else None))
        self._shuffle()

    def _shuffle(self) -> None:
        self._order = self._shuffler.permutation(len(self._parts[0][0]))
        self._gather(0)

    def _gather(self, position: int) -> None:
        # Gathering for several steps at once lets every batch be a contiguous slice; indexing at each step would cost
        # more. Into arrays that stay: fresh ones would cost as much again in page faults.
        order = self._order[position * self._size :][: len(self._batches) * self._size]
        for part, ahead in self._parts:
            np.take(part, order, axis=0, out=ahead[: len(order)], mode="clip")

    def at(self, step: int) -> Batch:
        """Return the step's batch; steps are asked for in their order, the first one as often as one likes."""
        position = step % self.per_epoch
        if position == 0 and step > 0:
            self._shuffle()
        elif position % len(self._batches) == 0 and position > 0:
            self._gather(position)
        return self._batches[position % len(self._batches)]


class Orders:
    """The mini-batches of several seeds as row numbers: each seed gets the samples that `Batches` would give it.

    Parameters
    ----------
    samples : int
    n : int
        In a mini-batch.
    shufflers : sequence of numpy Generator
        One a seed.
    """

    def __init__(self, samples: int, n: int, shufflers: Sequence[np.random.Generator]) -> None:
        self._shufflers = shufflers
        self._samples, self._n, self.per_epoch = samples, n, samples // n
        self._shuffle()

    def _shuffle(self) -> None:
        self._orders = np.stack([shuffler.permutation(self._samples) for shuffler in self._shufflers])

    def batch(self, step: int) -> npt.NDArray[np.int64]:
        """Return each seed's rows, (seeds, n); steps are asked for in their order, the first as often as one likes."""
        position = step % self.per_epoch
        if position == 0 and step > 0:
            self._shuffle()
        return self._orders[:, position * self._n : (position + 1) * self._n]
