"""Is a bias always 1? The biases of a small network before and after training."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import trained
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

STEPS = 400
SPEC = gc.NetworkSpec((64, 32, 32, 10), "relu", initializer="he_normal")
# A bias this close to 1 would be called 1.
NEAR = 0.005


def experiment(seed: int) -> Result:
    """Train on the digits and look at every bias, and at the constant input that biases are the weights of."""
    before = np.concatenate(gc.build(SPEC, seed).biases)
    run, _ = trained(SPEC, seed, learning_rate=0.1, steps=STEPS, record_every=STEPS)
    after = np.concatenate(run.net.biases)
    constant = run.trace.layers[0].with_ones[-1]
    ones = int(np.sum(np.abs(after - 1) < NEAR))
    outcome = 0 if np.all(after == 1) else 2 if np.all(before == 1) else 1
    headline = (
        f"Of {len(after)} biases {ones or 'none'} {'is' if ones < 2 else 'are'} 1: all start at "
        f"{'exactly 0' if not before.any() else readable(float(np.median(before)))} and lie between "
        f"{readable(after.min())} and {readable(after.max())} after {STEPS} steps."
    )
    sentence = (
        f"What is always 1 is the input that a bias is the weight of: from {readable(constant.min())} to "
        f"{readable(constant.max())} over a whole batch."
    )
    figure = figures.histogram(
        {f"biases after {STEPS} steps": after}, "Biases after training", "bias", {"start": 0.0, "constant input": 1.0}
    )
    table: Columns = {"bias": list(range(1, len(after) + 1)), "before": before.tolist(), "after": after.tolist()}
    return Result(outcome, headline, Card("bias", figure, sentence, table))
