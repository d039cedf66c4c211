"""Verdicts in words: what is the case, with its number, why, and what helps. What counts as the case: diagnosis.py.

In words, layers are counted from 1, as on the screens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradcore.diagnosis.evidence import Evidence
from gradcore.numbers import percent, readable

Layers = tuple[int, ...]
Settings = Mapping[str, Any]

RELU_HE: Settings = {"hidden": "relu", "initializer": "he_normal", "gain": None}
TANH_XAVIER: Settings = {"hidden": "tanh", "initializer": "xavier_normal", "gain": None}


@dataclass(frozen=True)
class Verdict:
    """One finding.

    Attributes
    ----------
    name : str
        "diverged", "symmetric units", "dead", "exploding", "vanished", "saturated" or "healthy".
    layers : tuple of int
        Weight layers concerned, from 0.
    value, threshold : float
        The number that was judged, and what it was held against.
    headline, explanation, fix : str
        What is the case, why, and what helps.
    remedy : mapping
        The fix as settings: fields of NetworkSpec with new values; empty if none is sure to help.
    """

    name: str
    layers: Layers
    value: float
    threshold: float
    headline: str
    explanation: str
    fix: str
    remedy: Settings = field(default_factory=dict)


def same_activation(bounded: bool) -> Settings:
    """Return the initializer that keeps the signal's size for a bounded activation, or one like ReLU."""
    return {"initializer": "xavier_normal" if bounded else "he_normal", "gain": None}


def diverged(step: int, layer: int, quantity: str) -> Verdict:
    """Word the end of a run in Inf or NaN."""
    return Verdict(
        "diverged",
        (layer,),
        float(step),
        float("inf"),
        f"Diverged at step {step} in layer {layer + 1}.",
        f"The {quantity} there is no longer a finite number: some factor above 1 was multiplied too often, or the "
        "steps were too long. The run stopped; the last finite weights are kept.",
        "Lower the learning rate or the gain, or clip the gradient.",
    )


def symmetric(layers: Layers, count: int, limit: int, bounded: bool) -> Verdict:
    """Word layers whose units all compute the same."""
    return Verdict(
        "symmetric units",
        layers,
        float(count),
        float(limit),
        f"Symmetric units: every unit of {in_words(layers)} computes the same.",
        "Units that start equal get equal gradients and stay equal, so each such layer is worth a single unit.",
        "Start from random weights, for example Xavier or He.",
        same_activation(bounded),
    )


def dead(layers: Layers, worst: int, share: float, limit: float, activation: str) -> Verdict:
    """Word layers in which too many units are on the flat side for every sample."""
    return Verdict(
        "dead",
        layers,
        share,
        limit,
        f"Dead: {percent(share)} of layer {worst + 1}'s units answer no input of the batch.",
        f"Their {activation} is on its flat side for every sample: no gradient passes, so they cannot recover.",
        "Lower the learning rate, start from He with zero biases, or use leaky ReLU.",
        {"hidden": "leaky_relu", "initializer": "he_normal", "gain": None},
    )


def saturated(layers: Layers, worst: int, share: float, limit: float, activation: str) -> Verdict:
    """Word layers in which too much is on the flat ends of a bounded activation."""
    return Verdict(
        "saturated",
        layers,
        share,
        limit,
        f"Saturated: {percent(share)} of layer {worst + 1} is on the flat ends of {activation}.",
        "There the slope is below 1 % of its largest: large inputs leave next to no gradient to pass on.",
        "Start from smaller weights: Xavier at gain 1.",
        same_activation(bounded=True),
    )


def exploding(layers: Layers, last: int, ratio: float, limit: float, delta: float, bounded: bool) -> Verdict:
    """Word a gradient that grows towards the input; `delta` is δ's ratio."""
    return Verdict(
        "exploding",
        layers,
        ratio,
        limit,
        f"Exploding: layer 1's gradient is {readable(ratio)} times layer {last + 1}'s.",
        f"Each layer multiplies the gradient by more than 1 on its way to the input. {_beside(delta)}",
        "Use smaller weights (Xavier or He at gain 1); clipping limits the step, not the cause.",
        TANH_XAVIER if bounded else RELU_HE,
    )


