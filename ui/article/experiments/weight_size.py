"""How large are the weights of a good start? He's, for 784 inputs: entries beside singular values."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import percent, readable
from ui.article.passes import normal_batch, one_pass
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

FAN_IN, FAN_OUT = 784, 256
SPEC = gc.NetworkSpec((FAN_IN, FAN_OUT, 10), "relu", initializer="he_normal")
OPTIONS = np.array([1.0, 0.05, 0.001])


def experiment(seed: int) -> Result:
    """Look at the weights, at the matrix's singular values, and at what comes out for what goes in."""
    x, y = normal_batch(seed, FAN_IN, 256)
    seen = one_pass(SPEC, seed, x, y)
    weight = seen.net.weights[0]
    typical, largest = float(weight.std()), float(np.abs(weight).max())
    singular = np.linalg.svd(weight, compute_uv=False)
    kept = float(seen.activation_rms[0] / np.sqrt(np.mean(x**2)))
    outcome = int(np.argmin(np.abs(np.log(OPTIONS / typical))))
    headline = (
        f"A typical weight is {readable(typical)}, the largest of {weight.size:,} is {readable(largest)}: "
        f"{percent(float(np.mean(np.abs(weight) > 0.5)))} are above 0.5. Still the signal comes out "
        f"{readable(kept)} times as large as it went in."
    )
    sentence = (
        "What is near 1 is what the whole matrix multiplies a signal by: its singular values run from "
        f"{readable(singular.min())} to {readable(singular.max())}."
    )
    figure = figures.histogram(
        {"weights": weight, "singular values": singular}, "He's start for 784 inputs", "size", {"one": 1.0}
    )
    table: Columns = {
        "of": ["std of weights", "largest weight", "smallest singular value", "largest singular value", "rms out/in"],
        "value": [typical, largest, float(singular.min()), float(singular.max()), kept],
    }
    return Result(outcome, headline, Card("weight_size", figure, sentence, table))
