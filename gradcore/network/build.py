"""Where a run's network comes from: each layer's weights drawn by its initializer, or a copy of a given network."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from gradcore.checks import check_seed, shown
from gradcore.data.arrays import as_inputs
from gradcore.functions.initializers import INITIALIZERS
from gradcore.kernels.random_streams import BIAS_NORMAL, BIAS_UNIFORM, PROBES, base_draw, stream
from gradcore.network.lsuv import scale_to_gain
from gradcore.network.network import Network
from gradcore.specs import NetworkSpec

# Inputs that LSUV looks at where it is given none.
LSUV_SAMPLES = 256


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
        scale_to_gain(net, as_inputs(x, spec.sizes[0]))
    return net


def copy_of(net: Any, spec: NetworkSpec) -> Network:
    """Return a network with the parameters and running estimates of another one, in memory of its own.

    Parameters
    ----------
    net : Network
    spec : NetworkSpec
        What net's spec has to be.

    Raises
    ------
    ValueError
        If net is not one network of that spec; the message says where it differs.
    """
    if not isinstance(net, Network):
        raise ValueError(f"net must be a Network, got {shown(net)}")
    pairs = [(field.name, getattr(net.spec, field.name), getattr(spec, field.name)) for field in fields(spec)]
    differences = [f"{name} {own!r} instead of {wanted!r}" for name, own, wanted in pairs if own != wanted]
    if differences:
        raise ValueError(f"net must have the spec of the run, got one with {', '.join(differences)}")
    copy = Network(spec)
    if net.parameters.shape != copy.parameters.shape:
        raise ValueError(f"net must have parameters of shape {copy.parameters.shape}, got {net.parameters.shape}")
    copy.parameters[:] = net.parameters
    if net.running_mean is not None and net.running_variance is not None:
        copy.running_mean = [mean.copy() for mean in net.running_mean]
        copy.running_variance = [variance.copy() for variance in net.running_variance]
    return copy