def exploding_update(layers: Layers, worst: int, ratio: float, limit: float, delta: float, bounded: bool) -> Verdict:
    """Word updates that dwarf the weights, whichever way the layers compare."""
    return Verdict(
        "exploding",
        layers,
        ratio,
        limit,
        f"Exploding: one update of layer {worst + 1} is {readable(ratio)} times its weights.",
        f"The signal grows on its way forward and back, so every layer's gradient is far too large. {_beside(delta)}",
        "Use smaller weights (Xavier or He at gain 1); clipping limits the step, not the cause.",
        TANH_XAVIER if bounded else RELU_HE,
    )


def vanished(layers: Layers, last: int, ratio: float, limit: float, delta: float, cause: str) -> Verdict:
    """Word a gradient that is lost towards the input; `delta` is δ's ratio, `cause` a sentence."""
    speed = "not at all" if ratio == 0 else f"{readable(ratio)} times as fast as layer {last + 1}"
    return Verdict(
        "vanished",
        layers,
        ratio,
        limit,
        f"Vanished: layer 1 learns {speed}.",
        f"{cause} {_beside(delta)}",
        "Use ReLU with He initialization, which keeps the gradient's size from layer to layer.",
        RELU_HE,
    )


def vanished_everywhere(share: float, limit: float, seen: Evidence, bounded: bool) -> Verdict:
    """Word hidden layers that all get next to nothing, against the output's bias."""
    size = "is exactly 0" if share == 0 else f"is at most {readable(share)} of the output bias's"
    return Verdict(
        "vanished",
        tuple(range(seen.depth)),
        share,
        limit,
        f"Vanished: the weight gradient of every hidden layer {size}.",
        f"The signal dies on its way forward, so only the output's bias is left to learn. {_evenly(seen)}".strip(),
        "Use larger random weights: He for ReLU, Xavier for tanh, at gain 1.",
        same_activation(bounded),
    )


def exploding_everywhere(share: float, limit: float, seen: Evidence, bounded: bool) -> Verdict:
    """Word hidden layers that all get far too much, against the output's bias."""
    return Verdict(
        "exploding",
        tuple(range(seen.depth)),
        share,
        limit,
        f"Exploding: the weight gradient of hidden layers is up to {readable(share)} times the output bias's.",
        f"The signal grows on its way forward, and the error on its way back. {_evenly(seen)}".strip(),
        "Use smaller weights (Xavier or He at gain 1); clipping limits the step, not the cause.",
        TANH_XAVIER if bounded else RELU_HE,
    )


def healthy(last: int, ratio: float, limit: float, delta: float, delta_agrees: bool) -> Verdict:
    """Word that nothing is wrong, and where δ alone would say otherwise."""
    if math.isnan(ratio):
        explanation = "On this batch no hidden layer has any gradient: the loss is as low as it gets, or flat."
    elif last == 0:
        explanation = "With a single hidden layer there is no way for the gradient to be lost on."
    else:
        explanation = f"Layer 1's weight gradient is {readable(ratio)} times layer {last + 1}'s. {_beside(delta)}"
    if not delta_agrees:
        explanation += (
            " δ changes from layer to layer, but the activations change the other way, which evens the weight "
            "gradients out (Glorot & Bengio 2010, fig. 8)."
        )
    return Verdict(
        "healthy", (), ratio, limit, "Healthy: the gradient reaches every layer.", explanation, "Nothing to mend."
    )


def no_hidden_layer(limit: float) -> Verdict:
    """Word a network of a single weight layer."""
    return Verdict(
        "healthy",
        (),
        float("nan"),
        limit,
        "Healthy: there is no hidden layer for a gradient to cross.",
        "With a single weight layer nothing can vanish or explode on the way.",
        "Nothing to mend.",
    )


def in_words(layers: Layers) -> str:
    """Return layers counted from 1: "layer 3", "layers 1 to 4", "layers 1, 3"."""
    first, last = layers[0] + 1, layers[-1] + 1
    if len(layers) == 1:
        return f"layer {first}"
    if len(layers) == last - first + 1:
        return f"layers {first} to {last}"
    return "layers " + ", ".join(str(layer + 1) for layer in layers)


def _beside(delta: float) -> str:
    return f"(The error signal δ: {readable(delta)} times.)"


def _evenly(seen: Evidence) -> str:
    """Return how gradients can be even and yet share one fate: what δ does backward, activations do forward."""
    if not all(0 < number < math.inf for number in (seen.delta, seen.ratio)):
        return ""
    return (
        f"Layer 1's error signal δ is {readable(seen.delta)} times layer {seen.depth}'s; the activations change the "
        f"other way, which evens the weight gradients out, to {readable(seen.ratio)} times (Glorot & Bengio 2010, "
        "fig. 8)."
    )
