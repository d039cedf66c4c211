"""Backpropagation held against plain differences of the loss: nudge a parameter, see how the loss moves.

Independent of the backward pass it tests: it only ever runs forward.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.data.arrays import as_inputs, as_targets
from gradcore.functions.activations import ACTIVATIONS
from gradcore.functions.losses import LOSSES
from gradcore.kernels.random_streams import PROBES, stream
from gradcore.network.backprop import backward
from gradcore.network.forward import Forward, forward
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# Steps h of the five-point difference (f(−2h) − 8f(−h) + 8f(h) − f(2h))/12h: its truncation error falls with h⁴,
# its rounding error grows with 1/h. The first two that agree to AGREEMENT settle it, else the two that agree best;
# steps that cross a kink do not count.
STEPS = (1e-3, 2e-4, 4e-5, 8e-6, 1.6e-6)
AGREEMENT = 1e-7
STENCIL = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))
# A gradient entry below this (times the loss, if that is above 1) is compared absolutely: differences of a loss
# cannot resolve less.
FLOOR = 1e-5
# Parameters checked in each layer, evenly drawn if it has more.
SAMPLE = 60


def check_gradients(net: Network, x: Any, y: Any, sample: int | None = SAMPLE) -> list[float]:
    """Compare backpropagation with numeric differentiation, in float64.

    Parameters
    ----------
    net : Network
        Of dtype float64; left as it was.
    x : array-like (n, features)
    y : array-like
        Class numbers (n,), or targets (n, outputs).
    sample : int or None
        How many parameters to check in each layer; None: all.

    Returns
    -------
    list of float
        For each weight layer the largest relative error |analytic − numeric|/max(|analytic|, |numeric|, floor)
        over its parameters, biases and normalization's included; Inf where one of the two is not finite. Parameters
        too close to a kink are passed over; NaN if that is all of them.

    Raises
    ------
    ValueError
        If the network is not float64, or x or y do not fit.
    """
    if net.spec.dtype != "float64":
        raise ValueError(f"check_gradients needs a network of dtype 'float64', got {net.spec.dtype!r}")
    with np.errstate(all="ignore"):  # what is not finite comes out as an error of Inf
        return _errors(net, x, y, sample)


def _errors(net: Network, x: Any, y: Any, sample: int | None) -> list[float]:
    analytic = backward(net, forward(net, x), y).flat
    probe = _Probe(net, as_inputs(x, net.spec.sizes[0]), as_targets(y, net.spec.sizes[-1], net.spec.loss_name))
    floor = FLOOR * max(1.0, abs(probe.loss()))
    errors = []
    for indices in _parameters_by_layer(net):
        if sample is not None and len(indices) > sample:
            indices = stream(0, PROBES).choice(indices, sample, replace=False)
        layer_errors = []
        for index in indices:
            numeric = probe.derivative(int(index), floor)
            if numeric is not None:
                size = max(abs(analytic[index]), abs(numeric), floor)
                error = abs(analytic[index] - numeric) / size
                layer_errors.append(error if np.isfinite(error) else np.inf)
        errors.append(float(np.max(layer_errors)) if layer_errors else float("nan"))
    return errors


def _parameters_by_layer(net: Network) -> list[npt.NDArray[np.int64]]:
    """Return for each layer where its parameters stand in the flat vector."""
    positions = np.arange(net.layout.size, dtype=np.float64)
    layers = [block.ravel() for block in net.layout.blocks(positions)]
    for index, (scale, shift) in enumerate(
        zip(net.layout.scales(positions), net.layout.shifts(positions), strict=True)
    ):
        layers[index] = np.concatenate([layers[index], scale, shift])
    return [layer.astype(np.int64) for layer in layers]


class _Probe:
    """The loss of one batch as a function of the parameters."""

    def __init__(self, net: Network, x: Array, targets: Array) -> None:
        self.net = net
        self.loss_function = LOSSES[net.spec.loss_name].value
        self.trace = Trace(net.spec, len(x))
        self.trace.input[:-1] = x.T
        self.forward = Forward(net, self.trace)
        self.targets = targets.T
        self.kinks = [
            (layer, kinks) for layer, name in enumerate(net.spec.activations) if (kinks := ACTIVATIONS[name].kinks)
        ]
        self.loss()
        self.pieces = self._pieces()

    def loss(self) -> float:
        """Return the loss at the parameters as they stand."""
        self.forward.run()
        last = self.trace.layers[-1]
        return self.loss_function(last.pre_activation, last.activation, self.targets)

    def _pieces(self) -> list[npt.NDArray[np.int64]]:
        """Return on which side of its kinks each unit is, for each sample."""
        return [np.searchsorted(kinks, self.trace.layers[layer].activation_input) for layer, kinks in self.kinks]

    def derivative(self, index: int, floor: float) -> float | None:
        """Return ∂loss/∂parameter by differences, None if a kink is too near."""
        previous, best, disagreement = None, None, float("inf")
        for step in STEPS:
            slope = self._difference(index, step)
            if slope is None:
                continue
            if previous is None:
                best = slope
            elif abs(slope - previous) < disagreement:
                best, disagreement = slope, abs(slope - previous)
            if disagreement <= AGREEMENT * max(abs(slope), floor):
                return best
            previous = slope
        return best

    def _difference(self, index: int, step: float) -> float | None:
        parameters = self.net.parameters
        value = parameters[index]
        total, same_piece = 0.0, True
        for multiple, weight in STENCIL:
            parameters[index] = value + multiple * step
            total += weight * self.loss()
            pieces = zip(self.pieces, self._pieces(), strict=True)
            same_piece = same_piece and all(np.array_equal(before, now) for before, now in pieces)
        parameters[index] = value
        return total / step if same_piece else None
