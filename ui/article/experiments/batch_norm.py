"""Does batch normalization cure exploding gradients? One deep ReLU network with it and without, untrained."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import digits, one_pass
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

DEPTH, WIDTH, BATCH = 30, 64, 128
# Yang et al. 2019: with batch normalization and ReLU, the gradient's square grows by π/(π−1) a layer.
THEORY = float(np.sqrt(np.pi / (np.pi - 1)))
# Beyond these factors it has exploded or vanished.
EXPLODED, VANISHED = 20.0, 0.05


def experiment(seed: int) -> Result:
    """Send one batch of digits through both and back; compare the gradient at the first and the last hidden layer."""
    data = digits()
    lines, ratios = {}, {}
    for label, normalization in (("without", None), ("with batch normalization", "batch")):
        spec = gc.NetworkSpec((64, *(WIDTH,) * DEPTH, 10), "relu", initializer="he_normal", normalization=normalization)
        norms = one_pass(spec, seed, data.x[:BATCH], data.y[:BATCH]).grad_rms[:DEPTH]
        lines[label], ratios[label] = norms / norms[-1], float(norms[0] / norms[-1])
    without, with_it = ratios.values()
    outcome = 2 if with_it > EXPLODED else 1 if with_it < VANISHED else 0
    headline = (
        f"With batch normalization layer 1 gets {readable(with_it)} times the gradient of layer {DEPTH}; without it, "
        f"{readable(without)} times."
    )
    sentence = (
        f"That is a factor of {readable(with_it ** (1 / (DEPTH - 1)))} a layer; theory says {readable(THEORY)} "
        "(√(π/(π−1)), Yang et al. 2019)."
    )
    figure = figures.by_layer(lines, "Gradient before any training", "∂loss/∂W against the last")
    table: Columns = {"network": list(ratios), "first_against_last": list(ratios.values())}
    return Result(outcome, headline, Card("batch_norm", figure, sentence, table))
