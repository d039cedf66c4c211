"""Runs in training, one a visitor and screen: trained a moment at a time, whenever the browser asks for more."""

from __future__ import annotations

import time
from collections import deque
from itertools import count

import gradcore as gc
from gradcore.diagnosis import WINDOW
from ui import state
from ui.experiment import Experiment, load
from ui.history import History

# A visitor's share of a moment: long enough to be worth the message, short enough that a click never waits for it.
CHUNK_SECONDS = 0.1
# Records in one message at most: twelve frames of five steps.
CHUNK_RECORDS = 60

_identities = count(1)


class LiveRun:
    """An experiment in training, with its records.

    Attributes
    ----------
    identity : int
        Differs between any two runs of the server.
    history : History
        Its records.
    verdicts : dict
        Step → verdict, of the last chunk.
    shown : int
        The last step that the visitor is known to have seen, −1 at first.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.identity = next(_identities)
        self.experiment = experiment
        self.run = gc.Run(experiment.spec, experiment.tspec, load(experiment.dataset), experiment.seed)
        self.history = History(experiment.spec.depth + 1)
        self.shown = -1
        self.verdicts: dict[int, gc.Verdict] = {}
        self._window: deque[gc.StepRecord] = deque(maxlen=WINDOW)
        self._counted: gc.StepRecord | None = None

    def train(self, verdict_every: int) -> int:
        """Train for a moment and return the number of new records; 0 if the run is finished.

        Every `verdict_every`-th step is judged, the first and the last one always.
        """
        self.verdicts = {}
        new = 0
        end = time.perf_counter() + CHUNK_SECONDS
        while not self.run.finished and new < CHUNK_RECORDS:
            record = self.run.advance()
            self.history.add(record)
            self._look_at(record)
            if record.step % verdict_every == 0 or self.run.finished:
                self.verdicts[record.step] = self._verdict()
            new += 1
            if time.perf_counter() > end:
                break
        return new

    def _look_at(self, record: gc.StepRecord) -> None:
        self._window.append(record)
        if record.stats.distinct_units is not None:
            self._counted = record

    def _verdict(self) -> gc.Verdict:
        # Units are counted now and then only: the last count goes before the window, unless it is in it.
        counted = [self._counted] if self._counted and self._counted.step < self._window[0].step else []
        return gc.diagnose([*counted, *self._window], self.experiment.spec)[0]

    def retune(self, experiment: Experiment) -> None:
        """Go on with an experiment that differs only in its learning rate."""
        self.run.retune(experiment.tspec.learning_rate)
        self.experiment = experiment


def live_run(slot: str, experiment: Experiment) -> LiveRun:
    """Return the visitor's run in `slot`: the one in progress if it is of this experiment, else a new one."""
    run: LiveRun | None = state.get(slot)
    if run is not None and run.experiment == experiment:
        return run
    if run is not None and run.experiment.differs_only_in_rate(experiment):
        run.retune(experiment)
        return run
    return start(slot, experiment)


def start(slot: str, experiment: Experiment) -> LiveRun:
    """Start an experiment from its first step and keep it in the visitor's `slot`."""
    run = LiveRun(experiment)
    state.put(slot, run)
    return run
