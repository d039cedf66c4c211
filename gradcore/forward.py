"""The forward pass: layer by layer from the input to the prediction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradcore.normalization import normalize, normalize_by
from gradcore.products import times
from gradcore.trace import LayerTrace, Trace

if TYPE_CHECKING:
    from gradcore.network import Network  # which initializes by running forward

Array = npt.NDArray[np.floating[Any]]


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
        # Looked up once: at each step it would cost a small network as much as the products do.
        self._layers = [
            (times(block, trace.n), layer.pre_activation, self._between(layer, index, running), activation,
             layer.activation_input, layer.activation, layer.skip, layer.with_ones)
            for index, (block, layer, activation) in enumerate(
                zip(net.blocks, trace.layers, net.activations, strict=True)
            )
        ]  # fmt: skip

    def run(self) -> None:
        """Fill the trace: z = W a + b, then φ, layer by layer."""
        below = self.trace.input
        for times_weights, z, between, activation, seen, a, skip, a_with_ones in self._layers:
            times_weights(below, z)
            if between:
                between()
            activation(seen, a)
            if skip:
                a += below[..., :-1, :]
            below = a_with_ones

    def _between(self, layer: LayerTrace, index: int, running: bool) -> Callable[[], None] | None:
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


def as_inputs(x: Any, features: int) -> Array:
    """Return x as a float array (n, features).

    Raises
    ------
    ValueError
        If it has another shape, no sample, or entries that are not finite numbers.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "biuf":
        raise ValueError(f"x must be numbers, got an array of {x.dtype}")
    if x.ndim != 2 or x.shape[1] != features or len(x) == 0:
        raise ValueError(f"x must have shape (n, {features}) with n at least 1, got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError("x must be finite, got NaN or infinity")
    return x if x.dtype.kind == "f" else x.astype(np.float64)


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
