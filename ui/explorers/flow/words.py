"""What the gradient-flow explorer says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.numbers import power_of_ten, readable, times
from ui.explorers.flow.extras import Clipped, Cure
from ui.explorers.flow.measure import FORMATS, Measured, lost_from
from ui.explorers.flow.setup import SEEDS, Settings

# A part counts as to blame if it makes up so much of the whole change.
MOST = 0.75
# Powers of ten between δ's ratio and that of the weight gradients from which on it is worth a sentence.
APART = 1.0
# Gradients of which one is less than so many times the other are about equal.
ALIKE = 1.5


def headline(seen: Measured) -> str:
    """Return the verdict on the weight gradients, with number and threshold."""
    last = len(seen.weights)
    if last == 1:
        return "One hidden layer: there is no way through layers yet. Drag the depth."
    if seen.verdict == "diverged":
        return "No ratio: a layer's gradient is 0, infinite or no number."
    much = f"layer 1's weights get a gradient {_compared(seen.ratio)} layer {last}'s"
    if seen.verdict == "vanished":
        return f"Vanished: {much} (below {power_of_ten(round(math.log10(seen.threshold)))})."
    if seen.verdict == "exploding":
        return f"Exploding: {much} (above {readable(seen.threshold)})."
    return f"Neither vanishing nor exploding: {much}."


def _compared(ratio: float) -> str:
    """Return a ratio in plain words: "190,000 times smaller than"."""
    if max(ratio, 1 / ratio) < ALIKE:
        return "about as large as"
    return f"{times(ratio)} times larger than" if ratio > 1 else f"{times(1 / ratio)} times smaller than"


def blame(settings: Settings, seen: Measured) -> str:
    """Return which part of the factors is to blame, with both numbers."""
    if len(seen.weights) < 2:
        return ""
    weights, rest = (float(np.mean(part[:-1])) for part in (seen.weights, seen.rest))
    name = rest_name(settings)
    if not (math.isfinite(weights) and math.isfinite(rest)):
        return "Some layer's factor is 0, infinite or no number."
    both = f"A layer's weights multiply δ by {readable(10**weights, 3)}, its {name} by {readable(10**rest, 3)}"
    total = weights + rest
    if abs(total) < 0.01:
        return f"{both}: the two cancel."
    if settings.normalization != "none":
        together = readable(10**total, 3)
        return f"{both}: together {together} a layer. The table below has the same network without normalization."
    if weights / total >= MOST:
        return f"{both}: the weights are to blame."
    if rest / total >= MOST:
        return f"{both}: the {name} are to blame."
    return f"{both}: both have their share."


def rest_name(settings: Settings) -> str:
    """Return what the part is that is not the weights'."""
    if settings.residual and settings.normalization != "none":
        return "slopes φ′, normalization and shortcut"
    return (
        "slopes φ′"
        + (" and normalization" if settings.normalization != "none" else "")
        + (" and shortcut" if settings.residual else "")
    )


def disagreement(seen: Measured) -> str:
    """Return a sentence where δ and the weight gradients tell different stories."""
    known = seen.verdict == "healthy" and 0 < seen.delta_ratio < math.inf
    if len(seen.weights) > 1 and known and abs(math.log10(seen.delta_ratio / seen.ratio)) > APART:
        return (
            f"δ itself changes by {readable(seen.delta_ratio)}: the activations make up for it, as a weight's gradient "
            "is δ times an activation (Glorot & Bengio 2010, fig. 8)."
        )
    return ""


def precision(seen: Measured) -> str:
    """Return where the first seed's gradients would be lost in each format."""
    lost = {name: lost_from(seen.passes[0], name) for name in FORMATS}
    gone = [f"in {name} from layer {layer} down" for name, layer in lost.items() if layer is not None]
    if not gone:
        return "In none of float16, bfloat16, float32 would half of a layer's gradient be rounded to exactly 0."
    return f"Over half of the weight gradient would be rounded to exactly 0 {', '.join(gone)}."


def cure_rows(found: list[Cure]) -> list[list[str]]:
    """Return the cures in words."""
    return [
        [
            one.name,
            one.verdict if math.isfinite(one.ratio) else "no ratio",
            readable(one.ratio),
            readable(one.delta_ratio),
            "–" if number == 0 else f"{readable(one.slower, 2)} × the time{_more(one.parameters)}",
        ]
        for number, one in enumerate(found)
    ]


def _more(parameters: int) -> str:
    return f", {parameters:,} more parameters" if parameters > 0 else ""


def clipping(settings: Settings, one: Clipped) -> str:
    """Return what clipping cures, and what it does not."""
    limit = readable(settings.clip)
    if not math.isfinite(one.before):
        return f"Clipping at {limit}: there is no length to clip, the gradient holds Inf or NaN."
    if one.before <= settings.clip:
        return f"Clipping at {limit} does nothing here: the whole gradient is {readable(one.before)} long."
    return (
        f"Clipping at {limit} shortens the whole gradient from {readable(one.before)} to {readable(one.after)}. All "
        f"layers shrink alike: layer 1 still gets {readable(one.ratio)} times the last one's. It cures steps that are "
        "too long, not layers that get nothing."
    )


def spread(seen: Measured) -> str:
    """Return how far the seeds are apart at layer 1."""
    apart = float(seen.high[0] - seen.low[0])
    if not math.isfinite(apart):
        return f"Band: {SEEDS} seeds."
    return f"Band: {SEEDS} seeds, apart by a factor of {readable(10**apart, 2)} at layer 1."


def of_power(power: float) -> str:
    """Return 10^power in words."""
    if power == -math.inf:
        return "exactly 0"
    return readable(10**power) if abs(power) < 300 else power_of_ten(round(power))


def stretched(found: Mapping[str, Any]) -> str:
    """Return how far the product of all layers stretches directions, from each initializer."""
    if not found:
        return "There are no singular values of this network to show."
    ends = "; ".join(
        f"{gc.INITIALIZERS[name].label}: {of_power(product[0])} to {of_power(product[-1])}"
        for name, (_, product) in found.items()
    )
    return f"The product of all layers stretches directions by {ends}."


def layer_rows(seen: Measured) -> list[list[str]]:
    """Return every layer's numbers in words."""
    rms = np.median([one.grad_rms for one in seen.passes], axis=0)
    rows = []
    for layer, power in enumerate(seen.deltas):
        is_hidden = layer < len(seen.weights)
        parts = (seen.weights[layer], seen.rest[layer], seen.weights[layer] + seen.rest[layer]) if is_hidden else ()
        name = str(layer + 1) if is_hidden else "output"
        rows.append(
            [name, of_power(power), *(map(of_power, parts) if is_hidden else ("", "", "")), readable(rms[layer])]
        )
    return rows
