"""The field's terms, each in one sentence; every screen explains those that its own sentence uses."""

from __future__ import annotations

import re
from functools import lru_cache

TERMS = {
    "Adam": "An optimizer that gives each weight a step of its own, by its latest gradients' mean and size.",
    "activation": "The function φ that a unit applies to its pre-activation, such as sigmoid, tanh or ReLU.",
    "backpropagation": "Computing all gradients in one pass from the loss back to the input, by the chain rule.",
    "batch normalization": "Each unit brought to mean 0 and variance 1 over the mini-batch, before φ; layer "
    "normalization does it over a sample's units.",
    "bias": "A number added to a unit's weighted sum: the weight of an input that is always 1.",
    "chain rule": "The derivative of nested functions is the product of their derivatives: here, one factor a layer.",
    "clipping": "Shortening the whole gradient to a largest norm; all layers shrink alike, so their ratio stays.",
    "cross-entropy": "The loss −log p of the right class's predicted probability p.",
    "dead": "Of a unit: its slope is next to 0 for every input of the batch, so its weights get no gradient.",
    "δ": "Delta: the loss's derivative by a unit's pre-activation; the error signal handed from layer to layer.",
    "diverged": "Of a run: a loss, activation, gradient or weight is no longer a finite number.",
    "epoch": "One pass over all training data.",
    "exploding": "Of a gradient: it grows from layer to layer on its way back, until steps are far too long.",
    "fan-in": "The number of inputs of a layer's units; fan-out is the number of units.",
    "gain": "A factor on all weights that an initializer draws.",
    "gradient": "The loss's derivatives by the weights: which way, and how fast, each weight changes the loss.",
    "He": "He et al. 2015: normal weights of variance 2/fan_in, which keep a ReLU network's signals at one size.",
    "initializer": "The rule that draws a network's first weights, its start.",
    "Jacobian": "The matrix of derivatives of one layer's values by those of the layer before.",
    "learning rate": "The factor by which the gradient is multiplied to give the step.",
    "LeCun": "LeCun et al. 1998: weights of variance 1/fan_in, the first of the starts that keep a signal's size.",
    "loss": "The number that training makes small: how wrong the network is; also called cost.",
    "mini-batch": "The few samples from which one step's gradient is computed.",
    "momentum": "Steps that keep a share of the step before.",
    "orthogonal": "Of weights: a matrix that turns and keeps lengths; all its singular values are 1.",
    "pre-activation": "A unit's weighted sum plus bias, z, before the activation.",
    "ReLU": "max(0, z): slope 1 for positive z, 0 for negative.",
    "quartiles": "Of many values: the two between which the middle half of them lies.",
    "residual connection": "A layer's input added to its output, so that the gradient has a way past the layer: a "
    "shortcut.",
    "rms": "Root mean square: the typical size of many numbers, whatever their signs.",
    "saturated": "Of a unit and an input: φ′ is below 1 % of its largest, so next to no gradient passes.",
    "seed": "The number that random draws start from: the same seed, the same run.",
    "SGD": "Stochastic gradient descent: weights minus learning rate times the mini-batch's gradient.",
    "sigmoid": "1/(1 + e⁻ᶻ): between 0 and 1, with a slope of at most ¼.",
    "singular values": "By how much a matrix stretches the directions of its input.",
    "slope": "φ′, the activation's derivative: the factor by which it multiplies the gradient.",
    "softmax": "Outputs turned into probabilities that add up to 1.",
    "symmetric units": "Units of a layer with equal weights: they stay equal, so the layer is one unit wide.",
    "tanh": "Between −1 and 1, with a slope of at most 1.",
    "threshold": "Of a verdict: the number beyond which it is given; the visitor can set it.",
    "unit": "One neuron of a layer: it adds up its inputs times their weights and its bias, and applies φ.",
    "vanishing": "Of a gradient: it shrinks from layer to layer on its way back, until the first layers stand still.",
    "Xavier": "Glorot & Bengio 2010: weights of variance 2/(fan_in + fan_out), which keep a tanh network's signals and "
    "gradients at about one size.",
}
# Other forms of a term.
FORMS = {
    "vanishes": "vanishing",
    "vanished": "vanishing",
    "explodes": "exploding",
    "exploded": "exploding",
    "initialization": "initializer",
    "neuron": "unit",
    "shortcut": "residual connection",
}

# What changes in a verdict from frame to frame.
_NUMBER = re.compile(r"[\d⁰-⁹⁻][\d⁰-⁹⁻.,·]*")


def explained(text: str) -> str:
    """Return the explanations of the terms in a text, one a line in Markdown, in the order of their appearance."""
    return "\n".join(f"- **{term}**: {TERMS[term]}" for term in _terms_in(text))


def hint(text: str) -> str:
    """Return the same as plain text; a verdict has one at every frame."""
    return _hint(_NUMBER.sub("0", text))


@lru_cache(maxsize=256)
def _hint(text: str) -> str:
    return "\n".join(f"{term}: {TERMS[term]}" for term in _terms_in(text))


def _terms_in(text: str) -> list[str]:
    """Return the terms in a text in the order of their appearance."""
    found: dict[str, int] = {}
    for form, term in {**{term: term for term in TERMS}, **FORMS}.items():
        plural = "" if form[-1] in "s′δ" else "s?"
        match = re.search(rf"\b{re.escape(form)}{plural}\b", text.replace("*", ""), re.IGNORECASE * (len(form) > 3))
        if match:
            found[term] = min(match.start(), found.get(term, match.start()))
    return sorted(found, key=found.__getitem__)


def whole() -> str:
    """Return all terms in Markdown."""
    return "\n".join(
        f"- **{term}**: {meaning}" for term, meaning in sorted(TERMS.items(), key=lambda one: one[0].lower())
    )
