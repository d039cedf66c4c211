"""What the saturation explorer measures: one activation on its real inputs, and all layers of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

import gradcore as gc
from gradcore.records.saturation import SATURATED, WEAK, ActivationEffect, activation_effect, largest_derivative
from gradcore.records.strongest_path import strongest_path
from ui.explorers.inputs import examples
from ui.explorers.saturation.setup import Settings
from ui.explorers.screen import Values

# Half the width of the axis of z, and bins on it; the most of an unbounded φ that is drawn.
REACH, BINS, HIGHEST = 8.0, 64, 4.0
CURVE = 193
# Powers of ten of φ′ against its largest that have bins of their own.
DECADES, PER_DECADE = 8, 4
NORMALS = 20_000
# Other layers' histograms are of so many inputs: enough for a shade.
SHADED = 200

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Measured:
    """What is shown.

    Attributes
    ----------
    layer : int
        From 1.
    passage : ActivationEffect
        Of the inputs under the curve.
    low, high : float
        Axis of φ and φ′.
    z, curve, slope : (CURVE,)
        φ and φ′.
    inputs, outputs : (BINS + 2,)
        Shares by bin, the first and last of what lies beyond.
    slopes : (2 + DECADES × PER_DECADE,)
        Shares by |φ′| against its largest: exactly 0, below 10^−DECADES, and by powers of ten.
    shades : (depth, BINS)
        Each layer's histogram of z, what lies beyond in the outermost bins.
    means, factors, nothing : (depth,)
        Of each layer: mean activation, √E φ′², share below 1 % of the largest slope.
    path_z, path_slopes : (depth,)
        One input's way through the units with the largest weights.
    without, with_weights : (depth,)
        Powers of ten of the product of φ′ (and of |w|) from the output down to each layer.
    """

    layer: int
    passage: ActivationEffect
    low: float
    high: float
    z: Array
    curve: Array
    slope: Array
    inputs: Array
    outputs: Array
    slopes: Array
    shades: Array
    means: Array
    factors: Array
    nothing: Array
    path_z: Array
    path_slopes: Array
    without: Array
    with_weights: Array


def measure(settings: Settings, values: Values, net: gc.Network) -> Measured:
    """Run the inputs through the network and look at it."""
    activation = gc.ACTIVATIONS[settings.activation]
    layer = min(values["layer"], settings.depth)
    with np.errstate(all="ignore"):
        trace = gc.forward(net, examples(settings.inputs).x)
        z_layer = trace.layers[layer - 1].pre_activation
        z = z_layer if values["source"] == "layer" else values["mean"] + values["std"] * _normals()
        low, high = axis_of(activation)
        slopes = np.abs(activation.derivative(z)) / largest_derivative(settings.activation)
        others = [activation_effect(settings.activation, one.pre_activation[:, :SHADED]) for one in trace.layers[:-1]]
        grid = np.linspace(-REACH, REACH, CURVE)
        return Measured(
            layer, activation_effect(settings.activation, z), low, high,
            grid, activation.value(grid), activation.derivative(grid),
            shares(z, -REACH, REACH, BINS), shares(activation.value(z), low, high, BINS), slope_shares(slopes),
            np.stack([_shade(one.pre_activation[:, :SHADED]) for one in trace.layers[:-1]]),
            np.array([one.activation.mean() for one in trace.layers[:-1]]),
            np.array([one.gradient_factor for one in others]), np.array([one.saturated_fraction for one in others]),
            *_path(net, trace, min(values["sample"], trace.n) - 1),
        )  # fmt: skip


@st.cache_resource(show_spinner=False)
def _normals() -> Array:
    """Return standard normal inputs that mirror each other, so that their mean is 0."""
    draws = np.random.default_rng(0).standard_normal(NORMALS // 2)
    return np.concatenate([draws, -draws])


def axis_of(activation: gc.Activation) -> tuple[float, float]:
    """Return the axis on which φ and φ′ are drawn."""
    ends = activation.value(np.array([-REACH, REACH]))
    low, high = max(activation.range[0], -HIGHEST, float(ends[0])), min(activation.range[1], HIGHEST)
    return min(0.0, low, activation.range[0] if activation.range[0] > -HIGHEST else 0.0), max(high, 1.0)


def shares(values: Array, low: float, high: float, bins: int) -> Array:
    """Return the share of values in each of equal bins, first and last those beyond; NaN counts as below."""
    flat = values.ravel()
    place = np.clip((flat - low) * (bins / (high - low)), -1, bins)
    place[np.isnan(place)] = -1
    return np.asarray(np.bincount(np.floor(place).astype(np.int64) + 1, minlength=bins + 2) / flat.size)


def slope_shares(slopes: Array) -> Array:
    """Return the shares of slopes: exactly 0, below all decades, and in quarters of decades."""
    flat = slopes.ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.floor((np.log10(flat) + DECADES) * PER_DECADE)
    place = np.clip(np.nan_to_num(place, neginf=-1.0), -1, DECADES * PER_DECADE - 1).astype(np.int64) + 2
    place[flat == 0] = 0
    return np.asarray(np.bincount(place, minlength=2 + DECADES * PER_DECADE) / flat.size)


def _shade(z: Array) -> Array:
    row = shares(z, -REACH, REACH, BINS)
    row[1] += row[0]
    row[-2] += row[-1]
    return row[1:-1]


def _path(net: gc.Network, trace: gc.Trace, sample: int) -> tuple[Array, Array, Array, Array]:
    depth = net.spec.depth
    units = strongest_path(net.weights)[1:]
    z = np.array([trace.layers[layer].pre_activation[units[layer], sample] for layer in range(depth)])
    slopes = np.array(
        [abs(float(gc.ACTIVATIONS[name].derivative(z[at : at + 1])[0])) for at, name in enumerate(net.spec.activations)]
    )
    weights = np.array([abs(net.weights[layer + 1][units[layer + 1], units[layer]]) for layer in range(depth)])
    powers = np.log10(slopes)
    without, both = powers[::-1].cumsum()[::-1], (powers + np.log10(weights))[::-1].cumsum()[::-1]
    return z, slopes, without, both


assert SATURATED == 0.01
assert WEAK == 0.1
