"""Is PyTorch's default He's start? Both laws measured, and their signal through twenty ReLU layers."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import normal_batch, one_pass
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

WIDTH, DEPTH = 100, 20
LAWS = {"PyTorch's default": "pytorch_default", "He": "he_normal"}
OPTIONS = np.array([1.0, 1 / 2, 1 / 6])


def experiment(seed: int) -> Result:
    """Compare variances over all hidden layers, and how far the activations still vary with the input."""
    x, y = normal_batch(seed, WIDTH)
    lines, variance = {}, {}
    for label, law in LAWS.items():
        spec = gc.NetworkSpec((WIDTH,) * (DEPTH + 1) + (10,), "relu", initializer=law)
        seen = one_pass(spec, seed, x, y)
        variance[label] = float(np.mean([weight.var() for weight in seen.net.weights[:DEPTH]]))
        # Over the inputs: PyTorch's biases add a part that is the same for all of them.
        lines[label] = np.array([layer.activation.std(axis=1).mean() for layer in seen.trace.layers[:DEPTH]])
    pytorch, he = variance
    ratio = variance[pytorch] / variance[he]
    outcome = int(np.argmin(np.abs(np.log(OPTIONS / ratio))))
    headline = (
        f"PyTorch's weights have a variance of {readable(variance[pytorch])}, He's of {readable(variance[he])}: "
        f"{readable(1 / ratio)} times as much."
    )
    ends = {label: float(line[-1] / line[0]) for label, line in lines.items()}
    sentence = (
        f"After {DEPTH} ReLU layers, {readable(ends[pytorch])} of layer 1's response to the input is left with it, "
        f"{readable(ends[he])} with He's."
    )
    figure = figures.by_layer(lines, "Response to the input", "std over inputs")
    table: Columns = {"law": list(variance), "variance": list(variance.values()), "response_left": list(ends.values())}
    return Result(outcome, headline, Card("pytorch_default", figure, sentence, table))
