"""Where the backward pass puts what it computes: δ and gradients of all layers in flat vectors, layers as views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import ParameterLayout, UnitLayout, aligned_zeros
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


@dataclass(slots=True)
class LayerGradients:
    """What the backward pass computed at one layer.

    Attributes
    ----------
    delta : (fan_out, n)
        ∂loss/∂z, with the mean's 1/n in it.
    weight_grad, bias_grad : (fan_out, fan_in), (fan_out,)
        Like the parameters.
    block_grad : (fan_out, fan_in + 1)
        Both, as they lie in the flat gradient.
    scale_grad, shift_grad : (fan_out,) or None
        Of the normalization, if there is one.
    arriving_norm : float
        ‖Wᵀδ_{l+1}‖, like the next two only where they were asked for.
    weight_factor, derivative_factor : float
        ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ and ‖δ_l‖/‖Wᵀδ_{l+1}‖ (Frobenius norms over units and samples), whose product is
        ‖δ_l‖/‖δ_{l+1}‖; NaN on the last layer, and where nothing was asked for.
    """

    delta: Array
    weight_grad: Array
    bias_grad: Array
    block_grad: Array
    scale_grad: Array | None = None
    shift_grad: Array | None = None
    arriving_norm: float = float("nan")
    weight_factor: float = float("nan")
    derivative_factor: float = float("nan")


class Gradients:
    """Buffers of one backward pass over n samples, by layer and flat.

    Parameters
    ----------
    spec : NetworkSpec
    n : int
    networks : int, optional
        That many networks of one spec at once: every array then has an axis of them in front.

    Attributes
    ----------
    loss : float
        Of the batch that was run forward; of several networks an array.
    flat : (size,)
        All gradients, in the order of Network.parameters.
    layers : list of LayerGradients
    deltas : flat vector
        δ of all layers, in the order of Trace.units.
    """

    def __init__(self, spec: NetworkSpec, n: int, networks: int | None = None) -> None:
        lead = () if networks is None else (networks,)
        self.loss: Any = float("nan")
        self.layout = ParameterLayout(spec.sizes, spec.normalization is not None)
        self.units = UnitLayout(spec.sizes[1:], n)
        self.flat: Array = aligned_zeros((*lead, self.layout.size), spec.dtype)
        self.deltas: Array = aligned_zeros((*lead, self.units.size), spec.dtype)
        self.layers = [
            LayerGradients(delta, block[..., :-1], block[..., -1], block)
            for delta, block in zip(self.units.layers(self.deltas), self.layout.blocks(self.flat), strict=True)
        ]
        for layer, scale, shift in zip(
            self.layers, self.layout.scales(self.flat), self.layout.shifts(self.flat), strict=False
        ):
            layer.scale_grad, layer.shift_grad = scale, shift
