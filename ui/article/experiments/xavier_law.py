"""Is √(1/fan_in) Xavier's law? Both laws on square and on rectangular layers."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

SHAPES = ((100, 100), (200, 50), (50, 200))
LAWS = {"article_xavier": "as in the article", "xavier_normal": "Glorot & Bengio"}
# Measured deviations closer than this are called equal.
CLOSE = 0.05


def experiment(seed: int) -> Result:
    """Draw one layer of each shape by each law and measure its standard deviation."""
    found = {
        label: {f"{fan_in} → {fan_out}": _spread(law, fan_in, fan_out, seed) for fan_in, fan_out in SHAPES}
        for law, label in LAWS.items()
    }
    article, glorot = found.values()
    ratios = [article[shape] / glorot[shape] for shape in article]
    equal = [abs(ratio - 1) < CLOSE for ratio in ratios]
    outcome = 0 if all(equal) else 1 if equal[0] else 2
    square, narrowing, widening = article
    headline = (
        f"On a square layer both give {readable(article[square])}. From 200 to 50 units the article's gives "
        f"{readable(article[narrowing])}, Glorot's {readable(glorot[narrowing])}; from 50 to 200 "
        f"{readable(article[widening])} and {readable(glorot[widening])}."
    )
    each = [f"{shape} × {readable(ratio)}" for shape, ratio in zip(article, ratios, strict=True)]
    sentence = f"The article's against Glorot's: {', '.join(each)}."
    figure = figures.bars(found, "Spread of the weights by layer shape", "std of weights")
    table: Columns = {
        "layer": list(article),
        "as_in_the_article": list(article.values()),
        "glorot_and_bengio": list(glorot.values()),
        "theory_article": [float(np.sqrt(1 / fan_in)) for fan_in, _ in SHAPES],
        "theory_glorot": [float(np.sqrt(2 / (fan_in + fan_out))) for fan_in, fan_out in SHAPES],
    }
    return Result(outcome, headline, Card("xavier_law", figure, sentence, table))


def _spread(law: str, fan_in: int, fan_out: int, seed: int) -> float:
    net = gc.build(gc.NetworkSpec((fan_in, fan_out), output="identity", initializer=law), seed)
    return float(net.weights[0].std())
