"""The buffers of a forward pass: everything a network computes for one batch, flat and by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import UnitLayout
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


@dataclass(slots=True)
class LayerTrace:
    """What one layer computed for a batch of n samples.

    Attributes
    ----------
    pre_activation : (fan_out, n)
        z = W a + b.
    activation_input : (fan_out, n)
        What φ saw: z itself, or the normalized z.
    activation : (fan_out, n)
        The layer's output: φ, plus the layer's input where there is a residual connection; in the last layer the
        network's output.
    with_ones : (fan_out + 1, n)
        The same with the row of ones below it, as the next layer reads it.
    skip : bool
        Whether the layer's input was added.
    standardized, mean, variance, spread : arrays or None
        Of the normalization, if there is one.
    """

    pre_activation: Array
    activation_input: Array
    activation: Array
    with_ones: Array
    skip: bool
    standardized: Array | None = None
    mean: Array | None = None
    variance: Array | None = None
    spread: Array | None = None


class Trace:
    """Buffers of one forward pass over n samples, by layer and flat.

    Parameters
    ----------
    spec : NetworkSpec
    n : int
    networks : int, optional
        That many networks of one spec at once: every array then has an axis of them in front.

    Attributes
    ----------
    n : int
    layers : list of LayerTrace
    input : (features + 1, n)
        The batch, with the row of ones.
    pre_activations, activation_inputs, activations : flat vectors
        What the layers view; `units` and `units_with_ones` say where each layer lies.
    """

    def __init__(self, spec: NetworkSpec, n: int, networks: int | None = None) -> None:
        self.n = n
        lead = () if networks is None else (networks,)
        widths = spec.sizes[1:]
        hidden = [True] * spec.depth + [False]
        self.units = UnitLayout(widths, n)
        self.units_with_ones = UnitLayout(widths, n, hidden)
        self.input: Array = np.ones((*lead, spec.sizes[0] + 1, n), dtype=spec.dtype)
        self.pre_activations: Array = np.zeros((*lead, self.units.size), spec.dtype)
        self.activations: Array = np.zeros((*lead, self.units_with_ones.size), spec.dtype)
        self.activations.fill(1)
        normalized = spec.normalization is not None
        self.activation_inputs = self._another() if normalized else self.pre_activations
        standardized = self.units.layers(self._another()) if normalized else [None] * len(widths)
        self.layers = [
            LayerTrace(z, u, a, ones, skip, y if is_hidden else None)
            for z, u, a, ones, skip, y, is_hidden in zip(
                self.units.layers(self.pre_activations),
                self.units.layers(self.activation_inputs),
                self.units_with_ones.layers(self.activations),
                self.units_with_ones.with_ones(self.activations),
                spec.skips,
                standardized,
                hidden,
                strict=True,
            )
        ]

    def _another(self) -> Array:
        return np.zeros(self.pre_activations.shape, self.pre_activations.dtype)

    def set_input(self, x: Array) -> None:
        """Take x (n, features) in as the batch; what its dtype cannot hold becomes Inf, and is shown as such."""
        with np.errstate(over="ignore"):
            self.input[..., :-1, :] = x.mT

    @property
    def output(self) -> Array:
        """Predictions (n, outputs)."""
        return self.layers[-1].activation.mT
