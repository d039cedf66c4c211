"""Who makes gradients explode? The same twenty weight matrices under four activations."""

from __future__ import annotations

import gradcore as gc
from gradcore.numbers import readable
from ui.article.passes import normal_batch, one_pass
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

WIDTH, DEPTH = 256, 20
ACTIVATIONS = ("identity", "relu", "tanh", "sigmoid")
# Beyond these factors a gradient counts as exploded or vanished; between them it has arrived.
EXPLODED, VANISHED = 100.0, 0.01


def experiment(seed: int) -> Result:
    """Send one batch through each network and back; compare ‖δ‖ at the first and the last hidden layer."""
    lines, ratios = {}, {}
    for name in ACTIVATIONS:
        spec = gc.NetworkSpec((WIDTH,) * (DEPTH + 1) + (10,), name, initializer="he_normal")
        norms = one_pass(spec, seed, *normal_batch(seed, WIDTH)).delta_norm[:DEPTH]
        label = gc.ACTIVATIONS[name].label
        lines[label], ratios[label] = norms / norms[-1], float(norms[0] / norms[-1])
    kinds = {"exploded" if one > EXPLODED else "vanished" if one < VANISHED else "arrived" for one in ratios.values()}
    outcome = 2 if len(kinds) > 1 else 0 if kinds == {"exploded"} else 1
    told = ", ".join(f"{label} × {readable(ratio)}" for label, ratio in ratios.items())
    headline = f"The same weights, and the gradient is multiplied on its way by: {told}."
    each = [f"{label} {readable(ratio ** (1 / (DEPTH - 1)))}" for label, ratio in ratios.items()]
    sentence = f"The factor of one layer: {', '.join(each)}."
    figure = figures.by_layer(lines, "Gradient on its way down", "‖δ‖ against the last layer's")
    table: Columns = {"activation": list(ratios), "first_against_last": list(ratios.values())}
    return Result(outcome, headline, Card("blame", figure, sentence, table))
