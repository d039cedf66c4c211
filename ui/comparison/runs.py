"""A comparison in training, kept for each visitor: advanced a moment at a time, whenever the browser asks for more."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.diagnosis.verdicts import diverged
from ui import data_sets, state
from ui.comparison.conclusions import Conclusion, conclude
from ui.comparison.pictures import Camera, Picture
from ui.comparison.records import LAYERED, SCALARS, median_over_seeds, record_of
from ui.comparison.setup import Setup, names, noise, specs, training
from ui.history import Store

CHUNK_SECONDS = 0.2
# Frames in one message at most.
CHUNK_FRAMES = 6
# The test part is looked at, and different units are counted, at least every so many steps.
FULL_EVERY = 10
# Verdicts are judged on the medians of so many of the latest records.
WINDOW = 5
# A run has reached a loss when the mean of so many of its latest recorded mini-batches has.
SMOOTHED = 10
# Steps between frames of a course that is known already.
RESTORE_SPEED = 5
KEPT_PICTURES = 80
KEPT_CONCLUSIONS = 200

Vector = npt.NDArray[np.float64]
_identities = count(1)


@dataclass(frozen=True)
class Judged:
    """What was concluded at a step."""

    step: int
    conclusion: Conclusion


class ComparedRuns:
    """A setup in training, with what is kept of it.

    Attributes
    ----------
    identity : int
        Differs between any two of the server.
    setup : Setup
    names, formulas : list of str
        Of the variants.
    comparison : Comparison
    store : Store
        Its records.
    reached : (variants, seeds) int
        Step from which each run had the target loss, −1 while it has not.
    start_ratios : (variants, seeds)
        First over last hidden layer's gradient at initialization.
    shown : int
        The last step that the visitor is known to have seen, −1 at first.
    paused : bool
    recorded : int
        Up to which step the panel plays a recording, −1 if it plays none.
    note : str
    """

    def __init__(self, setup: Setup, note: str = "") -> None:
        self.identity, self.setup, self.note = next(_identities), setup, note
        self.names, self.specs = names(setup.variants), specs(setup)
        self.formulas = [gc.INITIALIZERS[variant.initializer].formula for variant in setup.variants]
        data = data_sets.load(setup.data, noise(setup))
        self.comparison = gc.Comparison(self.specs, training(setup), data, list(setup.all_seeds))
        variants, seeds, layers = len(setup.variants), setup.seeds, self.comparison.layers
        each, by_layer = (variants, seeds), (variants, layers)
        self.store = Store(
            {
                "step": ((), np.int64),
                **{name: (each, np.float32) for name in ("loss", "accuracy", "test_loss", "test_accuracy")},
                "diverged": (each, np.uint8),
                **{name: (by_layer, np.float32) for name in LAYERED},
            }
        )
        self.reached = np.full(each, -1)
        self.start_ratios: Vector = np.full(each, np.nan)
        self.shown, self.paused, self.recorded = -1, False, -1
        self.judged: deque[Judged] = deque(maxlen=KEPT_CONCLUSIONS)
        self.pictures: deque[Picture] = deque(maxlen=KEPT_PICTURES)
        self.fresh: list[Judged] = []
        self.fresh_pictures: list[Picture] = []
        self._recent: deque[Vector] = deque(maxlen=SMOOTHED)
        self._window: deque[gc.ComparisonRecord] = deque(maxlen=WINDOW)
        self._counts: Any = None
        self._at_work = Lock()
        self._camera = Camera(self.comparison, data)

    @property
    def finished(self) -> bool:
        """Whether there is no further step."""
        return self.comparison.finished

    @property
    def trained(self) -> int:
        """The last step that was trained, −1 if none was."""
        return self.comparison.step - 1

    @property
    def middle_ratios(self) -> Vector:
        """Each variant's median of `start_ratios` over the seeds that have a gradient, NaN if none has."""
        return median_over_seeds(self.start_ratios[..., None], np.zeros(self.start_ratios.shape, dtype=bool))[:, 0]

    def is_behind(self, last: int) -> bool:
        """Say whether there are steps to train up to and including step `last`."""
        return self.trained < last and not self.finished

    def new_moment(self) -> None:
        """Forget what was new in the last moment."""
        self.fresh, self.fresh_pictures = [], []

    def advance(self, until: int, judge: bool = True) -> None:
        """Train up to and including step `until`, record it and take its snapshot."""
        before = self.comparison.step
        last = until >= self.setup.steps - 1
        full = last or before == 0 or until // FULL_EVERY > (before - 1) // FULL_EVERY
        with self._at_work:
            record = self.comparison.advance(until, full)
        self._keep(record)
        if judge or self.finished:
            self._judge(record.step)
            self.fresh_pictures.append(self._camera.take(record.step))
            self.pictures.append(self.fresh_pictures[-1])

    def rest(self) -> None:
        """Take less memory until the next step: a third of it is made anew, in about 4 % of a moment."""
        # A script of this visitor that was stopped in the middle of a step goes on to the step's end.
        if self._at_work.acquire(blocking=False):
            try:
                self.comparison.rest()
            finally:
                self._at_work.release()

    def _keep(self, record: gc.ComparisonRecord) -> None:
        with np.errstate(all="ignore"):
            if record.step == 0:
                for number, spec in enumerate(self.specs):
                    rms = record.stats.grad_rms[number, :, : spec.depth + 1]
                    self.start_ratios[number] = rms[:, 0] / rms[:, max(0, spec.depth - 1)]
            counts: Any = record.stats.distinct_units
            if not np.isnan(counts).all():
                self._counts = counts
            self._recent.append(record.loss)
            smoothed = np.mean(self._recent, axis=0)
            newly = (self.reached < 0) & (smoothed <= self.setup.target_loss) & (len(self._recent) == SMOOTHED)
            self.reached[newly] = record.step
            values: dict[str, Any] = {name: getattr(record, name) for name in SCALARS}
            for name, source in LAYERED.items():
                values[name] = median_over_seeds(getattr(record.stats, source), record.diverged)
            if self._counts is not None:
                values["distinct"] = median_over_seeds(self._counts, record.diverged)
            self.store.put({"step": record.step, "diverged": record.diverged, **values})
        self._window.append(record)

    def _judge(self, step: int) -> None:
        verdicts = [self._verdicts(number) for number in range(len(self.specs))]
        setup = self.setup
        conclusion = conclude(self.names, verdicts, self.reached, setup.target_loss, setup.steps, self.finished)
        self.fresh.append(Judged(step, conclusion))
        self.judged.append(self.fresh[-1])

    def _verdicts(self, number: int) -> list[gc.Verdict]:
        """Return the gravest verdict on each seed of a variant."""
        spec, layers = self.specs[number], self.specs[number].depth + 1
        ends = self.comparison.diverged_at
        found = []
        for seed in range(self.setup.seeds):
            if (number, seed) in ends:
                step, where = ends[number, seed]
                found.append(diverged(step, *where))
                continue
            records = [record_of(record, number, seed, layers, self._counts) for record in self._window]
            found.append(gc.diagnose(records, spec)[0])
        return found

    def restore(self, step: int, progress: Callable[[float], None]) -> None:
        """Train up to and including `step`, recording on the way as a visitor would see it, and stay there."""
        reported = time.perf_counter()
        try:
            while not self.finished and self.comparison.step <= step:
                until = min(step, _next_frame(self.comparison.step, RESTORE_SPEED))
                self.advance(until, judge=until >= step)
                if time.perf_counter() - reported > CHUNK_SECONDS:
                    progress(self.comparison.step / (step + 1))
                    reported = time.perf_counter()
        finally:  # a visitor who leaves in the middle breaks it off inside of `progress`
            self.rest()
        self.shown, self.paused, self.note = self.comparison.step - 1, True, ""


