"""Timing: who is compared takes turns, in CPU time, and only what was measured in one round is divided."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

# A run between two readings of the clock has this many steps at least, so that our one record in it is next to nothing.
STEPS = 60
FEWER_STEPS = 20
QUICK_STEPS = 10

Key = TypeVar("Key")


@dataclass(frozen=True)
class Effort:
    """How often to measure, and how long a measurement takes at least, in CPU seconds of our engine and in steps."""

    rounds: int
    seconds: float
    steps: int

    @property
    def shorter(self) -> Effort:
        """The same with fewer steps, for networks so large that a record among them does not count."""
        return replace(self, steps=min(self.steps, FEWER_STEPS))


WHOLE = Effort(rounds=11, seconds=0.06, steps=STEPS)
QUICK = Effort(rounds=3, seconds=0.01, steps=QUICK_STEPS)


@dataclass(frozen=True)
class Spread:
    """Median and quartiles of something that was measured once a round."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.low)}–{number(self.high)})"


def number(value: float) -> str:
    """Return a number with three digits, without an exponent."""
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value and math.isfinite(value) else 0
    return f"{value:.{min(digits, 2)}f}"


def spread(values: Sequence[float]) -> Spread:
    """Return median and quartiles."""
    low, median, high = np.percentile(values, (25, 50, 75))
    return Spread(float(median), float(low), float(high))


def paired(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Return the spread of the ratios of what was measured in the same round."""
    return spread([a / b for a, b in zip(above, below, strict=True)])


def interleave(runs: Mapping[Key, Callable[[], object]], rounds: int) -> dict[Key, list[float]]:
    """Return the CPU seconds of each run in each round, A B C A B C …, after one that is not counted."""
    for run in runs.values():
        run()
    seconds: dict[Key, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.process_time()
            run()
            seconds[name].append(time.process_time() - start)
    return seconds


def epochs_lasting(run: Callable[[int], object], batches: int, effort: Effort) -> int:
    """Return for how many epochs of so many batches `run` has to train to be a measurement."""
    epochs = math.ceil(effort.steps / batches)
    while True:
        start = time.process_time()
        run(epochs)
        spent = time.process_time() - start
        if spent >= effort.seconds:
            return epochs
        epochs = min(10 * epochs, math.ceil(1.2 * epochs * effort.seconds / max(spent, 1e-6)))
