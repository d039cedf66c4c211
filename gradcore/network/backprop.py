"""The backward pass: from the loss down to every weight's gradient, by the chain rule.

δ = ∂loss/∂z. Wᵀδ of the layer above is the gradient of a layer's activations, which times φ′ is the layer's own δ; and
δ times the activations below is the gradient of its weights. Each layer's part of vanishing or exploding is measured
by two factors: the weights' ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ and the activation derivative's ‖δ_l‖/‖Wᵀδ_{l+1}‖.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.data.arrays import as_targets
from gradcore.functions.losses import LOSSES
from gradcore.kernels.gradient_chunks import times_by_rows
from gradcore.kernels.products import Product, times
from gradcore.kernels.subnormals import NEAR_SUBNORMAL, peak, subnormal_times
from gradcore.network.backward_hooks import Hook, hooks
from gradcore.network.derivative_buffers import ActivationDerivatives
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# Passes from one check for nearly subnormal numbers to the next.
SUBNORMAL_CHECK_EVERY = 16


@dataclass(slots=True)
class BackwardStep:
    """Arrays and calls of the backward pass at one layer, looked up once: at each step that would cost too much.

    Attributes
    ----------
    delta, block_grad : (fan_out, n), (fan_out, fan_in + 1)
        Where δ, and the gradient of weights and biases, are written.
    times_delta : callable
        times_delta(aᵀ, block_grad) writes δ aᵀ.
    below : (n, fan_in + 1) or None
        aᵀ, the activations below with the ones; None at the first layer, whose input is another array at each step.
    times_weights : callable or None
        times_weights(delta_above, activation_grad_with_ones) writes Wᵀδ, W being the weights above. None, as all that
        follow, at the output, whose δ is the loss's.
    delta_above : (units above, n)
        δ of the layer above.
    activation_grad_with_ones : (fan_out, n) or (fan_out + 1, n)
        Where Wᵀδ is written; if the weights are taken with their biases, the last row is the constant 1's gradient.
    activation_grad : (fan_out, n)
        ∂loss/∂a, the first fan_out rows of it.
    derivative : (fan_out, n)
        φ′.
    fill_derivative : callable or None
        Computes φ′ of this layer and of those below it in the same stack.
    before_derivative, after_derivative : callables or None
        Hooks called before φ′ is applied, and after it.
    """

    delta: Array
    block_grad: Array
    times_delta: Product
    below: Array | None
    times_weights: Product | None = None
    delta_above: Any = None
    activation_grad_with_ones: Any = None
    activation_grad: Any = None
    derivative: Any = None
    fill_derivative: Hook | None = None
    before_derivative: Hook | None = None
    after_derivative: Hook | None = None


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
        The trace's φ′, where networks that take turns share it.
    factors : bool
        Whether weight_factor and derivative_factor are wanted, which only a single network has.
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
        self._inverse_n = np.array(1 / trace.n, dtype=spec.dtype)
        self._inverse_ns = np.full(trace.n * spec.sizes[-1], self._inverse_n)
        self._derivatives = derivatives or ActivationDerivatives(spec, trace)
        # A single network's blocks are multiplied whole, weights and biases, though nobody needs the row that the
        # biases give: `dot` would copy weights without biases, which takes a tenth of a step of 2-[16×5]-1 and a
        # twentieth of 64-[64×10]-10. Several networks are multiplied by matmul, which copies nothing.
        rows = max(block.shape[-1] for block in net.blocks)
        self._activation_grad = np.zeros(rows * trace.n, spec.dtype) if net.parameters.ndim == 1 else None
        largest = max(layer.delta.size for layer in grads.layers)
        self._skip_grad = np.zeros(largest, spec.dtype) if any(spec.skips) else None
        self._factors = factors
        self._runs = 0
        self._look_up_steps((False,) * (spec.depth + 1), (False,) * (spec.depth + 1))

    def _look_up_steps(self, subnormal_deltas: Sequence[bool], subnormal_gradients: Sequence[bool]) -> None:
        """Look up what the loop uses, from the output down, with products that keep clear of the layers' subnormals."""
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
            weights, product = net.weights[index + 1], here.delta
            if self._activation_grad is not None:
                weights = net.blocks[index + 1]
                product = self._activation_grad[: weights.shape[1] * n].reshape(-1, n)
            subnormal = subnormal_deltas[index + 1]
            step.times_weights = subnormal_times(weights.mT) if subnormal else times(weights.mT, n)
            step.delta_above = layers[index + 1].delta
            step.activation_grad_with_ones, step.activation_grad = product, product[..., : here.delta.shape[-2], :]
            step.derivative = self._derivatives.layers[index]
            step.fill_derivative = self._derivatives.fill[index]
            step.before_derivative, step.after_derivative = hooks(
                net, self.trace, self.grads, index, step.activation_grad, self._skip_grad, self._factors
            )

    @property
    def needs_weight_gradients(self) -> bool:
        """Return whether the next run needs the weight gradients: it checks for subnormals, or there are some."""
        return self._runs % SUBNORMAL_CHECK_EVERY == 0 or any(map(any, self._subnormal))

    def run(self, targets: Array, signs: Array | None = None, weight_gradients: bool = True) -> Any:
        """Fill the gradients and return the loss.

        Parameters
        ----------
        targets : (outputs, n)
        signs : (outputs, n), optional
            `signs_of(targets)`, with which the same loss takes less time.
        weight_gradients : bool
            Whether weight gradients are wanted, or δ alone; it must be True if `needs_weight_gradients`.

        Returns
        -------
        float, or (networks,)
        """
        inputs = self.trace.input.mT
        self.grads.loss = self._output(targets, signs)  # and the output's δ
        multiply = np.multiply
        for here in self._steps:
            # Called as names: as attributes, Python would look for methods.
            times_weights, times_delta, fill_derivative = here.times_weights, here.times_delta, here.fill_derivative
            if times_weights:
                if fill_derivative:
                    fill_derivative()
                times_weights(here.delta_above, here.activation_grad_with_ones)  # Wᵀδ
                if here.before_derivative:
                    here.before_derivative()
                multiply(here.activation_grad, here.derivative, here.delta)  # δ ← Wᵀδ ∘ φ′
                if here.after_derivative:
                    here.after_derivative()
            if weight_gradients:
                times_delta(inputs if here.below is None else here.below, here.block_grad)  # ∂W = δ aᵀ
        if self._runs % SUBNORMAL_CHECK_EVERY == 0:
            self._check_for_subnormals()
        self._runs += 1
        return self.grads.loss

    def _check_for_subnormals(self) -> None:
        """Find the layers whose products would meet subnormals, which the lowest layer's are the first to do."""
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
            self._look_up_steps(*found)

    def _output(self, targets: Array, signs: Array | None) -> Any:
        """Fill the output's δ and return the loss."""
        last, delta = self.trace.layers[-1], self.grads.layers[-1].delta
        z, a = last.pre_activation, last.activation
        self.loss.delta(z, a, targets, self.net.spec.output, delta)
        np.multiply(delta, self._inverse_n, delta)
        if signs is None or self.loss.hard is None:
            return self.loss.value(z, a, targets)
        losses = self.loss.hard(z, signs)
        if losses.ndim == 2:
            return float(losses.ravel().dot(self._inverse_ns))
        return losses.reshape(len(losses), -1).dot(self._inverse_ns)


def backward(net: Network, trace: Trace, y: Any) -> Gradients:
    """Return loss and gradients for the batch that `forward` ran.

    Parameters
    ----------
    net : Network
    trace : Trace
        What `forward(net, x)` returned, the network's parameters being unchanged since.
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
