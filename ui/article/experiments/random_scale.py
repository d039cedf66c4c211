"""Is a random start enough for ReLU? The same draws at three scales through ten layers."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import normal_batch, one_pass
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

WIDTH, DEPTH = 100, 10
HE = float(np.sqrt(2 / WIDTH))
SCALES = {"randn × 1": 1.0, "randn × 0.01": 0.01, "randn × √(2/100)": HE}
# Powers of ten at which the options change: "about as large", "within a thousand", "over a million".
LIMITS = (0.5, 3.0)


def experiment(seed: int) -> Result:
    """Measure the activations' root mean square in every layer, against the inputs'."""
    x, y = normal_batch(seed, WIDTH)
    inputs = float(np.sqrt(np.mean(x**2)))
    lines = {}
    for name, gain in SCALES.items():
        spec = gc.NetworkSpec((WIDTH,) * (DEPTH + 1) + (10,), "relu", initializer="normal", gain=gain)
        lines[name] = one_pass(spec, seed, x, y).activation_rms[:DEPTH] / inputs
    factors = {name: float(line[-1]) for name, line in lines.items()}
    power = min(abs(float(np.log10(factors[name]))) for name in list(SCALES)[:2])
    outcome = 0 if power < LIMITS[0] else 1 if power < LIMITS[1] else 2
    told = "; ".join(f"{name}: {readable(factor)}" for name, factor in factors.items())
    headline = f"After ten layers the signal is multiplied by {told}."
    sentence = (
        f"The draws are the same. Only the scale differs, and only {readable(HE)} = √(2/{WIDTH}) carries the signal "
        "through."
    )
    figure = figures.by_layer(lines, "Random weights at three scales", "activations, rms")
    table: Columns = {"scale": list(factors), "factor": list(factors.values())}
    return Result(outcome, headline, Card("random_scale", figure, sentence, table))
