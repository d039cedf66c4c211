"""Every number of one step of the small network: the engine's, and beside each gradient what a nudge says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from ui.explorers.by_hand.setup import TARGETS, Settings, fitting
from ui.explorers.screen import Values

# How far a weight is nudged, up and down.
NUDGE = 1e-5

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    net : Network
    x, t : (inputs,), (outputs,)
    z, a, slope, delta : list of (units,)
        By layer, the output's last. The output's slope is NaN where its loss has swallowed it (softmax, and the
        sigmoid with its own loss: δ = a − t).
    loss, next_loss : float
        Before and after the update.
    gradients, nudged, next : (parameters,)
        In the order of Network.parameters: unit by unit, the bias last. `nudged` is (E(w+ε) − E(w−ε))/2ε.
    """

    net: gc.Network
    x: Array
    t: Array
    z: list[Array]
    a: list[Array]
    slope: list[Array]
    delta: list[Array]
    loss: float
    next_loss: float
    gradients: Array
    nudged: Array
    next: Array


def shown(settings: Settings, values: Values) -> tuple[dict[str, Any], Step, str]:
    """Return the values that are computed with, the step, and why the targets are not what was typed."""
    full = fitting(settings, values)
    try:
        return full, one_step(settings, full), ""
    except ValueError as problem:
        full["t"] = TARGETS[: settings.outputs]
        instead = ", ".join(f"{value:g}" for value in full["t"])
        refusal = f"These targets don't fit the loss: {problem}. The numbers shown are for {instead}."
        return full, one_step(settings, full), refusal


def one_step(settings: Settings, values: Values) -> Step:
    """Compute a step from fitting values.

    Raises
    ------
    ValueError
        If the targets are none for the loss, in words.
    """
    spec = settings.spec
    net = gc.Network(spec, np.array(values["w"], dtype=np.float64))
    x, t = np.array([values["x"]], dtype=np.float64), np.array([values["t"]], dtype=np.float64)
    with np.errstate(all="ignore"):
        trace = gc.forward(net, x)
        grads = gc.backward(net, trace, t)
        after = net.parameters - settings.rate * grads.flat
        names = [*spec.activations, spec.output if spec.loss_name == "mse" and spec.output != "softmax" else ""]
        return Step(
            net, x[0], t[0],
            [layer.pre_activation[:, 0].copy() for layer in trace.layers],
            [layer.activation[:, 0].copy() for layer in trace.layers],
            [_slope(name, layer.pre_activation[:, 0]) for name, layer in zip(names, trace.layers, strict=True)],
            [layer.delta[:, 0].copy() for layer in grads.layers],
            float(grads.loss), _loss(spec, after, x, t),
            grads.flat.copy(), _nudged(net, x, t), after,
        )  # fmt: skip


def _slope(name: str, z: Array) -> Array:
    return gc.ACTIVATIONS[name].derivative(z) if name else np.full(z.shape, np.nan)


def _loss(spec: gc.NetworkSpec, parameters: Array, x: Array, t: Array) -> float:
    net = gc.Network(spec, parameters)
    return float(gc.backward(net, gc.forward(net, x), t).loss)


def _nudged(net: gc.Network, x: Array, t: Array) -> Array:
    found = np.empty(len(net.parameters))
    for at in range(len(found)):
        both = []
        for sign in (1, -1):
            parameters = net.parameters.copy()
            parameters[at] += sign * NUDGE
            both.append(_loss(net.spec, parameters, x, t))
        found[at] = (both[0] - both[1]) / (2 * NUDGE)
    return found
