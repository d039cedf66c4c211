"""Is a gradient a product of factors, and does it explode above 1? ReLU networks with weights of three sizes."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import digits, one_pass, trained
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

GAINS, DEPTH, STEPS, DRAWS = (0.5, 1.0, 2.0), 10, 100, 20
# Between these the options change: "about 2", "about 20", "more than 100".
LIMITS = (6.0, 100.0)


def experiment(seed: int) -> Result:
    """Multiply the factors from the top down, then train at the largest gain and see what becomes of it."""
    data = digits()
    batch = data.x[:64], data.y[:64]
    lines, ends, factors = {}, [], np.zeros(0)
    for gain in GAINS:
        factors = one_pass(_spec(gain), seed, *batch).factors[: DEPTH - 1]
        # From layer l to the top hidden layer: the product of all factors from l on.
        lines[f"weights × {gain:g}"] = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
        _, records = trained(_spec(gain), seed, learning_rate=0.1, steps=STEPS)
        ends.append(_end(records[-1]))
        update = float(records[0].stats.update_ratio[0])
    total = float(lines[f"weights × {GAINS[-1]:g}"][0])
    outcome = 0 if total < LIMITS[0] else 1 if total < LIMITS[1] else 2
    headline = (
        f"{DEPTH - 1} factors of about {readable(float(np.median(factors)))} make {readable(total)}. The first update "
        f"is {readable(update)} times the weights' own spread, and training {ends[-1]}."
    )
    low, high = _spread(seed)
    sentence = (
        f"Over {DRAWS} draws, the powers of ten scatter by {readable(low)} (std) at layer 1 and by {readable(high)} at "
        f"layer {DEPTH - 1}: more factors, less stable. With weights × 1 training {ends[1]}."
    )
    figure = figures.by_layer(lines, "Product of the factors, from the top", "factor down to this layer")
    table: Columns = {"weights": list(lines), "product": [float(line[0]) for line in lines.values()], "end": ends}
    return Result(outcome, headline, Card("product", figure, sentence, table))


def _end(record: gc.StepRecord) -> str:
    if record.diverged:
        return f"diverged at step {record.step}"
    return f"has a loss of {readable(record.loss)} at step {record.step} (guessing: {readable(np.log(10))})"


def _spec(gain: float) -> gc.NetworkSpec:
    return gc.NetworkSpec((64, *(32,) * DEPTH, 10), "relu", initializer="he_normal", gain=gain)


def _spread(seed: int) -> tuple[float, float]:
    """Return how much log10 of the product scatters over draws: at the first layer, and one below the top."""
    data = digits()
    norms = [one_pass(_spec(GAINS[-1]), seed + draw, data.x[:64], data.y[:64]).delta_norm for draw in range(DRAWS)]
    powers = np.log10([one[[0, DEPTH - 2]] / one[DEPTH - 1] for one in norms])
    return float(powers[:, 0].std()), float(powers[:, 1].std())
