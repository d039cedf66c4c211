"""Does the start keep the activations alive, and does that save time? Ten tanh layers at five scales of weights."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import digits, steps_to
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

GAINS = (0.25, 0.5, 1.0, 2.0, 4.0)
DEPTH, STEPS, SEEDS = 10, 400, 3
# Half of what guessing among ten digits costs, ln(10)/2.
TARGET = float(np.log(10) / 2)


def experiment(seed: int) -> Result:
    """Compare the gains: spread of the activations at the start, steps to half the loss of guessing."""
    specs = [
        gc.NetworkSpec((64, *(32,) * DEPTH, 10), "tanh", initializer="lecun_normal", gain=gain, dtype="float32")
        for gain in GAINS
    ]
    training = gc.TrainingSpec(learning_rate=0.05, steps=STEPS, record_every=5, test_every=STEPS)
    records = list(gc.compare(specs, training, digits(), seeds=range(seed, seed + SEEDS)))
    steps = np.array([record.step for record in records])
    losses = np.array([np.median(record.loss, axis=1) for record in records])
    spreads = np.median(records[0].stats.activation_std[:, :, :DEPTH], axis=1)
    needed = [steps_to(losses[:, at], steps, TARGET) for at in range(len(GAINS))]
    fastest = int(np.argmin([np.inf if one is None else one for one in needed]))
    outcome = 0 if fastest < 2 else 2 if fastest == len(GAINS) - 1 else 1
    told = [
        f"gain {gain:g} {'not in ' + str(STEPS) if one is None else 'after ' + str(one)}"
        for gain, one in zip(GAINS, needed, strict=True)
    ]
    headline = f"Steps to half the loss of guessing: {', '.join(told)}."
    sentence = (
        f"At gain 1 the spread in layer {DEPTH} is {readable(spreads[2, -1])}; at gain 0.25 it is "
        f"{readable(spreads[0, -1])}, at gain 4 {readable(spreads[4, -1])}, where tanh is pinned at ±1."
    )
    lines = {f"gain {gain:g}": spread for gain, spread in zip(GAINS, spreads, strict=True)}
    figure = figures.by_layer(lines, "Activations at the start", "std of activations")
    table: Columns = {
        "gain": list(GAINS),
        "std_layer_1": spreads[:, 0].tolist(),
        f"std_layer_{DEPTH}": spreads[:, -1].tolist(),
        "steps_needed": needed,
    }
    return Result(outcome, headline, Card("forward_signal", figure, sentence, table))
