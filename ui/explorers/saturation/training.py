"""The saturation explorer's network in training, from the weights that were dragged to."""

from __future__ import annotations

import time

import gradcore as gc
from ui import state
from ui.explorers.explorer import Question
from ui.explorers.inputs import examples
from ui.explorers.saturation.setup import Settings, network

BATCH = 10
# Steps between two looks at the clock, and how long the browser waits for one picture.
EVERY, SECONDS = 5, 0.03
STEPS = 20_000


class Training:
    """A run of the visitor's.

    Attributes
    ----------
    net : Network
    step : int
    loss : float
        Of the last mini-batch that was looked at.
    """

    def __init__(self, settings: Settings, gain: float) -> None:
        self.settings, self.gain, self.loss = settings, gain, float("nan")
        tspec = gc.TrainingSpec(settings.rate, BATCH, STEPS, record_every=EVERY)
        self._run = gc.Run(settings.spec, tspec, examples(settings.inputs), settings.seed)
        self.net = self._run.net
        self.net.parameters[:] = network(settings, gain).parameters

    @property
    def step(self) -> int:
        """The next step."""
        return self._run.step

    @property
    def diverged(self) -> bool:
        """Whether numbers ran out of range."""
        return self._run.diverged

    def advance(self) -> None:
        """Train for a moment."""
        end = time.perf_counter() + SECONDS
        while not self._run.finished:
            self.loss = self._run.advance().loss
            if time.perf_counter() > end:
                return


def training(settings: Settings, question: Question) -> Training | None:
    """Return the visitor's run, one moment on if the panel asks for it ("train"); None where it only drags.

    What is dragged ends it, except for what only looks elsewhere ("look").
    """
    name, event, gain = f"{question.slot}.training", question.event, question.values["gain"]
    known: Training | None = state.get(name)
    if known is not None and (known.settings, known.gain) != (settings, gain):
        known = None
    if event.get("train") is True:
        known = known or Training(settings, gain)
        known.advance()
    elif event.get("reset") is True:
        known = None
    state.put(name, known)
    return known
