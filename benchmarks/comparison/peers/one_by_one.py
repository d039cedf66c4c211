"""One run after another: what stacking saves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from benchmarks.comparison.bundles import Bundle
from benchmarks.engine.jobs import Array, Job


class Runner(Protocol):
    """What trains a job."""

    def run(self, epochs: int) -> float:
        """Train for some epochs and return a loss."""


class OneByOne:
    """All runs of a bundle, each by a peer of the engine's benchmark."""

    def __init__(self, bundle: Bundle, make: Callable[[Job], Runner]) -> None:
        self._runners = [make(job) for job in bundle.jobs]

    def run(self, epochs: int) -> Array:
        """Train for some epochs and return what each run's peer returns, (runs,)."""
        return np.array([runner.run(epochs) for runner in self._runners])
