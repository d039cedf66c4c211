"""The backward pass: from the loss down to every weight's gradient, by the chain rule.

δ_l = ∂loss/∂z_l. The signal that arrives at a layer's output is Wᵀδ of the layer above; times φ′ it is the layer's
own δ; and δ times the activations below is the gradient of its weights. Each layer's part of vanishing or exploding
is kept apart: the weights' factor ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ and the derivative's factor ‖δ_l‖/‖Wᵀδ_{l+1}‖.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.data.arrays import as_targets
from gradcore.functions import normalization
from gradcore.functions.losses import LOSSES
from gradcore.kernels.layout import aligned_zeros
from gradcore.kernels.norms import norm
from gradcore.kernels.products import Product, times_by_rows, transposed_times
from gradcore.kernels.subnormals import NEAR_SUBNORMAL, peak, subnormal_times
from gradcore.network.activation_derivatives import ActivationDerivatives
from gradcore.network.gradients import Gradients, LayerGradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]
Hook = Callable[[], object]

# Passes between two looks at whether numbers have become nearly subnormal.
LOOK_EVERY = 16


@dataclass(slots=True)
class BackwardStep:
    """What the backward pass uses at one layer, looked up once.

    Attributes
    ----------
    delta, block_grad : (fan_out, n), (fan_out, fan_in + 1)
        What is written: δ, and the gradient of weights and biases.
    times_delta : callable
        times_delta(aᵀ, block_grad) writes δ aᵀ.
    below : (n, fan_in + 1) or None
        aᵀ, the activations below, with the ones; None where they are the input, another array at each step.
    times_weights : callable or None
        times_weights(δ above, arriving) writes Wᵀδ, W being the weights above; None at the output, whose δ is the
        loss's. So are the next four.
    delta_above : (units above, n)
    arriving_and_bias : (fan_out, n) or (fan_out + 1, n)
        Where Wᵀδ is written, with what arrives at the constant 1 if the weights are taken with their biases.
    arriving, derivative : (fan_out, n)
        The first fan_out rows of it, and φ′.
    fill_derivative : callable or None
        Fills φ′ of this layer and those below it that share its stack.
    on_arrival, on_departure : callables or None
        Called before φ′ is applied, and after it.
    """

    delta: Array
    block_grad: Array
    times_delta: Product
    below: Array | None
    times_weights: Product | None = None
    delta_above: Any = None
    arriving_and_bias: Any = None
    arriving: Any = None
    derivative: Any = None
    fill_derivative: Hook | None = None
    on_arrival: Hook | None = None
    on_departure: Hook | None = None


class Backward:
    """The backward pass between one trace and one set of gradient buffers, ready to run again and again.

    Parameters
    ----------
    net : Network
    trace : Trace
        Buffers that `Forward` fills.
    grads : Gradients
        Buffers to fill, for as many samples.
    derivatives : ActivationDerivatives, optional
        Of this trace, where networks that take turns share it.
    factors : bool
        Whether weight_factor and derivative_factor are wanted; of a single network.
    """

    def __init__(
        self,
        net: Network,
        trace: Trace,
        grads: Gradients,
        derivatives: ActivationDerivatives | None = None,
        factors: bool = False,
    ) -> None:
        spec = net.spec
        self.net, self.trace, self.grads = net, trace, grads
        self.loss = LOSSES[spec.loss_name]
        self._share = np.array(1 / trace.n, dtype=spec.dtype)
        self._shares = np.full(trace.n * spec.sizes[-1], self._share)
        self._derivatives = derivatives or ActivationDerivatives(spec, trace)
        # What arrives at a layer's output, Wᵀδ, and below it what arrives at the constant 1, which nobody needs:
        # `dot` would copy weights apart from their biases, a tenth of a step of 2-[16×5]-1, a twentieth of
        # 64-[64×10]-10. Several networks have no dot, and gain nothing by it.
        rows = max(block.shape[-1] for block in net.blocks)
        self._arriving = aligned_zeros(rows * trace.n, spec.dtype) if net.parameters.ndim == 1 else None
        # What a residual connection hands down past a layer's weights.
        self._carried = (
            aligned_zeros(max(layer.delta.size for layer in grads.layers), spec.dtype) if any(spec.skips) else None
        )
        self._factors = factors
        self._runs = 0
        self._plan((False,) * (spec.depth + 1), (False,) * (spec.depth + 1))

    def _plan(self, subnormal_deltas: Sequence[bool], subnormal_gradients: Sequence[bool]) -> None:
        """Look up what the loop uses, from the output down; products that meet subnormals go another way."""
        net, layers, n = self.net, self.grads.layers, self.trace.n
        self._subnormal = subnormal_deltas, subnormal_gradients
        self._steps = []
        for index, here in reversed(list(enumerate(layers))):
            if subnormal_gradients[index]:
                times_delta = subnormal_times(here.delta)
            else:
                times_delta = times_by_rows(here.delta, here.block_grad.shape[-1])
            below = self.trace.layers[index - 1].with_ones.mT if index else None
            step = BackwardStep(here.delta, here.block_grad, times_delta, below)
            self._steps.append(step)
            if index == net.spec.depth:
                continue
            weights, into = net.weights[index + 1], here.delta
            if self._arriving is not None:
                weights = net.blocks[index + 1]
                into = self._arriving[: weights.shape[1] * n].reshape(-1, n)
            subnormal = subnormal_deltas[index + 1]
            step.times_weights = subnormal_times(weights.mT) if subnormal else transposed_times(weights, n)
            step.delta_above = layers[index + 1].delta
            step.arriving_and_bias, step.arriving = into, into[..., : here.delta.shape[-2], :]
            step.derivative = self._derivatives.layers[index]
            step.fill_derivative = self._derivatives.fill[index]
            self._hang_hooks(index, step)

    def _hang_hooks(self, index: int, step: BackwardStep) -> None:
        """Add what a residual connection, a normalization and the factors do before and after φ′."""
        spec, here = self.net.spec, self.grads.layers[index]
        arrival: list[Hook] = []
        departure: list[Hook] = []
        # No methods of this object: it would hold itself, and with it its arrays, until a full collection.
        if self._factors:
            arrival.append(partial(_measure_weights, here, step.arriving, step.delta_above))
        if spec.skips[index] or spec.skips[index + 1]:
            assert self._carried is not None
            carried = self._carried[: here.delta.size].reshape(here.delta.shape)
            arrival.append(partial(_shortcut, step.arriving, carried, spec.skips[index + 1], spec.skips[index]))
        if spec.normalization is not None:
            departure.append(partial(_normalization, self.net, self.trace, self.grads, index))
        if self._factors:
            departure.append(partial(_measure_derivative, here))
        step.on_arrival, step.on_departure = _in_turn(arrival), _in_turn(departure)

    @property
    def needs_weight_gradients(self) -> bool:
        """Whether the next run needs the weight gradients: it looks for subnormals, or there are some."""
        return self._runs % LOOK_EVERY == 0 or any(map(any, self._subnormal))

    def run(self, targets: Array, signs: Array | None = None, weight_gradients: bool = True) -> Any:
        """Fill the gradients and return the loss.

        Parameters
        ----------
        targets : (outputs, n)
        signs : (outputs, n), optional
            `signs_of(targets)`: gives the same loss for less.
        weight_gradients : bool
            Whether weight gradients are wanted, or only δ; False only if not `needs_weight_gradients`.
        """
        inputs = self.trace.input.mT
        self.grads.loss = self._output(targets, signs)  # and the output's δ
        for here in self._steps:
            if here.times_weights:
                if here.fill_derivative:
                    here.fill_derivative()
                here.times_weights(here.delta_above, here.arriving_and_bias)  # Wᵀδ
                if here.on_arrival:
                    here.on_arrival()
                np.multiply(here.arriving, here.derivative, here.delta)  # δ ← Wᵀδ ∘ φ′
                if here.on_departure:
                    here.on_departure()
            if weight_gradients:
                here.times_delta(inputs if here.below is None else here.below, here.block_grad)  # ∂W = δ aᵀ
        if self._runs % LOOK_EVERY == 0:
            self._look_for_subnormals()
        self._runs += 1
        return self.grads.loss

    def _look_for_subnormals(self) -> None:
        """See where the next products would pass through subnormals, which is first of all in the lowest layer."""
        layers, none = self.grads.layers, (False,) * len(self.grads.layers)
        found, limit = (none, none), NEAR_SUBNORMAL[self.grads.flat.itemsize]
        if peak(layers[0].block_grad) < limit:
            deltas = [peak(layer.delta) for layer in layers]
            below = [peak(self.trace.input)] + [peak(layer.activation) for layer in self.trace.layers[:-1]]
            found = (
                tuple(0 < delta < limit for delta in deltas),
                tuple(0 < delta and delta * a < limit for delta, a in zip(deltas, below, strict=True)),
            )
        if found != self._subnormal:
            self._plan(*found)

    def _output(self, targets: Array, signs: Array | None) -> Any:
        """Fill the output's δ and return the loss."""
        last, delta = self.trace.layers[-1], self.grads.layers[-1].delta
        z, a = last.pre_activation, last.activation
        self.loss.delta(z, a, targets, self.net.spec.output, delta)
        np.multiply(delta, self._share, delta)
        if signs is None or self.loss.hard is None:
            return self.loss.value(z, a, targets)
        losses = self.loss.hard(z, signs)
        if losses.ndim == 2:
            return float(losses.ravel().dot(self._shares))
        return losses.reshape(len(losses), -1).dot(self._shares)


