"""The buffers of a backward pass: δ and the gradients of all layers, in flat vectors of which the layers are views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import ParameterLayout, UnitLayout
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


@dataclass(slots=True)
class LayerGradients:
    """What the backward pass computed at one layer.

    Attributes
    ----------
    delta : (fan_out, n)
        δ = ∂loss/∂z, which has the mean loss's 1/n in it.
    weight_grad, bias_grad : (fan_out, fan_in), (fan_out,)
        ∂loss/∂W and ∂loss/∂b.
    block_grad : (fan_out, fan_in + 1)
        Both of them, as they lie in the flat gradient.
    scale_grad, shift_grad : (fan_out,) or None
        Gradients of the normalization's scale and shift; None without normalization.
    backpropagated_norm : float
        ‖Wᵀδ_{l+1}‖, the Frobenius norm over units and samples; NaN where no factors were asked for.
    weight_factor, derivative_factor : float
        ‖Wᵀδ_{l+1}‖/‖δ_{l+1}‖ and ‖δ_l‖/‖Wᵀδ_{l+1}‖, whose product is ‖δ_l‖/‖δ_{l+1}‖; NaN on the last layer, and where
        no factors were asked for.
    """

    delta: Array
    weight_grad: Array
    bias_grad: Array
    block_grad: Array
    scale_grad: Array | None = None
    shift_grad: Array | None = None
    backpropagated_norm: float = float("nan")
    weight_factor: float = float("nan")
    derivative_factor: float = float("nan")


class Gradients:
    """Buffers of one backward pass over n samples, by layer and flat.

    Parameters
    ----------
    spec : NetworkSpec
    n : int
        Number of samples.
    networks : int, optional
        Number of networks in a batch of them, all of one spec: every array then has an axis of networks in front.

    Attributes
    ----------
    loss : float, or (networks,)
        Loss of the mini-batch that was run forward.
    layers : list of LayerGradients
        Each layer's views of the flat vectors.
    flat : (size,)
        All gradients, in the order of Network.parameters; `layout` says where each layer lies.
    deltas : flat vector
        δ of all layers; `units` says where each layer lies.
    """

    def __init__(self, spec: NetworkSpec, n: int, networks: int | None = None) -> None:
        lead = () if networks is None else (networks,)
        self.loss: Any = float("nan")
        self.layout = ParameterLayout(spec.sizes, spec.normalization is not None)
        self.units = UnitLayout(spec.sizes[1:], n)
        self.flat: Array = np.zeros((*lead, self.layout.size), spec.dtype)
        self.deltas: Array = np.zeros((*lead, self.units.size), spec.dtype)
        self.layers = [
            LayerGradients(delta, block[..., :-1], block[..., -1], block)
            for delta, block in zip(self.units.layers(self.deltas), self.layout.blocks(self.flat), strict=True)
        ]
        for layer, scale, shift in zip(
            self.layers, self.layout.scales(self.flat), self.layout.shifts(self.flat), strict=False
        ):
            layer.scale_grad, layer.shift_grad = scale, shift
