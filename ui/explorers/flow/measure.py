"""One backward pass, taken apart: what the weights and what the rest of each layer multiply δ by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.diagnosis.thresholds import Thresholds
from ui.explorers.flow.setup import SEEDS, Settings, batch, network
from ui.explorers.screen import Values

Array = npt.NDArray[np.float64]
# Smallest normal and smallest subnormal number, and below which a number is rounded to 0 (half the latter).
FORMATS = {
    "float16": (2.0**-14, 2.0**-24),
    "bfloat16": (2.0**-126, 2.0**-133),
    "float32": (2.0**-126, 2.0**-149),
}


@dataclass(frozen=True)
class Pass:
    """One network's backward pass.

    Attributes
    ----------
    deltas : (depth + 1,)
        log10 of ‖δ_l‖ over units and samples, hidden layers first, the output's last; −Inf where it is exactly 0.
    weights, rest : (depth,)
        log10 of ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ and of ‖δ_l‖/‖Wᵀδ_{l+1}‖ of each hidden layer: they add up to the difference
        of `deltas`. The rest is φ′, and where the network has them normalization and shortcut.
    grad_rms : (depth + 1,)
        Of the weight gradient.
    lost : mapping
        Format → (depth + 1,): share of the weight gradient's entries that would be exactly 0 there.
    grad_norm : float
        Of all layers together.
    """

    deltas: Array
    weights: Array
    rest: Array
    grad_rms: Array
    lost: dict[str, Array]
    grad_norm: float

    @property
    def ratio(self) -> float:
        """The weight gradient's rms of the first hidden layer over the last's."""
        return _quotient(self.grad_rms[0], self.grad_rms[max(0, len(self.grad_rms) - 2)])

    @property
    def delta_ratio(self) -> float:
        """‖δ‖ of the first hidden layer over the last's."""
        with np.errstate(all="ignore"):
            return float(10 ** (self.deltas[0] - self.deltas[max(0, len(self.deltas) - 2)]))


@dataclass(frozen=True)
class Measured:
    """All seeds.

    Attributes
    ----------
    passes : list of Pass
    deltas, weights, rest : arrays
        Means of the logarithms over seeds: still weights + rest = differences of deltas.
    low, high : (depth + 1,)
        Least and largest of `deltas` over seeds.
    ratio, delta_ratio : float
        Medians over seeds.
    verdict : str
        "vanished", "exploding", "healthy" or "diverged", on the weight gradient's ratio.
    threshold : float
        That it was held against.
    """

    passes: list[Pass]
    deltas: Array
    weights: Array
    rest: Array
    low: Array
    high: Array
    ratio: float
    delta_ratio: float
    verdict: str
    threshold: float


def backward_pass(net: gc.Network, x: Any, y: Any) -> Pass:
    """Run inputs forward, their loss back, and take it apart."""
    with np.errstate(all="ignore"):
        trace = gc.forward(net, x)
        layers = gc.backward(net, trace, y).layers
        lost = {
            name: np.array([np.mean(np.abs(one.weight_grad) <= tiny / 2) for one in layers])
            for name, (_, tiny) in FORMATS.items()
        }
        return Pass(
            np.log10([_norm(one.delta) for one in layers]),
            np.log10([one.weight_factor for one in layers[:-1]]),
            np.log10([one.derivative_factor for one in layers[:-1]]),
            np.array([_norm(one.weight_grad) / np.sqrt(one.weight_grad.size) for one in layers]),
            lost,
            float(np.sqrt(sum(_norm(one.block_grad) ** 2 for one in layers))),
        )


def measure(settings: Settings, values: Values) -> Measured:
    """Measure a network from several seeds."""
    x, y = batch(settings)
    depth, gain = values["depth"], values["gain"]
    passes = [backward_pass(network(settings, depth, gain, settings.seed + number), x, y) for number in range(SEEDS)]
    deltas = np.stack([one.deltas for one in passes])
    with np.errstate(all="ignore"):
        ratio = float(np.median([one.ratio for one in passes]))
        verdict, threshold = judged(ratio)
        return Measured(
            passes,
            deltas.mean(axis=0),
            np.mean([one.weights for one in passes], axis=0),
            np.mean([one.rest for one in passes], axis=0),
            deltas.min(axis=0),
            deltas.max(axis=0),
            ratio,
            float(np.median([one.delta_ratio for one in passes])),
            verdict,
            threshold,
        )


def judged(ratio: float) -> tuple[str, float]:
    """Return the verdict on first ÷ last weight gradient, and the threshold that decided."""
    limits = Thresholds()
    if not np.isfinite(ratio):
        return "diverged", float("nan")
    if ratio < limits.vanished:
        return "vanished", limits.vanished
    return ("exploding", limits.exploding) if ratio > limits.exploding else ("healthy", limits.vanished)


def lost_from(one: Pass, name: str) -> int | None:
    """Return the highest layer, from 1, from which down over half of the weight gradient would be 0 in a format."""
    gone = one.lost[name] > 0.5
    if not gone[0]:
        return None
    return int(np.flatnonzero(~gone)[0]) if not gone.all() else len(gone)


def _norm(values: Any) -> float:
    """Return √Σv², by its largest entry, so that no square underflows or overflows."""
    flat = np.abs(np.asarray(values, dtype=np.float64)).ravel()
    peak = float(flat.max(initial=0.0))
    if not 0 < peak < np.inf:
        return peak
    return float(np.sqrt(np.square(flat / peak).sum())) * peak


def _quotient(numerator: float, denominator: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(numerator) / np.float64(denominator))
