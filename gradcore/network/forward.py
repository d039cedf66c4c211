"""The forward pass: layer by layer from the input to the prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.data.arrays import as_inputs
from gradcore.functions.normalization import normalize, normalize_by
from gradcore.kernels.products import Product, times
from gradcore.network.network import Network
from gradcore.network.trace import LayerTrace, Trace

Array = npt.NDArray[np.floating[Any]]


@dataclass(slots=True)
class ForwardStep:
    """What the forward pass uses at one layer, looked up once: at each step that would cost as much as the products.

    Attributes
    ----------
    times_weights : callable
        times_weights(a below, z) writes W a + b.
    z, phi_input, a : (fan_out, n)
        The pre-activation, what φ sees (z itself, or the normalized z), and the layer's output.
    a_with_ones : (fan_out + 1, n)
        The output as the next layer reads it, with the constant input of its biases.
    before_phi : callable or None
        Turns z into what φ sees, where that is another array.
    phi : callable
        phi(z, out) writes φ(z).
    skip : bool
        Whether the layer's input is added to its output.
    """

    times_weights: Product
    z: Array
    before_phi: Callable[[], object] | None
    phi: Callable[[Array, Array], object]
    phi_input: Array
    a: Array
    skip: bool
    a_with_ones: Array


class Forward:
    """The forward pass of a network through one trace, ready to run again and again.

    Parameters
    ----------
    net : Network
    trace : Trace
        Its `input` is read, its layers are filled.
    running : bool
        Standardize by batch normalization's running estimates instead of the batch's own statistics.
    """

    def __init__(self, net: Network, trace: Trace, running: bool = False) -> None:
        self.net, self.trace = net, trace
        self._steps = [
            ForwardStep(times(block, trace.n), layer.pre_activation, self._before_phi(layer, index, running), phi,
                        layer.activation_input, layer.activation, layer.skip, layer.with_ones)
            for index, (block, layer, phi) in enumerate(zip(net.blocks, trace.layers, net.activations, strict=True))
        ]  # fmt: skip

    def run(self) -> None:
        """Fill the trace, layer by layer from the input to the output."""
        below = self.trace.input
        for here in self._steps:
            # Called as names: as attributes, Python would look for methods, 2 % of a step of 2-8-8-1.
            times_weights, phi = here.times_weights, here.phi
            times_weights(below, here.z)  # z = W a + b
            if here.before_phi:
                here.before_phi()
            phi(here.phi_input, here.a)  # a = φ(z)
            if here.skip:
                np.add(here.a, below[..., :-1, :], here.a)
            below = here.a_with_ones

    def _before_phi(self, layer: LayerTrace, index: int, running: bool) -> Callable[[], None] | None:
        """Return what turns z into what φ sees; None where that is z itself."""
        if layer.standardized is not None:
            # No method of this object: it would hold itself, and with it its arrays, until a full collection.
            return partial(_normalize, self.net, layer, index, running)
        if layer.activation_input is not layer.pre_activation:
            return partial(np.copyto, layer.activation_input, layer.pre_activation)
        return None


def _normalize(net: Network, layer: LayerTrace, index: int, running: bool) -> None:
    """Standardize a layer's z by the mini-batch, or by the running statistics."""
    kind, scale, shift = net.spec.normalization, net.scales[index], net.shifts[index]
    assert kind is not None
    assert layer.standardized is not None
    if running and kind == "batch" and net.running_mean is not None and net.running_variance is not None:
        mean, variance = net.running_mean[index], net.running_variance[index]
        normalize_by(layer.pre_activation, mean, variance, scale, shift, layer.activation_input)
    else:
        layer.mean, layer.variance, layer.spread = normalize(
            layer.pre_activation, scale, shift, kind, layer.standardized, layer.activation_input
        )


def forward(net: Network, x: Any) -> Trace:
    """Run x through the network and keep everything on the way, in arrays of its own.

    Parameters
    ----------
    net : Network
    x : array-like (n, features)

    Returns
    -------
    Trace
        layers[l].pre_activation and .activation are (fan_out, n); output is (n, outputs). Batch normalization uses
        this batch's own statistics, as in training.

    Raises
    ------
    ValueError
        If x does not fit the network.
    """
    return _forward(net, x, running=False)


def predict(net: Network, x: Any) -> Array:
    """Return the network's predictions (n, outputs) for x (n, features).

    As `forward(net, x).output`, but batch normalization uses the running estimates of training once there are any.

    Raises
    ------
    ValueError
        If x does not fit the network.
    """
    return _forward(net, x, running=True).output


def _forward(net: Network, x: Any, running: bool) -> Trace:
    x = as_inputs(x, net.spec.sizes[0])
    trace = Trace(net.spec, len(x))
    trace.set_input(x)
    with np.errstate(all="ignore"):  # overflow ends as Inf or NaN in the trace, and is shown as such
        Forward(net, trace, running).run()
    return trace
