"""Does He's rule keep the signal? A thousand draws of one narrow network: the mean, and the typical one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.numbers import percent, readable
from ui.article.passes import normal_batch
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

Array = npt.NDArray[np.float64]

WIDTH, DEPTH, DRAWS = 16, 10, 1000
SPEC = gc.NetworkSpec((WIDTH,) * (DEPTH + 1) + (2,), "relu", initializer="he_normal")
# Hanin & Nica 2020: ln of the squared size is about normal, with mean −5β/2; β = Σ 1/width.
THEORY = -5 / 2 * DEPTH / WIDTH
SHRUNK, GROWN = 0.6, 1.7


def experiment(seed: int) -> Result:
    """Measure ‖a‖²/‖x‖² after ten layers, for many draws of the weights."""
    x = normal_batch(seed, WIDTH, 1)[0]
    # The draws of two visitors' seeds do not overlap.
    seeds = range(seed * DRAWS, (seed + 1) * DRAWS)
    kept = np.array([_squared_size(draw, x) for draw in seeds]) / float(np.sum(x**2))
    mean, median = float(kept.mean()), float(np.median(kept))
    outcome = 1 if median < SHRUNK else 2 if median > GROWN else 0
    headline = (
        f"On average {readable(mean)} of the squared signal is left, as He's rule promises 1; the typical network "
        f"keeps {readable(median)}, and {percent(float(np.mean(kept < 0.5)))} keep less than half."
    )
    alive = kept[kept > 0]
    logs = float(np.log(alive).mean())
    sentence = (
        f"A few large ones carry the mean. The mean of the logarithm is {readable(logs)}; theory for wide layers "
        f"(Hanin & Nica 2020): −5β/2 = {readable(THEORY)}."
    )
    marks = {"mean": np.log10(mean), "median": np.log10(median)}
    figure = figures.histogram(
        {"networks": np.log10(alive)},
        f"{DRAWS:,} networks, {DEPTH} layers of {WIDTH}",
        "squared signal kept, power of ten",
        marks,
    )
    table: Columns = {"of": ["mean", "median", "mean of ln", "theory of it"], "value": [mean, median, logs, THEORY]}
    return Result(outcome, headline, Card("he_typical", figure, sentence, table))


def _squared_size(seed: int, x: Array) -> float:
    last = gc.forward(gc.build(SPEC, seed), x).layers[DEPTH - 1].activation
    return float(np.sum(last**2))
