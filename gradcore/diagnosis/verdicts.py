"""The words of a verdict: what is the case, with its number, why, and what helps. Its rule is in diagnose.py.

In words, layers are counted from 1, as on the screens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.diagnosis.evidence import Evidence
from gradcore.numbers import percent, readable, times

Layers = tuple[int, ...]
Vector = npt.NDArray[np.float64]
Settings = Mapping[str, Any]

RELU_HE: Settings = {"hidden": "relu", "initializer": "he_normal", "gain": None}
TANH_XAVIER: Settings = {"hidden": "tanh", "initializer": "xavier_normal", "gain": None}


@dataclass(frozen=True)
class Verdict:
    """A finding about a run, or that nothing is wrong with it.

    Attributes
    ----------
    name : str
        "diverged", "symmetric units", "dead", "exploding", "vanished", "saturated" or "healthy".
    layers : tuple of int
        Weight layers concerned, counted from 0.
    value, threshold : float
        The number that was judged, and the threshold by which.
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


def initializer_for(bounded: bool) -> Settings:
    """Return the initializer that keeps the signal's size: one for bounded activations, one for those like ReLU."""
    return {"initializer": "xavier_normal" if bounded else "he_normal", "gain": None}


def diverged(step: int, layer: int, quantity: str) -> Verdict:
    """Return the verdict on a run that ended in Inf or NaN."""
    headline = f"Diverged at step {step} in layer {layer + 1}."
    explanation = (
        f"The {quantity} there is no longer a finite number: some factor above 1 was multiplied too often, or the "
        "steps were too long. The run stopped; the last finite weights are kept."
    )
    fix = "Lower the learning rate or the gain, or clip the gradient."
    return Verdict("diverged", (layer,), float(step), float("inf"), headline, explanation, fix)


def symmetric(layers: Layers, count: int, threshold: int, evidence: Evidence) -> Verdict:
    """Return the verdict on layers whose units all compute the same."""
    headline = f"Symmetric units: every unit of {in_words(layers)} computes the same."
    explanation = (
        "Units that start equal get equal gradients and stay equal, so each such layer is worth a single unit."
    )
    fix, remedy = "Start from random weights, for example Xavier or He.", initializer_for(evidence.any_bounded)
    return Verdict("symmetric units", layers, float(count), float(threshold), headline, explanation, fix, remedy)


def dead(layers: Layers, shares: Vector, threshold: float, activation: str) -> Verdict:
    """Return the verdict on layers in which too many units are on the flat side for every sample."""
    worst, share = _largest(layers, shares)
    headline = f"Dead: {percent(share)} of layer {worst + 1}'s units answer no input of the batch."
    explanation = (
        f"Their {activation} is on its flat side for every sample: no gradient passes, so they cannot recover."
    )
    fix = "Lower the learning rate, start from He with zero biases, or use leaky ReLU."
    remedy = {"hidden": "leaky_relu", "initializer": "he_normal", "gain": None}
    return Verdict("dead", layers, share, threshold, headline, explanation, fix, remedy)


def saturated(layers: Layers, shares: Vector, threshold: float, activation: str) -> Verdict:
    """Return the verdict on layers in which too much is on the flat ends of a bounded activation."""
    worst, share = _largest(layers, shares)
    headline = f"Saturated: {percent(share)} of layer {worst + 1} is on the flat ends of {activation}."
    explanation = "There the slope is below 1 % of its largest: large inputs leave next to no gradient to pass on."
    fix, remedy = "Start from smaller weights: Xavier at gain 1.", initializer_for(bounded=True)
    return Verdict("saturated", layers, share, threshold, headline, explanation, fix, remedy)


def exploding(layers: Layers, threshold: float, evidence: Evidence) -> Verdict:
    """Return the verdict on a gradient that grows towards the input."""
    ratio = evidence.gradient_ratio
    headline = f"Exploding: layer 1's gradient is {times(ratio)} times layer {evidence.depth}'s."
    explanation = "Each layer multiplies the gradient by more than 1 on its way to the input."
    return _exploding(layers, ratio, threshold, headline, f"{explanation} {_delta_in_words(evidence)}", evidence)


def exploding_update(layers: Layers, ratios: Vector, threshold: float, evidence: Evidence) -> Verdict:
    """Return the verdict on updates that dwarf the weights, whichever way the layers compare."""
    worst, ratio = _largest(layers, ratios)
    headline = f"Exploding: one update of layer {worst + 1} is {times(ratio)} times its weights."
    explanation = "The signal grows on its way forward and back, so every layer's gradient is far too large."
    return _exploding(layers, ratio, threshold, headline, f"{explanation} {_delta_in_words(evidence)}", evidence)


