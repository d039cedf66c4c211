"""A network, how it is built, and its forward pass.

A layer computes z = W a + b from the activations a below it, then φ(z). As the article draws it, the bias is the
weight of an input that is constantly 1: activation buffers carry a row of ones, parameter blocks a column of
biases, and one matrix product does both. With normalization φ sees the normalized z; with a residual connection
the layer's input is added to φ.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.activations import ACTIVATIONS
from gradcore.checks import check_seed
from gradcore.initializers import INITIALIZERS
from gradcore.layout import ParameterLayout
from gradcore.losses import apply_output
from gradcore.normalization import MOMENTUM, normalize, normalize_by
from gradcore.norms import mean_and_std
from gradcore.specs import NetworkSpec
from gradcore.streams import BIAS_NORMAL, BIAS_UNIFORM, PROBES, base_draw, stream
from gradcore.trace import LayerTrace, Trace

Array = npt.NDArray[np.floating[Any]]

# LSUV (Mishkin & Matas 2016, Algorithm 1): stop when the variance is this close to its target, or after so many rounds.
LSUV_TOLERANCE = 0.1
LSUV_ROUNDS = 10
LSUV_SAMPLES = 256


class Network:
    """Parameters in one flat vector, with views by layer.

    Attributes
    ----------
    spec : NetworkSpec
    parameters : (size,)
        All trained numbers; what the optimizer moves.
    blocks : list of (fan_out, fan_in + 1)
        Each layer's weights with its biases as last column; view.
    weights, biases : lists of (fan_out, fan_in) and (fan_out,)
        Writable views, one for each weight layer, output included.
    scales, shifts : lists of (fan_out,)
        Of the normalized hidden layers; views, empty without normalization.
    activations : list of callables
        activations[l](z, out) writes layer l's φ, in the last layer the output activation.
    running_mean, running_variance : lists of (fan_out,) or None
        Batch normalization's running estimates, which `predict` uses; None until training has seen a batch.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        self.spec = spec
        self.layout = ParameterLayout(spec)
        self.parameters: Array = np.zeros(self.layout.size, dtype=spec.dtype)
        self.blocks = self.layout.blocks(self.parameters)
        self.weights = [block[:, :-1] for block in self.blocks]
        self.biases = [block[:, -1] for block in self.blocks]
        self.scales = self.layout.scales(self.parameters)
        self.shifts = self.layout.shifts(self.parameters)
        for scale in self.scales:
            scale.fill(1)
        hidden = [ACTIVATIONS[name].value for name in spec.activations]
        self.activations: list[Callable[[Array, Array], Any]] = [*hidden, partial(apply_output, spec.output)]
        self.running_mean: list[Array] | None = None
        self.running_variance: list[Array] | None = None

    def absorb_batch_statistics(self, trace: Trace) -> None:
        """Move batch normalization's running estimates towards a trace's batch, as PyTorch does.

        The first batch sets them, so that they are of use from the start.
        """
        unbiased = trace.n / max(trace.n - 1, 1)
        means = [layer.mean[:, 0] for layer in trace.layers if layer.mean is not None]
        variances = [layer.variance[:, 0] * unbiased for layer in trace.layers if layer.variance is not None]
        if self.running_mean is None or self.running_variance is None:
            self.running_mean, self.running_variance = [mean.copy() for mean in means], variances
            return
        for running, seen in zip(self.running_mean + self.running_variance, means + variances, strict=True):
            running += MOMENTUM * (seen - running)


def propagate(net: Network, trace: Trace, running: bool = False) -> None:
    """Run `trace.input` forward through the network, filling the trace's buffers.

    `running` standardizes by batch normalization's running estimates instead of the batch's own statistics.
    """
    below = trace.input
    for index, (block, layer, activation) in enumerate(zip(net.blocks, trace.layers, net.activations, strict=True)):
        np.dot(block, below, out=layer.pre_activation)
        if layer.standardized is not None:
            _normalize(net, layer, index, running)
        elif layer.activation_input is not layer.pre_activation:
            np.copyto(layer.activation_input, layer.pre_activation)
        activation(layer.activation_input, layer.activation)
        if layer.skip:
            layer.activation += below[:-1]
        below = layer.with_ones


def _normalize(net: Network, layer: LayerTrace, index: int, running: bool) -> None:
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
        propagate(net, trace, running)
    return trace


def build(spec: NetworkSpec, seed: int = 0, x: Any = None) -> Network:
    """Make a network and draw its weights.

    Parameters
    ----------
    spec : NetworkSpec
    seed : int
        0 to 2³²−1. Each layer's draws depend on seed, layer and kind of distribution only.
    x : array-like (n, features), optional
        What "lsuv" looks at; None: standard normal inputs.

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If seed or x does not fit.
    """
    seed = check_seed(seed)
    net = Network(spec)
    for layer, (name, gain) in enumerate(zip(spec.initializers, spec.gains, strict=True)):
        initializer = INITIALIZERS[name]
        fan_out, fan_in = net.weights[layer].shape
        draw = base_draw(seed, layer, initializer.kind, (fan_out, fan_in))
        net.weights[layer][:] = initializer.weight(draw, initializer.std(fan_in, fan_out), gain)
        if spec.bias_std > 0:
            net.biases[layer][:] = spec.bias_std * base_draw(seed, layer, BIAS_NORMAL, (fan_out,))
        elif initializer.bias_bound is not None:
            unit = base_draw(seed, layer, BIAS_UNIFORM, (fan_out,)) / np.sqrt(3.0)
            net.biases[layer][:] = initializer.bias_bound(fan_in) * unit
    if any(INITIALIZERS[name].fits_data for name in spec.initializers):
        if x is None:
            x = stream(seed, PROBES).standard_normal((LSUV_SAMPLES, spec.sizes[0]))
        _fit_variances(net, as_inputs(x, spec.sizes[0]))
    return net


def _fit_variances(net: Network, x: Array) -> None:
    """Scale each LSUV layer until its pre-activations on x have standard deviation gain."""
    trace = Trace(net.spec, len(x))
    trace.set_input(x)
    low, high = np.sqrt([1 - LSUV_TOLERANCE, 1 + LSUV_TOLERANCE])
    for layer, (name, gain) in enumerate(zip(net.spec.initializers, net.spec.gains, strict=True)):
        for _ in range(LSUV_ROUNDS if INITIALIZERS[name].fits_data else 0):
            with np.errstate(all="ignore"):
                propagate(net, trace)
            _, spread = mean_and_std(trace.layers[layer].pre_activation)
            # A constant output cannot be scaled: no input reaches the layer, or it is a single number.
            if not 0 < spread < np.inf or gain == 0 or low <= spread / gain <= high:
                break
            net.weights[layer] *= gain / spread
