"""Does the gradient shrink towards the input, and do the lower weights stand still? Sigmoid networks of four depths."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import trained
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

DEPTHS, SHOWN, STEPS = (2, 5, 10, 20), 10, 300
# Between these the options change: "about the same", "about a tenth", "less than a thousandth".
SAME, THOUSANDTH = 0.3, 1e-3


def experiment(seed: int) -> Result:
    """Train each depth; keep the first gradient of every layer, and how far its weights have moved at the end."""
    gradients, ratios, moved = {}, [], {}
    for depth in DEPTHS:
        spec = gc.NetworkSpec((64, *(32,) * depth, 10), "sigmoid")
        run, records = trained(spec, seed, learning_rate=0.1, steps=STEPS, record_every=STEPS)
        rms = records[0].stats.grad_rms[:depth]
        gradients[f"{depth} layers"] = rms
        ratios.append(float(rms[0] / rms[-1]))
        start = gc.build(spec, seed).weights
        moved[depth] = [
            float(np.linalg.norm(now - then) / np.linalg.norm(then))
            for now, then in zip(run.net.weights[:depth], start[:depth], strict=True)
        ]
    ratio = ratios[DEPTHS.index(SHOWN)]
    outcome = 0 if ratio > SAME else 1 if ratio > THOUSANDTH else 2
    headline = (
        f"Of ten layers, the first gets {readable(ratio)} of the last one's gradient. In {STEPS} steps its weights "
        f"move by {readable(moved[SHOWN][0])} of their size, the last one's by {readable(moved[SHOWN][-1])}."
    )
    told = ", ".join(f"{depth} layers {readable(one)}" for depth, one in zip(DEPTHS, ratios, strict=True))
    figure = figures.by_layer(gradients, "Gradient of each hidden layer", "∂loss/∂W, rms")
    table: Columns = {
        "hidden_layers": list(DEPTHS),
        "first_against_last": ratios,
        "first_moved": [moved[depth][0] for depth in DEPTHS],
        "last_moved": [moved[depth][-1] for depth in DEPTHS],
    }
    sentence = f"First against last, at the start: {told}."
    return Result(outcome, headline, Card("vanishing", figure, sentence, table))
