"""Does stochastic gradient descent lower the cost, and how far towards 0? Four hundred steps on the digits."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import percent, readable
from ui.article.passes import trained
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

STEPS = 400
SPEC = gc.NetworkSpec((64, 32, 32, 10), "tanh")


def experiment(seed: int) -> Result:
    """Train, and count the steps after which the mini-batch's loss is higher than before."""
    _, records = trained(SPEC, seed, learning_rate=0.1, steps=STEPS)
    loss, test = (np.array([getattr(record, name) for record in records]) for name in ("loss", "test_loss"))
    rises = float(np.mean(np.diff(loss) > 0))
    first, last = float(loss[:20].mean()), float(loss[-20:].mean())
    outcome = 2 if last > first / 2 else 1 if rises > 0 else 0
    headline = (
        f"The loss fell from {readable(first)} to {readable(last)} (means of 20 mini-batches), although "
        f"{percent(rises)} of the steps ended on a higher one."
    )
    sentence = f"The ideal 0 is never reached: the lowest loss of a mini-batch is {readable(loss.min())}."
    figure = figures.curves(
        np.arange(STEPS), {"mini-batch": loss, "test": test}, "Loss while training", "step", "loss (nats)"
    )
    table: Columns = {"step": list(range(STEPS)), "loss": loss.tolist(), "test_loss": test.tolist()}
    return Result(outcome, headline, Card("descent", figure, sentence, table))
