"""Jacobians from layer to layer, and their singular values: which directions of a gradient each layer stretches.

On its way back the gradient is multiplied by the transposed Jacobians, so their singular values are its factors. The
singular values of the whole product say what is left of the best and the worst direction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.activations import ACTIVATIONS
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]


def jacobian(net: Network, trace: Trace, layer: int, sample: int = 0) -> Array:
    """Return ∂z_{l+1}/∂z_l at one sample: W_{l+1} diag(φ′(z_l)).

    Parameters
    ----------
    net : Network
        A single network without normalization.
    trace : Trace
        What `forward(net, x)` returned.
    layer : int
        Hidden layer l, counted from 0.
    sample : int
        Row of x.

    Returns
    -------
    (units of layer l + 1, units of layer l)
        In float64.

    Raises
    ------
    ValueError
        If the network is normalized (batch normalization couples samples), or there is no such layer.
    """
    spec = net.spec
    if spec.normalization is not None:
        raise ValueError("normalization must be None: a normalized layer's Jacobian is not that of its weights")
    if not 0 <= layer < spec.depth:
        raise ValueError(f"layer must be a hidden one, from 0 to {spec.depth - 1}, got {layer}")
    z = trace.layers[layer].pre_activation[:, sample].astype(np.float64)
    derivatives = ACTIVATIONS[spec.activations[layer]].derivative(z)
    return net.weights[layer + 1].astype(np.float64) * derivatives


def singular_values(net: Network, trace: Trace, sample: int = 0) -> tuple[list[Array], Array]:
    """Return the singular values of each Jacobian between hidden layers, and of their product, at one sample.

    Parameters
    ----------
    net, trace, sample
        As in `jacobian`.

    Returns
    -------
    each : list of arrays
        Singular values of ∂z_{l+1}/∂z_l, for each hidden layer l but the last.
    product : array
        log10 of the singular values of the product, ∂(last hidden z)/∂(first hidden z), which may lie beyond every
        float. Rounding leaves nothing of those more than 16 digits below the largest.

    Raises
    ------
    ValueError
        As `jacobian` does, and if there are fewer than two hidden layers, or residual connections.
    """
    if net.spec.depth < 2:
        raise ValueError(f"depth must be at least 2 for a product of Jacobians, got {net.spec.depth}")
    if net.spec.residual:
        raise ValueError("residual must be False: past a layer the gradient also takes the short cut")
    jacobians = [jacobian(net, trace, layer, sample) for layer in range(net.spec.depth - 1)]
    each = [np.linalg.svd(one, compute_uv=False) for one in jacobians]
    product, exponent = np.eye(jacobians[0].shape[1]), 0
    for one in jacobians:
        product = one @ product
        peak = float(np.abs(product).max())
        if not 0 < peak < np.inf:
            break
        shift = int(np.frexp(peak)[1])
        product, exponent = np.ldexp(product, -shift), exponent + shift
    with np.errstate(divide="ignore"):  # log10 of 0, where a direction is lost altogether, is −Inf
        return each, np.log10(np.linalg.svd(product, compute_uv=False)) + exponent * np.log10(2)
