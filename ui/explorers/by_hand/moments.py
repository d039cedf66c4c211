"""The step as moments: guess, measure, propagate, correct; each with its formula and the numbers in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.explorers.by_hand.numbers import NUDGE, Step
from ui.explorers.by_hand.setup import Settings

DIGITS = 6
_LOWER = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Moment:
    """What is looked at.

    Attributes
    ----------
    phase : str
        "Guess", "Measure", "Propagate" or "Correct".
    title, formula : str
    layer, unit : int
        From 0, −1 where it is the loss.
    weight : int
        Place among the parameters, −1 where it is none.
    """

    phase: str
    title: str
    formula: str
    layer: int = -1
    unit: int = -1
    weight: int = -1


def moments(settings: Settings, step: Step) -> list[Moment]:
    """Return all moments of a step in order."""
    return [*_guess(settings, step), _measure(settings, step), *_propagate(settings, step), *_correct(settings, step)]


def number(value: float) -> str:
    """Return a number for a formula."""
    return "0" if value == 0 else readable(value, DIGITS)


def _in(value: float) -> str:
    """Return a number as a factor: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def unit_name(layer: int, unit: int, last: int) -> str:
    """Return a unit in words."""
    return f"output {unit + 1}" if layer == last else f"layer {layer + 1}, unit {unit + 1}"


def weight_name(step: Step, layer: int, unit: int, source: int) -> str:
    """Return a weight as a symbol with its layer: w₁₂ is unit 1's from 2 below, b₁ its bias."""
    if source == step.net.weights[layer].shape[1]:
        return f"b{unit + 1}".translate(_LOWER)
    return f"w{unit + 1}{source + 1}".translate(_LOWER)


def below(step: Step, layer: int) -> np.ndarray:
    """Return what a layer's weights are multiplied by: the values below, and last the bias's constant 1."""
    return np.append(step.x if layer == 0 else step.a[layer - 1], 1.0)


def _guess(settings: Settings, step: Step) -> list[Moment]:
    last, found = settings.layers, []
    for layer, (z, a) in enumerate(zip(step.z, step.a, strict=True)):
        for unit in range(len(z)):
            weights = np.append(step.net.weights[layer][unit], step.net.biases[layer][unit])
            terms = [f"{_in(w)} × {_in(value)}" for w, value in zip(weights, below(step, layer), strict=True)]
            phi = f"φ = {_phi(settings, layer)}"
            formula = f"z = {' + '.join(terms)} = {number(z[unit])};  a = φ(z) = {number(a[unit])}  ({phi})"
            found.append(Moment("Guess", f"Forward to {unit_name(layer, unit, last)}", formula, layer, unit))
    return found


def _phi(settings: Settings, layer: int) -> str:
    if layer < settings.layers:
        return gc.ACTIVATIONS[settings.activation].formula
    return "e^z / Σ e^z" if settings.output == "softmax" else gc.ACTIVATIONS[settings.output].formula


def _measure(settings: Settings, step: Step) -> Moment:
    a, name = step.a[-1], settings.spec.loss_name
    if name == "mse":
        terms = [f"½ ({number(t)} − {_in(out)})²" for t, out in zip(step.t, a, strict=True)]
    elif name == "cross_entropy":
        terms = [f"−{_in(t)} × ln {number(out)}" for t, out in zip(step.t, a, strict=True)]
    else:
        terms = [
            f"−[{number(t)} × ln {number(out)} + (1 − {number(t)}) × ln(1 − {number(out)})]"
            for t, out in zip(step.t, a, strict=True)
        ]
    return Moment("Measure", "The loss: how wrong is the guess?", f"E = {' + '.join(terms)} = {number(step.loss)}")


def _propagate(settings: Settings, step: Step) -> list[Moment]:
    last, found = settings.layers, []
    for layer in range(last, -1, -1):
        for unit, delta in enumerate(step.delta[layer]):
            title = f"δ = ∂E/∂z of {unit_name(layer, unit, last)}"
            found.append(Moment("Propagate", title, _delta(settings, step, layer, unit, delta), layer, unit))
    return found


def _delta(settings: Settings, step: Step, layer: int, unit: int, delta: float) -> str:
    slope = step.slope[layer][unit]
    if layer == settings.layers:
        error = f"{number(step.a[-1][unit])} − {_in(step.t[unit])}"
        if settings.spec.loss_name == "mse" and settings.output == "softmax":
            return f"δ = Σ (a − t) × ∂a/∂z, over all outputs = {number(delta)}"
        if np.isnan(slope):
            return f"δ = a − t = {error} = {number(delta)}  (the loss cancels φ′)"
        return f"δ = (a − t) × φ′(z) = ({error}) × {number(slope)} = {number(delta)}"
    above = step.net.weights[layer + 1][:, unit]
    terms = [f"{_in(w)} × {_in(d)}" for w, d in zip(above, step.delta[layer + 1], strict=True)]
    return f"δ = (Σ w × δ above) × φ′(z) = ({' + '.join(terms)}) × {number(slope)} = {number(delta)}"


def _correct(settings: Settings, step: Step) -> list[Moment]:
    last, found, at = settings.layers, [], 0
    places = {}
    for layer, weights in enumerate(step.net.weights):
        for unit in range(weights.shape[0]):
            for source in range(weights.shape[1] + 1):
                places[layer, unit, source] = at
                at += 1
    for (layer, unit, source), place in sorted(places.items(), key=lambda one: (-one[0][0], one[1])):
        name = weight_name(step, layer, unit, source)
        title = f"{name} of {unit_name(layer, unit, last)}: its gradient, and the step"
        value = below(step, layer)[source]
        found.append(
            Moment(
                "Correct",
                title,
                _update(settings, step, name, step.delta[layer][unit], value, place),
                layer,
                unit,
                place,
            )
        )
    return found


def _update(settings: Settings, step: Step, name: str, delta: float, value: float, place: int) -> str:
    gradient, old = step.gradients[place], step.net.parameters[place]
    return (
        f"∂E/∂{name} = δ × value below = {_in(delta)} × {_in(value)} = {number(gradient)};  "
        f"{name}⁺ = {number(old)} − {number(settings.rate)} × {_in(gradient)} = {number(step.next[place])}.  "
        f"Nudged by ±{readable(NUDGE)}, the loss moves by {number(step.nudged[place])} times the nudge."
    )
