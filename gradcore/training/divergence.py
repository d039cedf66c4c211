"""Finds where a run stops being finite, before the update, so that the last finite weights are kept."""

from __future__ import annotations

import math
from collections.abc import Container
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import ParameterLayout
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]

# Squares of gradients far too small for the largest learning rate, 10⁶, to make a parameter overflow; by bytes of a
# number.
FAR_FROM_OVERFLOW = {4: 1e30, 8: 1e280}


class Where(NamedTuple):
    """Weight layer, from 0, and quantity: "activation", "loss", "gradient" or "parameter"."""

    layer: int
    quantity: str


class Watch:
    """Checks at each step whether activations, loss and gradients are finite, and parameters stay so with the update.

    It names networks by their numbers; a single network is number 0.

    Parameters
    ----------
    net, trace, grads
        A run's network and buffers; several networks lie along a first axis.

    Attributes
    ----------
    gradient_is_bounded : bool
        Whether the last call of `non_finite` proved that all gradients lie below the root of the largest float.
    """

    def __init__(self, net: Network, trace: Trace, grads: Gradients) -> None:
        self.net, self.trace, self.grads = net, trace, grads
        # An activation that is Inf or NaN makes some product in the gradient so, too. But BLAS skips products with
        # single columns where a factor is 0, and normalization divides by an Inf, which gives 0.
        hidden_from_product = trace.n == 1 or 1 in net.spec.sizes[:-1] or net.spec.normalization is not None
        self._gradients_tell = not hidden_from_product
        self._flat, self._all = grads.flat, grads.flat.reshape(-1, copy=False)
        self._several = grads.flat.ndim > 1
        self.gradient_is_bounded = False

    def non_finite(self, loss: Any, known: Container[int] = ()) -> dict[int, Where]:
        """Return where networks have activations, losses or gradients that are not finite; {} if none has.

        One product settles the usual case: a finite sum of squares proves each entry finite, indeed below the square
        root of the largest float. Over all networks it takes a third of the time of one for each (64 small networks).

        Parameters
        ----------
        loss : float, or of several networks (networks,)
        known : container of int
            Networks that are skipped, since they have diverged before.
        """
        self.gradient_is_bounded = bounded = math.isfinite(self._all.dot(self._all))
        if bounded and self._gradients_tell and math.isfinite(loss.sum() if self._several else loss):
            return {}
        losses = np.atleast_1d(loss)
        fine = np.zeros(len(losses), dtype=bool)
        if self._gradients_tell:
            fine = _finite_squares(self._flat) & np.isfinite(losses)
        found = {network: self._where(float(losses[network]), index) for network, index in self._suspects(fine, known)}
        return {network: where for network, where in found.items() if where is not None}

    def is_far_from_overflow(self, loss: float) -> bool:
        """Return whether a single network's loss, δ and activations are so small that no weight gradient can be large.

        A weight's gradient is at most ‖δ‖ times ‖a‖ of the layers that it connects (Cauchy–Schwarz).
        """
        below, limit = self.trace.input, FAR_FROM_OVERFLOW[self._flat.itemsize]
        for gradients, here in zip(self.grads.layers, self.trace.layers, strict=True):
            delta, activations = gradients.delta.reshape(-1), below.reshape(-1)
            # Inf or NaN on the way makes it Inf or NaN, and so not below the limit.
            if not float(delta.dot(delta)) * float(activations.dot(activations)) < limit:
                return False
            below = here.with_ones
        return math.isfinite(loss)

    def overflowing(self, change: Array, known: Container[int] = ()) -> dict[int, Where]:
        """Return where subtracting `change` would make networks' parameters not finite; {} if nowhere.

        A finite square bounds the change by the root of the largest float, far too little to overflow a parameter.

        Parameters
        ----------
        change : like net.parameters
        known : container of int
            As in `non_finite`.
        """
        flat = change.reshape(-1, copy=False)
        if math.isfinite(flat.dot(flat)):
            return {}
        found = {}
        for network, index in self._suspects(_finite_squares(change), known):
            finite = _finite_layers(self.net.layout, self.net.parameters[index] - change[index])
            if not all(finite):
                found[network] = Where(finite.index(False), "parameter")
        return found

    def _suspects(self, fine: Mask, known: Container[int]) -> list[tuple[int, tuple[int, ...]]]:
        """Return number and index, () if there is but one, of the networks that are neither fine nor known."""
        numbers = [int(network) for network in np.flatnonzero(~fine) if network not in known]
        return [(network, (network,) if self._several else ()) for network in numbers]

    def _where(self, loss: float, network: tuple[int, ...]) -> Where | None:
        for index, layer in enumerate(self.trace.layers):
            if not np.isfinite(layer.activation[network]).all():
                return Where(index, "activation")
            if layer.variance is not None and not np.isfinite(layer.variance[network]).all():
                return Where(index, "activation")
        if not math.isfinite(loss):
            return Where(self.net.spec.depth, "loss")
        finite = _finite_layers(self.net.layout, self._flat[network])
        # The backward pass starts at the output: that is where a gradient goes wrong first.
        return next((Where(index, "gradient") for index in reversed(range(len(finite))) if not finite[index]), None)


def _finite_squares(vectors: Array) -> Mask:
    """Return for each network whether the sum of its vector's squares is finite."""
    rows = vectors.reshape(-1, vectors.shape[-1], copy=False)
    return np.isfinite(np.vecdot(rows, rows))


def _finite_layers(layout: ParameterLayout, flat: Array) -> list[bool]:
    finite = [bool(np.isfinite(block).all()) for block in layout.blocks(flat)]
    for parts in (layout.scales(flat), layout.shifts(flat)):
        for index, values in enumerate(parts):
            finite[index] &= bool(np.isfinite(values).all())
    return finite
