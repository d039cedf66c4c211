"""What takes longer than a drag: the same matrices with other activations, singular values, the cures."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.records.jacobians import singular_values
from ui.explorers.flow.measure import Pass, backward_pass, judged
from ui.explorers.flow.setup import Settings, batch, network
from ui.explorers.screen import Values

Array = npt.NDArray[np.floating[Any]]
ACTIVATIONS = ("identity", "relu", "tanh", "sigmoid")
TIMES = 2
CURES: dict[str, dict[str, object]] = {
    "as it is": {},
    "ReLU": {"activation": "relu"},
    "He normal": {"initializer": "he_normal"},
    "ReLU and He normal": {"activation": "relu", "initializer": "he_normal"},
    "tanh and Xavier normal": {"activation": "tanh", "initializer": "xavier_normal"},
    "orthogonal": {"initializer": "orthogonal"},
    "weights × 1": {"gain": 1.0},
    "neither normalization nor shortcuts": {"normalization": "none", "residual": False},
    "residual connections": {"residual": True},
    "batch normalization": {"normalization": "batch"},
    "layer normalization": {"normalization": "layer"},
}


@dataclass(frozen=True)
class Cure:
    """A variant of the visitor's network, measured on the first seed.

    Attributes
    ----------
    name, verdict : str
    ratio, delta_ratio : float
    slower : float
        Time of a forward and backward pass over that of the network as it is.
    parameters : int
        More than the network as it is.
    """

    name: str
    verdict: str
    ratio: float
    delta_ratio: float
    slower: float
    parameters: int


@dataclass(frozen=True)
class Clipped:
    """What clipping does: norm before and after, and the ratio, which it leaves as it is."""

    before: float
    after: float
    ratio: float


def other_activations(settings: Settings, values: Values) -> dict[str, Array]:
    """Return log10 ‖δ_l‖ of the same matrices with other activations, the first seed's."""
    x, y = batch(settings)
    found: dict[str, Array] = {}
    for name in ACTIVATIONS:
        net = network(settings, values["depth"], values["gain"], settings.seed)
        other = gc.Network(replace(net.spec, hidden=name), net.parameters)
        found[name] = backward_pass(other, x, y).deltas
    return found


def stretching(settings: Settings, values: Values) -> dict[str, tuple[Array, Array]] | None:
    """Return singular values (log10) of the middle layer's Jacobian and of the product of all, by initializer.

    None where layers have no Jacobian of their own: with normalization, shortcuts, or a single layer.
    """
    if settings.residual or settings.normalization != "none" or values["depth"] < 2:
        return None
    x, _ = batch(settings)
    found = {}
    for name in dict.fromkeys((settings.initializer, "orthogonal", "lecun_normal")):
        net = network(replace(settings, initializer=name), values["depth"], values["gain"], settings.seed)
        with np.errstate(all="ignore"):
            trace = gc.forward(net, x[:1])
            try:
                each, product = singular_values(net, trace)
            except np.linalg.LinAlgError:  # Inf or NaN in a layer
                continue
            # The middle layer is neither the input's nor the output's neighbour.
            found[name] = (np.log10(each[len(each) // 2]), product)
    return found


def cures(settings: Settings, values: Values) -> list[Cure]:
    """Measure each cure alone on the visitor's network."""
    x, y = batch(settings)
    found: list[Cure] = []
    plain, size = 0.0, 0
    for name, changes in CURES.items():
        gain = float(changes.get("gain", values["gain"]))  # type: ignore[arg-type]
        changed = replace(settings, **{key: value for key, value in changes.items() if key != "gain"})  # type: ignore[arg-type]
        net = network(changed, values["depth"], gain, settings.seed)
        one, seconds = _timed(net, x, y)
        plain, size = plain or seconds, size or net.spec.parameter_count
        more = net.spec.parameter_count - size
        found.append(Cure(name, judged(one.ratio)[0], one.ratio, one.delta_ratio, seconds / plain, more))
    return found


def clipped(settings: Settings, one: Pass) -> Clipped:
    """Return what clipping by the norm makes of a gradient: g ← gθ/‖g‖ where ‖g‖ > θ (Pascanu et al. 2013, alg. 1)."""
    return Clipped(one.grad_norm, min(one.grad_norm, settings.clip), one.ratio)


def _timed(net: gc.Network, x: object, y: object) -> tuple[Pass, float]:
    best = np.inf
    for _ in range(TIMES):
        start = time.perf_counter()
        with np.errstate(all="ignore"):
            gc.backward(net, gc.forward(net, x), y)
        best = min(best, time.perf_counter() - start)
    return backward_pass(net, x, y), float(best)
