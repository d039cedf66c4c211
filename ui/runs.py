"""Runs in training, kept for each visitor: trained a moment at a time, whenever the browser asks for more."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

import gradcore as gc
from gradcore.diagnosis.evidence import WINDOW
from gradcore.records.distinct_units import distinct_units
from ui import data_sets, state
from ui.experiment import Experiment
from ui.history import History
from ui.snapshots import Album, Camera, Snapshot

# A visitor's share of a moment: long enough to be worth the message, short enough that a click never waits for it.
CHUNK_SECONDS = 0.2
# Steps between two frames of a run that is trained up to where it is known already.
FRAME_STEPS = 5
# A frame is due after so long even if fewer steps were made than the visitor's speed asks for.
FRAME_SECONDS = 0.05
# Frames in one message at most.
CHUNK_FRAMES = 24
# How often units that differ are counted: before the first update, where they start equal, and now and then.
COUNT_UNITS_EVERY = 25
# Changes of the learning rate in mid-run that a link can hold.
MAX_CHANGES = 16

# Verdicts kept for a panel that has not shown them yet.
KEPT_VERDICTS = 100

_identities = count(1)


class LiveRun:
    """An experiment in training, with what is kept of it.

    Attributes
    ----------
    identity : int
        Differs between any two runs of the server.
    experiment : Experiment
        With the learning rate now in force.
    first_rate : float
        The learning rate that it started with.
    changes : list of (step, rate)
        Steps from which on another learning rate held.
    history, album
        Its records and its snapshots.
    verdicts, snapshots
        Of the last moment: by step, and in order.
    shown : int
        The last step that the visitor is known to have seen, −1 at first.
    paused : bool
        Whether a panel that does not know the run yet shows it at rest.
    recorded : int
        Up to which step the panel plays a recording, −1 if it plays none.
    note : str
        What the visitor should know about how it came to be.
    rests_at : int or None
        The step at which its story is told: the panel rests there once.
    powers : (float, float)
        Least and largest power of ten that a layer's gradient has had, of those that are one.
    first_loss, largest_loss : float
        Of the mini-batches so far.
    """

    def __init__(
        self,
        experiment: Experiment,
        thresholds: gc.Thresholds | None = None,
        note: str = "",
        alone: bool = True,
        rests_at: int | None = None,
    ) -> None:
        data = data_sets.load(experiment.dataset, experiment.noise)
        self.identity = next(_identities)
        self.experiment, self.thresholds, self.note = experiment, thresholds, note
        self.first_rate = experiment.tspec.learning_rate
        self.changes: list[tuple[int, float]] = []
        self.run = gc.Run(experiment.spec, experiment.tspec, data, experiment.seed)
        self.history, self.album = History(experiment.spec.depth + 1), Album()
        self.camera = Camera(experiment, data, whole=alone)
        self.shown, self.paused, self.recorded, self.rests_at = -1, False, -1, rests_at
        self.powers, self.first_loss, self.largest_loss = (0.0, 0.0), 0.0, 0.0
        self.verdicts: dict[int, gc.Verdict] = {}
        self.snapshots: list[Snapshot] = []
        self._judged: deque[tuple[int, gc.Verdict]] = deque(maxlen=KEPT_VERDICTS)
        self._window: deque[gc.StepRecord] = deque(maxlen=WINDOW)
        self._counted: gc.StepRecord | None = None

    @property
    def trained(self) -> int:
        """The last step that was trained, −1 if none was."""
        return self.run.step - 1

    def new_moment(self) -> None:
        """Forget what was new in the last moment."""
        self.verdicts, self.snapshots = {}, []

    def advance(self, frame: bool) -> None:
        """Train one step; at a `frame`, and at the last step, judge it and take its snapshot."""
        record = self.run.advance()
        if record.step % COUNT_UNITS_EVERY == 0:
            record = replace(record, stats=replace(record.stats, distinct_units=distinct_units(self.run.trace)))
            self._counted = record
        self.history.add(record)
        self._window.append(record)
        self._widen(record)
        if frame or self.run.finished:
            self.verdicts[record.step] = self.verdict()
            self._judged.append((record.step, self.verdicts[record.step]))
            self.snapshots.append(self.camera.take(self.run, record.step))
            self.album.add(self.snapshots[-1])

    def _widen(self, record: gc.StepRecord) -> None:
        """Note how far the axes have to reach."""
        rms = record.stats.grad_rms
        known = rms[(rms > 0) & np.isfinite(rms)]
        if len(known):
            low, high = math.log10(known.min()), math.log10(known.max())
            self.powers = (min(self.powers[0], low), max(self.powers[1], high))
        if record.step == 0:
            self.first_loss = record.loss
        if record.loss > self.largest_loss:
            self.largest_loss = record.loss

    def verdicts_from(self, step: int) -> dict[int, gc.Verdict]:
        """Return the verdict in force at `step`, and the later ones at theirs, as far as they are kept."""
        later = {at: verdict for at, verdict in self._judged if at > step}
        in_force = [verdict for at, verdict in self._judged if at <= step]
        return {step: in_force[-1], **later} if in_force else later

    def verdict(self) -> gc.Verdict:
        """Return the gravest verdict on the latest records."""
        # Units are counted now and then only: the last count goes before the window, unless it is in it.
        counted = [self._counted] if self._counted and self._counted.step < self._window[0].step else []
        return gc.diagnose([*counted, *self._window], self.experiment.spec, thresholds=self.thresholds)[0]

    def retune(self, experiment: Experiment) -> None:
        """Go on with an experiment that differs only in its learning rate."""
        rate = experiment.tspec.learning_rate
        self.changes = [*(change for change in self.changes if change[0] != self.run.step), (self.run.step, rate)]
        self.note = f"Learning rate {rate:g} from step {self.run.step:,} on."
        self.run.retune(rate)
        self.experiment = experiment

    def restore(self, step: int, changes: Sequence[tuple[int, float]], progress: Callable[[float], None]) -> None:
        """Train up to and including `step`, changing the learning rate where it was changed, and stay there."""
        due = dict(changes)
        reported = time.perf_counter()
        while not self.run.finished and self.run.step <= step:
            if self.run.step in due:
                tspec = replace(self.experiment.tspec, learning_rate=due[self.run.step])
                self.retune(replace(self.experiment, tspec=tspec))
            self.advance(frame=self.run.step == step)
            if time.perf_counter() - reported > CHUNK_SECONDS:
                progress(self.run.step / (step + 1))
                reported = time.perf_counter()
        self.shown, self.paused, self.note = self.run.step - 1, True, ""


def train(runs: Sequence[LiveRun], speed: int) -> int:
    """Train all runs in step for a moment and return the number of new records.

    A frame is due every `speed` steps, and of a slow network more often, so that the picture keeps moving.
    """
    for run in runs:
        run.new_moment()
    new, now = 0, time.perf_counter()
    end, due = now + CHUNK_SECONDS, now + FRAME_SECONDS
    while new < CHUNK_FRAMES * speed and now < end and any(not run.run.finished for run in runs):
        step = max(run.run.step for run in runs)
        frame = step == 0 or (step + 1) % speed == 0 or now > due
        for run in runs:
            if not run.run.finished:
                run.advance(frame)
        new, now = new + 1, time.perf_counter()
        if frame:
            due = now + FRAME_SECONDS
    return new


def trained(runs: Sequence[LiveRun]) -> int:
    """Return the last step that was trained, −1 if none was."""
    return max(run.trained for run in runs)


def is_behind(runs: Sequence[LiveRun], last: int) -> bool:
    """Say whether there are steps to train up to and including step `last`."""
    return trained(runs) < last and any(not run.run.finished for run in runs)


def catch_up(runs: Sequence[LiveRun], last: int) -> bool:
    """Train all runs in step for a moment, up to and including step `last` at most, a frame every `FRAME_STEPS`.

    Returns whether there is more to train.
    """
    end = time.perf_counter() + CHUNK_SECONDS
    while is_behind(runs, last) and time.perf_counter() < end:
        step = trained(runs) + 1
        for run in runs:
            if not run.run.finished:
                run.advance(step == 0 or (step + 1) % FRAME_STEPS == 0)
    return is_behind(runs, last)


def live_runs(
    slot: str,
    experiments: Sequence[Experiment],
    thresholds: gc.Thresholds | None = None,
    rests_at: int | None = None,
) -> list[LiveRun]:
    """Return the visitor's runs in `slot`: those in progress if they are of these experiments, else new ones."""
    runs: list[LiveRun] | None = state.get(slot)
    if runs is None:
        return start(slot, experiments, thresholds, rests_at=rests_at)
    changed = [one for run, one in zip(runs, experiments, strict=True) if run.experiment != one]
    if any(not run.experiment.differs_only_in_rate(one) for run, one in zip(runs, experiments, strict=True)):
        return start(slot, experiments, thresholds, "The settings changed: this is a new run.")
    if (changed or runs[0].thresholds != thresholds) and runs[0].recorded > runs[0].shown:
        runs = _without_recording(slot, runs)
    for run, experiment in zip(runs, experiments, strict=True):
        run.thresholds = thresholds
        if run.experiment != experiment:
            run.retune(experiment)
    return runs


def _without_recording(slot: str, runs: Sequence[LiveRun]) -> list[LiveRun]:
    """Return the runs as they were at the step shown: what is recorded after it does not hold any more."""
    shown, paused = runs[0].shown, runs[0].paused
    again = start(slot, [run.experiment for run in runs], runs[0].thresholds)
    while catch_up(again, shown):
        pass
    for run in again:
        run.shown, run.paused = shown, paused
    if paused:
        state.put(f"{slot}.paused", (again[0].identity, shown))
    return again


def start(
    slot: str,
    experiments: Sequence[Experiment],
    thresholds: gc.Thresholds | None = None,
    note: str = "",
    rests_at: int | None = None,
) -> list[LiveRun]:
    """Start experiments from their first step and keep the runs in the visitor's `slot`."""
    alone = len(experiments) == 1
    runs = [LiveRun(experiment, thresholds, note, alone, rests_at) for experiment in experiments]
    state.put(slot, runs)
    return runs
