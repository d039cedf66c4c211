"""Where a run stops being finite: found before the update, so that the last finite weights are kept."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import ParameterLayout
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# Squares of gradients far too small for the largest learning rate, 10⁶, to make a parameter overflow; by bytes of a
# number.
FAR_FROM_OVERFLOW = {4: 1e30, 8: 1e280}


class Where(NamedTuple):
    """Weight layer, from 0, and quantity: "activation", "loss", "gradient" or "parameter"."""

    layer: int
    quantity: str


class Watch:
    """Sees at each step whether activations, loss and gradients are finite, and stay so with the update.

    Parameters
    ----------
    net, trace, grads
        A run's; of several networks at once, or of one.
    """

    def __init__(self, net: Network, trace: Trace, grads: Gradients) -> None:
        self.net, self.trace, self.grads = net, trace, grads
        # An activation that is Inf or NaN makes some product in the gradient so. But BLAS leaves products with single
        # columns out where a factor is 0, and normalization divides an Inf away.
        hidden_from_product = trace.n == 1 or 1 in net.spec.sizes[:-1] or net.spec.normalization is not None
        self._gradients_tell = not hidden_from_product
        self._flat, self._all = grads.flat, grads.flat.reshape(-1, copy=False)

    def non_finite(self, loss: float) -> Where | None:
        """Return where a single network's activations, loss or gradients are not finite, None if all are.

        One product settles the usual case: a finite sum of squares proves each entry finite, indeed below the square
        root of the largest float.
        """
        if self._gradients_tell and math.isfinite(self._flat.dot(self._flat)) and math.isfinite(loss):
            return None
        return self._where(loss, ())

    def is_far_from_overflow(self, loss: float) -> bool:
        """Say whether a single network's loss, δ and activations are so small that no weight gradient can be large.

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

    def non_finite_ones(self, losses: Array) -> dict[int, Where]:
        """Return the same of those networks, out of several, that have something that is not finite."""
        # The same product over all of them: a third of the time of one for each (64 small networks).
        if self._gradients_tell and math.isfinite(self._all.dot(self._all)) and math.isfinite(losses.sum()):
            return {}
        fine = np.isfinite(np.vecdot(self._flat, self._flat)) & np.isfinite(losses)
        suspects = np.flatnonzero(~fine) if self._gradients_tell else range(len(losses))
        found = {int(one): self._where(float(losses[one]), (int(one),)) for one in suspects}
        return {one: where for one, where in found.items() if where is not None}

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

    def overflowing(self, change: Array) -> Where | None:
        """Return where subtracting `change` would make a single network's parameters not finite, None if nowhere."""
        # A finite square bounds the change by the root of the largest float, far too little to overflow a parameter.
        return None if math.isfinite(change.dot(change)) else self._where_overflowing(change, ())

    def overflowing_ones(self, change: Array) -> dict[int, Where]:
        """Return the same of those networks, out of several, whose parameters would not be finite."""
        suspects = np.flatnonzero(~np.isfinite(np.vecdot(change, change)))
        found = {int(one): self._where_overflowing(change, (int(one),)) for one in suspects}
        return {one: where for one, where in found.items() if where is not None}

    def _where_overflowing(self, change: Array, network: tuple[int, ...]) -> Where | None:
        finite = _finite_layers(self.net.layout, (self.net.parameters - change)[network])
        return next((Where(index, "parameter") for index in range(len(finite)) if not finite[index]), None)


def _finite_layers(layout: ParameterLayout, flat: Array) -> list[bool]:
    finite = [bool(np.isfinite(block).all()) for block in layout.blocks(flat)]
    for parts in (layout.scales(flat), layout.shifts(flat)):
        for index, values in enumerate(parts):
            finite[index] &= bool(np.isfinite(values).all())
    return finite