def exploding_everywhere(threshold: float, evidence: Evidence) -> Verdict:
    """Return the verdict on hidden layers that all get far too much gradient, against the output's bias."""
    layers, ratio = tuple(range(evidence.depth)), evidence.output_bias_ratio
    headline = f"Exploding: the weight gradient of hidden layers is up to {times(ratio)} times the output bias's."
    explanation = f"The signal grows on its way forward, and the error on its way back. {_why_even(evidence)}".strip()
    return _exploding(layers, ratio, threshold, headline, explanation, evidence)


def _exploding(
    layers: Layers, ratio: float, threshold: float, headline: str, explanation: str, evidence: Evidence
) -> Verdict:
    fix = "Use smaller weights (Xavier or He at gain 1); clipping limits the step, not the cause."
    remedy = TANH_XAVIER if evidence.any_bounded else RELU_HE
    return Verdict("exploding", layers, ratio, threshold, headline, explanation, fix, remedy)


def vanished(layers: Layers, threshold: float, evidence: Evidence, cause: str) -> Verdict:
    """Return the verdict on a gradient that is lost towards the input; `cause` is a sentence."""
    ratio = evidence.gradient_ratio
    speed = "not at all" if ratio == 0 else f"{times(1 / ratio)} times more slowly than layer {evidence.depth}"
    headline, explanation = f"Vanished: layer 1 learns {speed}.", f"{cause} {_delta_in_words(evidence)}"
    fix = "Use ReLU with He initialization, which keeps the gradient's size from layer to layer."
    return Verdict("vanished", layers, ratio, threshold, headline, explanation, fix, RELU_HE)


def vanished_everywhere(threshold: float, evidence: Evidence) -> Verdict:
    """Return the verdict on hidden layers that all get next to no gradient, against the output's bias."""
    layers, ratio = tuple(range(evidence.depth)), evidence.output_bias_ratio
    size = "is exactly 0" if ratio == 0 else f"is at most {readable(ratio)} of the output bias's"
    headline = f"Vanished: the weight gradient of every hidden layer {size}."
    explanation = "The signal dies on its way forward, so only the output's bias is left to learn."
    explanation = f"{explanation} {_why_even(evidence)}".strip()
    fix = "Use larger random weights: He for ReLU, Xavier for tanh, at gain 1."
    remedy = initializer_for(evidence.any_bounded)
    return Verdict("vanished", layers, ratio, threshold, headline, explanation, fix, remedy)


def healthy(threshold: float, evidence: Evidence, delta_agrees: bool) -> Verdict:
    """Return the verdict that nothing is wrong, which says so where δ alone would say otherwise."""
    ratio, last = evidence.gradient_ratio, evidence.depth
    if math.isnan(ratio):
        explanation = "On this batch no hidden layer has any gradient: the loss is as low as it gets, or flat."
    elif last == 1:
        explanation = "With a single hidden layer there is no way for the gradient to be lost on."
    else:
        explanation = f"Layer 1's weight gradient is {readable(ratio)} times layer {last}'s."
        explanation += f" {_delta_in_words(evidence)}"
    if not delta_agrees:
        explanation += (
            " δ changes from layer to layer, but the activations change the other way, which evens the weight "
            "gradients out (Glorot & Bengio 2010, fig. 8)."
        )
    headline = "Healthy: the gradient reaches every layer."
    return Verdict("healthy", (), ratio, threshold, headline, explanation, "Nothing to mend.")


def no_hidden_layer(threshold: float) -> Verdict:
    """Return the verdict on a network of a single weight layer."""
    headline = "Healthy: there is no hidden layer for a gradient to cross."
    explanation = "With a single weight layer nothing can vanish or explode on the way."
    return Verdict("healthy", (), float("nan"), threshold, headline, explanation, "Nothing to mend.")


def in_words(layers: Layers) -> str:
    """Return layers counted from 1: "layer 3", "layers 1 to 4", "layers 1, 3"."""
    first, last = layers[0] + 1, layers[-1] + 1
    if len(layers) == 1:
        return f"layer {first}"
    if len(layers) == last - first + 1:
        return f"layers {first} to {last}"
    return "layers " + ", ".join(str(layer + 1) for layer in layers)


def _largest(layers: Layers, values: Vector) -> tuple[int, float]:
    """Return which of some layers has the largest value, and the value."""
    worst = max(layers, key=lambda layer: float(values[layer]))
    return worst, float(values[worst])


def _delta_in_words(evidence: Evidence) -> str:
    return f"(The error signal δ: {readable(evidence.delta_ratio)} times.)"


def _why_even(evidence: Evidence) -> str:
    """Return how gradients can be even though δ is not: the activations change the other way."""
    delta, gradient = evidence.delta_ratio, evidence.gradient_ratio
    if not (0 < delta < math.inf and 0 < gradient < math.inf):
        return ""
    return (
        f"Layer 1's error signal δ is {readable(delta)} times layer {evidence.depth}'s; the activations change the "
        f"other way, which evens the weight gradients out, to {readable(gradient)} times (Glorot & Bengio 2010, "
        "fig. 8)."
    )
