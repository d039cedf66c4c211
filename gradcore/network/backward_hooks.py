"""What the backward pass does at a layer beside Wᵀδ ∘ φ′: residual connections, normalization, measured factors.

A hook is a partial of a function of this module, not a bound method of the backward pass: the pass would then hold
itself, and with it its arrays, until a full collection.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions import normalization
from gradcore.kernels.norms import norm
from gradcore.network.gradients import Gradients, LayerGradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]
Hook = Callable[[], object]


def hooks(
    net: Network,
    trace: Trace,
    grads: Gradients,
    index: int,
    activation_grad: Array,
    skip_grad: Array | None,
    factors: bool,
) -> tuple[Hook | None, Hook | None]:
    """Return what to call at a hidden layer before φ′ is applied, and after it; None if there is nothing to do.

    Parameters
    ----------
    net, trace, grads
        As in `Backward`.
    index : int
        Hidden layer, counted from 0.
    activation_grad : (fan_out, n)
        Where the pass writes ∂loss/∂a.
    skip_grad : flat vector or None
        Memory for the ∂loss/∂a that a residual connection hands down past a layer; as large as the largest layer.
    factors : bool
        Whether weight_factor and derivative_factor are wanted.
    """
    layer, skips = grads.layers[index], net.spec.skips
    before: list[Hook] = []
    after: list[Hook] = []
    if factors:
        before.append(partial(_measure_weight_factor, layer, activation_grad, grads.layers[index + 1].delta))
    if skip_grad is not None and (skips[index] or skips[index + 1]):
        own = skip_grad[: layer.delta.size].reshape(layer.delta.shape)
        before.append(partial(_backpropagate_residual, activation_grad, own, skips[index + 1], skips[index]))
    if net.spec.normalization is not None:
        after.append(partial(_backpropagate_normalization, net, trace, grads, index))
    if factors:
        after.append(partial(_measure_derivative_factor, layer))
    return _one_after_another(before), _one_after_another(after)


def _one_after_another(hooks: list[Hook]) -> Hook | None:
    """Return one hook that calls all of them, None if there are none."""
    return partial(_call_all, hooks) if len(hooks) > 1 else next(iter(hooks), None)


def _call_all(hooks: list[Hook]) -> None:
    for hook in hooks:
        hook()


def _backpropagate_residual(activation_grad: Array, skip_grad: Array, skip_above: bool, skip_here: bool) -> None:
    """Add what the layer above handed down past its weights, and keep ∂loss/∂a to hand it down past this layer's."""
    if skip_above:
        np.add(activation_grad, skip_grad, activation_grad)
    if skip_here:
        np.copyto(skip_grad, activation_grad)


def _backpropagate_normalization(net: Network, trace: Trace, grads: Gradients, index: int) -> None:
    """Take a layer's δ through its normalization, and fill the gradients of scale and shift."""
    layer, forward, kind = grads.layers[index], trace.layers[index], net.spec.normalization
    assert kind is not None
    assert forward.standardized is not None
    assert forward.spread is not None
    assert layer.scale_grad is not None
    assert layer.shift_grad is not None
    normalization.backpropagate(
        layer.delta, forward.standardized, forward.spread, net.scales[index], kind, layer.scale_grad, layer.shift_grad
    )


def _measure_weight_factor(layer: LayerGradients, activation_grad: Array, delta_above: Array) -> None:
    layer.backpropagated_norm = norm(activation_grad)
    layer.weight_factor = _ratio(layer.backpropagated_norm, norm(delta_above))


def _measure_derivative_factor(layer: LayerGradients) -> None:
    layer.derivative_factor = _ratio(norm(layer.delta), layer.backpropagated_norm)


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else float("nan")
