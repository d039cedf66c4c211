"""A network: its parameters in one flat vector, and each layer's view of them.

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

from gradcore.functions.activations import ACTIVATIONS
from gradcore.functions.losses import output_activation
from gradcore.functions.normalization import MOMENTUM
from gradcore.kernels.layout import ParameterLayout
from gradcore.network.trace import Trace
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


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
        self.layout = ParameterLayout(spec.sizes, spec.normalization is not None)
        self.parameters: Array = np.zeros(self.layout.size, spec.dtype) if parameters is None else parameters
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
