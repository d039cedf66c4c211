"""Does a heuristic start help? Three starts of one ReLU network, same data, same batches, same draws."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import percent
from ui.article.passes import digits, steps_to
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

STARTS = {"randn × 1": ("normal", 1.0), "randn × 0.01": ("normal", 0.01), "He": ("he_normal", None)}
DEPTH, STEPS, SEEDS, EVERY = 10, 400, 3, 5
TARGET = float(np.log(10) / 2)


def experiment(seed: int) -> Result:
    """Compare the starts: steps to half the loss of guessing, and the accuracy at the end."""
    specs = [
        gc.NetworkSpec((64, *(32,) * DEPTH, 10), "relu", initializer=name, gain=gain, dtype="float32")
        for name, gain in STARTS.values()
    ]
    training = gc.TrainingSpec(learning_rate=0.05, steps=STEPS, record_every=EVERY, test_every=STEPS - 1)
    records = list(gc.compare(specs, training, digits(), seeds=range(seed, seed + SEEDS)))
    steps = np.array([record.step for record in records])
    # A run that diverged has no loss from then on; the median over seeds is then none, either.
    losses = {name: np.array([np.median(record.loss[at]) for record in records]) for at, name in enumerate(STARTS)}
    needed = {name: steps_to(loss, steps, TARGET) for name, loss in losses.items()}
    diverged = dict(zip(STARTS, records[-1].diverged.sum(axis=1).tolist(), strict=True))
    accuracy = [float(np.median(one)) for one in records[-1].test_accuracy]
    fastest = int(np.argmin([np.inf if one is None else one for one in needed.values()]))
    told = [_told(name, needed[name], diverged[name]) for name in STARTS]
    headline = f"Half the loss of guessing: {'; '.join(told)}."
    ends = ", ".join(
        f"{name} {'none' if np.isnan(one) else percent(one)}" for name, one in zip(STARTS, accuracy, strict=True)
    )
    sentence = f"Test accuracy after {STEPS} steps (median of {SEEDS} seeds): {ends}."
    figure = figures.curves(steps, losses, "Loss from three starts", "step", "loss (nats)", log=True)
    table: Columns = {
        "start": list(STARTS),
        "steps_needed": list(needed.values()),
        "diverged_runs": list(diverged.values()),
        "test_accuracy": accuracy,
    }
    return Result(fastest, headline, Card("heuristics", figure, sentence, table))


def _told(name: str, steps: int | None, diverged: int) -> str:
    if steps is not None:
        return f"{name} in {steps} steps"
    return f"{name} never, {diverged} of {SEEDS} runs diverged" if diverged else f"{name} not in {STEPS} steps"