def _next_frame(step: int, speed: int) -> int:
    """Return the step of the next frame: the first one, then every `speed` steps."""
    return step if step == 0 else -(-(step + 1) // speed) * speed - 1


def train(runs: ComparedRuns, speed: int, frames: int = CHUNK_FRAMES) -> int:
    """Train for a moment, at most so many frames, and return the number of new records."""
    runs.new_moment()
    new, end = 0, time.perf_counter() + CHUNK_SECONDS
    while new < frames and not runs.finished and (new == 0 or time.perf_counter() < end):
        runs.advance(_next_frame(runs.comparison.step, speed))
        new += 1
    runs.rest()
    return new


def catch_up(runs: ComparedRuns, last: int) -> bool:
    """Train for a moment, up to and including step `last` at most, a frame every `RESTORE_SPEED` steps.

    Returns whether there is more to train.
    """
    end = time.perf_counter() + CHUNK_SECONDS
    while runs.is_behind(last) and time.perf_counter() < end:
        runs.advance(min(last, _next_frame(runs.comparison.step, RESTORE_SPEED)))
    runs.rest()
    return runs.is_behind(last)


def compared_runs(slot: str, setup: Setup) -> ComparedRuns:
    """Return the visitor's comparison in `slot`: that in progress if it is of this setup, else a new one."""
    runs: ComparedRuns | None = state.get(slot)
    if runs is not None and runs.setup == setup:
        return runs
    return start(slot, setup, "" if runs is None else "The settings changed: this is a new comparison.")


def start(slot: str, setup: Setup, note: str = "") -> ComparedRuns:
    """Start a setup from its first step and keep it in the visitor's `slot`."""
    state.put(slot, None)  # the old one's memory goes first
    runs = ComparedRuns(setup, note)
    state.put(slot, runs)
    return runs
