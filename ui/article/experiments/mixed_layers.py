"""May every layer have another activation, and are the outputs probabilities? One such network, one digit."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import percent, readable
from ui.article.passes import digits, trained
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

HIDDEN = ("tanh", "relu", "elu", "softsign")
SPEC = gc.NetworkSpec((64, 32, 32, 32, 32, 10), HIDDEN)
STEPS = 600
# How far a sum of ten float64 probabilities may be from 1.
ROUNDING = 1e-12


def experiment(seed: int) -> Result:
    """Train, and ask for the ten outputs of one test digit."""
    run, records = trained(SPEC, seed, learning_rate=0.1, steps=STEPS, record_every=STEPS)
    data = digits()
    assert data.x_test is not None
    assert data.y_test is not None
    outputs = gc.predict(run.net, data.x_test)
    away = float(np.abs(outputs.sum(axis=1) - 1).max())
    accuracy = records[-1].test_accuracy
    outcome = 0 if accuracy < 0.5 else 1 if away < ROUNDING else 2
    one = seed % len(outputs)
    likeliest, truth = int(outputs[one].argmax()), int(data.y_test[one])
    headline = (
        f"It learns: {percent(accuracy)} of the test digits are right. This digit is {truth}; the network says "
        f"{likeliest} with probability {readable(outputs[one].max())}."
    )
    sentence = (
        f"Over all {len(outputs)} test digits the ten outputs add up to 1 within {readable(away)}: softmax makes "
        "them so, whatever is below it."
    )
    figure = figures.bars(
        {"probability": {str(digit): float(p) for digit, p in enumerate(outputs[one])}},
        f"Probabilities for test digit {one + 1}", "probability", log=True,
    )  # fmt: skip
    table: Columns = {"digit": list(range(10)), "probability": outputs[one].tolist()}
    return Result(outcome, headline, Card("mixed_layers", figure, sentence, table))
