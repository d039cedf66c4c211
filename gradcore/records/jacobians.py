"""Jacobians from layer to layer, and their singular values: what directions of a gradient each layer stretches.

On its way back the gradient is multiplied by the transposed Jacobians, so their singular values are the factors; and
the singular values of the whole product say what is left of the best and the worst direction.
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
        A single one, without normalization.
    trace : Trace
        Of `forward(net, x)`.
    layer : int
        Hidden layer l, from 0.
    sample : int

    Returns
    -------
    (units of layer l + 1, units of layer l)

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
    slopes = ACTIVATIONS[spec.activations[layer]].derivative(z)
    return net.weights[layer + 1].astype(np.float64) * slopes


def singular_values(net: Network, trace: Trace, sample: int = 0) -> tuple[list[Array], Array]:
    """Return each hidden layer's Jacobian's singular values, and those of the product of all, first to last hidden z.

    The product's are given as powers of ten, since they may lie beyond every float; what lies more than 16 digits
    below the largest is lost in rounding.

    Raises
    ------
    ValueError
        As `jacobian`; also without two hidden layers.
    """
    if net.spec.depth < 2:
        raise ValueError(f"depth must be at least 2 for a product of Jacobians, got {net.spec.depth}")
    if net.spec.residual:
        raise ValueError("residual must be False: past a layer the gradient also takes the short cut")
    layers = [jacobian(net, trace, layer, sample) for layer in range(net.spec.depth - 1)]
    each = [np.linalg.svd(one, compute_uv=False) for one in layers]
    product, exponent = np.eye(layers[0].shape[1]), 0
    for one in layers:
        product = one @ product
        peak = float(np.abs(product).max())
        if not 0 < peak < np.inf:
            break
        shift = int(np.frexp(peak)[1])
        product, exponent = np.ldexp(product, -shift), exponent + shift
    with np.errstate(divide="ignore"):  # a direction that is lost altogether: 10^−∞
        return each, np.log10(np.linalg.svd(product, compute_uv=False)) + exponent * np.log10(2)
