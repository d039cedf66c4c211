"""The backward pass: from the loss down to every weight's gradient, by the chain rule.

δ_l = ∂loss/∂z_l. The signal that arrives at a layer's output is Wᵀδ of the layer above; times φ′ it is the layer's
own δ; and δ times the activations below is the gradient of its weights. Each layer's part of vanishing or exploding
is kept apart: the weights' factor ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ and the derivative's factor ‖δ_l‖/‖Wᵀδ_{l+1}‖.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore import normalization
from gradcore.gradients import Gradients
from gradcore.layout import aligned_zeros
from gradcore.losses import LOSSES, as_targets
from gradcore.network import Network
from gradcore.norms import norm
from gradcore.products import FAINT, Product, faint_times, peak, times_by_rows, transposed_times
from gradcore.slopes import Slopes
from gradcore.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# Passes between two looks at whether numbers have become faint.
LOOK_EVERY = 16


class Backward:
    """The backward pass between one trace and one set of gradient buffers, ready to run again and again.

    Parameters
    ----------
    net : Network
    trace : Trace
        Buffers that `Forward` fills.
    grads : Gradients
        Buffers to fill, for as many samples.
    slopes : Slopes, optional
        Of this trace, where networks that take turns share it.
    """

    def __init__(self, net: Network, trace: Trace, grads: Gradients, slopes: Slopes | None = None) -> None:
        spec = net.spec
        self.net, self.trace, self.grads = net, trace, grads
        self.loss = LOSSES[spec.loss_name]
        self._residual, self._normalized = spec.residual, spec.normalization is not None
        self._share = np.array(1 / trace.n, dtype=spec.dtype)
        self._shares = np.full(trace.n * spec.sizes[-1], self._share)
        self._slopes = slopes or Slopes(spec, trace)
        # What arrives at a layer's output, Wᵀδ, and below it what arrives at the constant 1, which nobody needs:
        # `dot` would copy weights apart from their biases, a tenth of a step of 2-[16×5]-1, a twentieth of
        # 64-[64×10]-10. Several networks have no dot, and gain nothing by it.
        rows = max(block.shape[-1] for block in net.blocks)
        self._arriving = aligned_zeros(rows * trace.n, spec.dtype) if net.parameters.ndim == 1 else None
        self._runs = 0
        self._plan((False,) * (spec.depth + 1), (False,) * (spec.depth + 1))

    def _plan(self, faint_deltas: Sequence[bool], faint_gradients: Sequence[bool]) -> None:
        """Look up once what the loop uses at each step, from the last hidden layer down."""
        net, layers, slopes, n = self.net, self.grads.layers, self._slopes, self.trace.n
        self._faint = faint_deltas, faint_gradients
        self._hidden = []
        for index, here in reversed(list(enumerate(layers[:-1]))):
            weights, into = net.weights[index + 1], here.delta
            if self._arriving is not None:
                weights = net.blocks[index + 1]
                into = self._arriving[: weights.shape[1] * n].reshape(-1, n)
            times_weights = faint_times(weights.mT) if faint_deltas[index + 1] else transposed_times(weights, n)
            arriving = into[..., : here.delta.shape[-2], :]
            self._hidden.append(
                (index, times_weights, layers[index + 1].delta, into, arriving, slopes.fill[index],
                 slopes.layers[index], here.delta, self._times_delta(index), self._below(index), here.block_grad)
            )  # fmt: skip
        self._last_times_delta, self._below_output = self._times_delta(net.spec.depth), self._below(net.spec.depth)

    def _times_delta(self, index: int) -> Product:
        here, (_, faint_gradients) = self.grads.layers[index], self._faint
        columns = here.block_grad.shape[-1]
        return faint_times(here.delta) if faint_gradients[index] else times_by_rows(here.delta, columns)

    def _below(self, index: int) -> Array | None:
        """Return the activations below a layer, (n, fan_in + 1); None for the input, another array at each step."""
        return self.trace.layers[index - 1].with_ones.mT if index else None

    @property
    def needs_weight_gradients(self) -> bool:
        """Whether the next run needs the weight gradients: it looks for the faint, or there are some."""
        return self._runs % LOOK_EVERY == 0 or any(map(any, self._faint))

    def run(
        self, targets: Array, signs: Array | None = None, split: bool = False, weight_gradients: bool = True
    ) -> Any:
        """Fill the gradients and return the loss.

        Parameters
        ----------
        targets : (outputs, n)
        signs : (outputs, n), optional
            `signs_of(targets)`: gives the same loss for less.
        split : bool
            Whether weight_factor and derivative_factor are wanted; of a single network.
        weight_gradients : bool
            Whether weight gradients are wanted, or only δ; False only if not `needs_weight_gradients`.
        """
        trace, last, inputs = self.trace.layers, self.grads.layers[-1], self.trace.input.mT
        residual, normalized = self._residual, self._normalized
        self.grads.loss = self._output(trace[-1].pre_activation, trace[-1].activation, targets, signs, last.delta)
        if weight_gradients:
            self._last_times_delta(inputs if self._below_output is None else self._below_output, last.block_grad)
        carried = None  # what a residual connection hands down past the layer's weights
        for (index, times_weights, above, into, arriving, fill_slopes, slope, delta, times_delta, below, block_grad
             ) in self._hidden:  # fmt: skip
            if fill_slopes:
                fill_slopes()
            times_weights(above, into)
            weight_norm = norm(arriving) if split else 0.0
            if residual:
                if carried is not None:
                    arriving += carried
                carried = arriving.copy() if trace[index].skip else None
            np.multiply(arriving, slope, delta)
            if normalized:
                self._normalization(index)
            if split:
                self._split(index, weight_norm)
            if weight_gradients:
                times_delta(inputs if below is None else below, block_grad)
        if self._runs % LOOK_EVERY == 0:
            self._look_for_the_faint()
        self._runs += 1
        return self.grads.loss

    def _look_for_the_faint(self) -> None:
        """See where the next products would pass through denormals, which is first of all in the lowest layer."""
        layers, none = self.grads.layers, (False,) * len(self.grads.layers)
        faint, limit = (none, none), FAINT[self.grads.flat.itemsize]
        if peak(layers[0].block_grad) < limit:
            deltas = [peak(layer.delta) for layer in layers]
            below = [peak(self.trace.input)] + [peak(layer.activation) for layer in self.trace.layers[:-1]]
            faint = (
                tuple(0 < delta < limit for delta in deltas),
                tuple(0 < delta and delta * a < limit for delta, a in zip(deltas, below, strict=True)),
            )
        if faint != self._faint:
            self._plan(*faint)

    def _output(self, z: Array, a: Array, targets: Array, signs: Array | None, delta: Array) -> Any:
        """Fill the output's δ and return the loss."""
        self.loss.delta(z, a, targets, self.net.spec.output, delta)
        np.multiply(delta, self._share, delta)
        if signs is None or self.loss.hard is None:
            return self.loss.value(z, a, targets)
        losses = self.loss.hard(z, signs)
        if losses.ndim == 2:
            return float(losses.ravel().dot(self._shares))
        return losses.reshape(len(losses), -1).dot(self._shares)

    def _normalization(self, index: int) -> None:
        here, trace, kind = self.grads.layers[index], self.trace.layers[index], self.net.spec.normalization
        assert kind is not None
        assert trace.standardized is not None
        assert trace.spread is not None
        assert here.scale_grad is not None
        assert here.shift_grad is not None
        normalization.backpropagate(
            here.delta, trace.standardized, trace.spread, self.net.scales[index], kind, here.scale_grad, here.shift_grad
        )

    def _split(self, index: int, weight_norm: float) -> None:
        here, above = self.grads.layers[index], self.grads.layers[index + 1]
        here.weight_factor = _ratio(weight_norm, norm(above.delta))
        here.derivative_factor = _ratio(norm(here.delta), weight_norm)


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
        Backward(net, trace, grads).run(targets.T.astype(net.spec.dtype), split=True)
    return grads