def _in_turn(hooks: list[Hook]) -> Hook | None:
    """Return what calls all hooks, None if there are none."""
    return partial(_call_all, hooks) if len(hooks) > 1 else next(iter(hooks), None)


def _call_all(hooks: list[Hook]) -> None:
    for hook in hooks:
        hook()


def _shortcut(arriving: Array, carried: Array, adds: bool, carries: bool) -> None:
    """Add what the residual connection above hands down, and keep what the one here does."""
    if adds:
        np.add(arriving, carried, arriving)
    if carries:
        np.copyto(carried, arriving)


def _normalization(net: Network, trace: Trace, grads: Gradients, index: int) -> None:
    """Take a layer's δ, and the gradients of scale and shift, through its normalization."""
    here, seen, kind = grads.layers[index], trace.layers[index], net.spec.normalization
    assert kind is not None
    assert seen.standardized is not None
    assert seen.spread is not None
    assert here.scale_grad is not None
    assert here.shift_grad is not None
    normalization.backpropagate(
        here.delta, seen.standardized, seen.spread, net.scales[index], kind, here.scale_grad, here.shift_grad
    )


def _measure_weights(here: LayerGradients, arriving: Array, delta_above: Array) -> None:
    here.arriving_norm = norm(arriving)
    here.weight_factor = _ratio(here.arriving_norm, norm(delta_above))


def _measure_derivative(here: LayerGradients) -> None:
    here.derivative_factor = _ratio(norm(here.delta), here.arriving_norm)


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else float("nan")


def backward(net: Network, trace: Trace, y: Any) -> Gradients:
    """Return loss and gradients for the batch that `forward` ran.

    Parameters
    ----------
    net : Network
    trace : Trace
        Of `forward(net, x)`, with the network's parameters unchanged since.
    y : array-like
        Class numbers (n,), or targets (n, outputs).

    Returns
    -------
    Gradients
        .loss, and for each layer .delta, .weight_grad, .bias_grad, .weight_factor, .derivative_factor.

    Raises
    ------
    ValueError
        If y does not fit the network or the trace.
    """
    targets = as_targets(y, net.spec.sizes[-1], net.spec.loss_name)
    if len(targets) != trace.n:
        raise ValueError(f"y must have one entry for each of the trace's {trace.n} samples, got {len(targets)}")
    grads = Gradients(net.spec, trace.n)
    with np.errstate(all="ignore"):  # overflow ends as Inf or NaN in the gradients, and is shown as such
        Backward(net, trace, grads, factors=True).run(targets.T.astype(net.spec.dtype))
    return grads
