"""A network: its parameters, and how it is built.

A layer computes z = W a + b from the activations a below it, then φ(z). As the article draws it, the bias is the
weight of an input that is constantly 1: activation buffers carry a row of ones, parameter blocks a column of
biases, and one matrix product does both. With normalization φ sees the normalized z; with a residual connection
the layer's input is added to φ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.activations import ACTIVATIONS
from gradcore.checks import check_seed
from gradcore.forward import Forward, as_inputs
from gradcore.initializers import INITIALIZERS
from gradcore.layout import ParameterLayout, aligned_zeros
from gradcore.losses import output_activation
from gradcore.normalization import MOMENTUM
from gradcore.norms import mean_and_std
from gradcore.specs import NetworkSpec
from gradcore.streams import BIAS_NORMAL, BIAS_UNIFORM, PROBES, base_draw, stream
from gradcore.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# LSUV (Mishkin & Matas 2016, Algorithm 1): stop when the variance is this close to its target, or after so many rounds.
LSUV_TOLERANCE = 0.1
LSUV_ROUNDS = 10
LSUV_SAMPLES = 256


class Network:
    """Parameters in one flat vector, with views by layer.

    Parameters
    ----------
    spec : NetworkSpec
    parameters : (size,) or (networks, size), optional
        Taken as they are, not copied; with an axis of networks in front, all views have it too.

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

    def __init__(self, spec: NetworkSpec, parameters: Array | None = None) -> None:
        self.spec = spec
        self.layout = ParameterLayout(spec)
        self.parameters: Array = aligned_zeros(self.layout.size, spec.dtype) if parameters is None else parameters
        self.blocks = self.layout.blocks(self.parameters)
        self.weights = [block[..., :-1] for block in self.blocks]
        self.biases = [block[..., -1] for block in self.blocks]
        self.scales = self.layout.scales(self.parameters)
        self.shifts = self.layout.shifts(self.parameters)
        if parameters is None:
            for scale in self.scales:
                scale.fill(1)
        hidden = [ACTIVATIONS[name].value for name in spec.activations]
        self.activations: list[Callable[[Array, Array], Any]] = [*hidden, output_activation(spec.output)]
        self.running_mean: list[Array] | None = None
        self.running_variance: list[Array] | None = None

    def absorb_batch_statistics(self, trace: Trace) -> None:
        """Move batch normalization's running estimates towards a trace's batch, as PyTorch does.

        The first batch sets them, so that they are of use from the start.
        """
        unbiased = trace.n / max(trace.n - 1, 1)
        means = [layer.mean[..., 0] for layer in trace.layers if layer.mean is not None]
        variances = [layer.variance[..., 0] * unbiased for layer in trace.layers if layer.variance is not None]
        if self.running_mean is None or self.running_variance is None:
            self.running_mean, self.running_variance = [mean.copy() for mean in means], variances
            return
        for running, seen in zip(self.running_mean + self.running_variance, means + variances, strict=True):
            running += MOMENTUM * (seen - running)


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
    forward = Forward(net, trace)
    low, high = np.sqrt([1 - LSUV_TOLERANCE, 1 + LSUV_TOLERANCE])
    for layer, (name, gain) in enumerate(zip(net.spec.initializers, net.spec.gains, strict=True)):
        for _ in range(LSUV_ROUNDS if INITIALIZERS[name].fits_data else 0):
            with np.errstate(all="ignore"):
                forward.run()
            _, spread = mean_and_std(trace.layers[layer].pre_activation)
            # A constant output cannot be scaled: no input reaches the layer, or it is a single number.
            if not 0 < spread < np.inf or gain == 0 or low <= spread / gain <= high:
                break
            net.weights[layer] *= gain / spread
