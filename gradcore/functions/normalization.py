"""Batch and layer normalization of pre-activations, forward and backward.

Both subtract a mean, divide by a standard deviation and apply a trained scale and shift to each unit. They differ only
in what the mean is taken over: in batch normalization over the samples of each unit (Ioffe & Szegedy 2015), in layer
normalization over the units of each sample (Ba, Kiros & Hinton 2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

EPSILON = 1e-5  # as in both papers' implementations and PyTorch
MOMENTUM = 0.1  # weight of a new batch in the running estimates, as in PyTorch

# The axis that the mean is taken over.
AXIS = {"batch": -1, "layer": -2}


def normalize(
    z: Array, scale: Array, shift: Array, kind: str, standardized: Array, out: Array
) -> tuple[Array, Array, Array]:
    """Standardize z (fan_out, n), write the result to `standardized` and scale · result + shift to `out`.

    Returns
    -------
    mean, variance, spread
        Statistics over the axis of `kind`, which stays as an axis of length 1; spread = √(variance + ε).
    """
    axis = AXIS[kind]
    mean = z.mean(axis=axis, keepdims=True)
    np.subtract(z, mean, out=standardized)
    variance = np.square(standardized).mean(axis=axis, keepdims=True)
    spread = np.sqrt(variance + EPSILON)
    standardized /= spread
    np.multiply(standardized, scale[..., None], out=out)
    out += shift[..., None]
    return mean, variance, spread


def normalize_by(z: Array, mean: Array, variance: Array, scale: Array, shift: Array, out: Array) -> Array:
    """Standardize each unit of z (fan_out, n) by given means and variances (fan_out,), then scale and shift."""
    factor = scale / np.sqrt(variance + EPSILON)
    np.subtract(z, mean[..., None], out=out)
    out *= factor[..., None]
    out += shift[..., None]
    return out


def backpropagate(
    grad: Array, standardized: Array, spread: Array, scale: Array, kind: str, scale_grad: Array, shift_grad: Array
) -> None:
    """Turn `grad`, ∂loss/∂(normalized z), into ∂loss/∂z in place, and write the gradients of scale and shift.

    With y the standardized values, g = scale · grad, and means over the axis of `kind`:
    ∂loss/∂z = (g − mean(g) − y · mean(g · y)) / spread (Ioffe & Szegedy 2015, §3, simplified).
    """
    axis = AXIS[kind]
    np.vecdot(grad, standardized, out=scale_grad)
    grad.sum(axis=-1, out=shift_grad)
    grad *= scale[..., None]
    projection = (grad * standardized).mean(axis=axis, keepdims=True)
    grad -= grad.mean(axis=axis, keepdims=True)
    grad -= standardized * projection
    grad /= spread
