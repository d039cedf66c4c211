"""Activation functions φ, each with its derivative in terms of z, exact over the whole range of the float type.

The usual shortcuts a(1−a) and 1−a² turn into exactly 0 once a rounds to 1, long before the derivative does
(float32 sigmoid: from z = 17 on, though the derivative is above 0 up to 104). They save an exponential and are used,
but only where the result is so large that it has lost no visible precision; e^−|z| gives the rest.

Each φ is a function f(z, out=None), each φ′ a function f(z, a=None, out=None) with a = φ(z), which may save an
exponential; both work elementwise in z's dtype.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.scalars import FOUR, MINUS_ONE, MINUS_TWO, ONE, ZERO, smallest

Array = npt.NDArray[np.floating[Any]]

# The shortcuts make an error of at most 1 part in 10⁴ (float32) or 10⁹ (float64) where the derivative is above this.
# The keys, here and below, are a number's size in bytes.
SHORTCUT_LIMIT = {4: 1.2e-3, 8: 5e-7}
# From this z on e^−z is finite, and 1/(1+e^−z) a normal number.
LOWEST_PLAIN = {4: -80.0, 8: -700.0}


def _replace_small(out: Array, limit: float, z: Array, exact: Callable[[Array], Array]) -> Array:
    """Replace the entries of `out` that are below `limit` or NaN by exact(z).

    Usually there are none, which one pass over `out` tells. A test of z would take two passes, and a single saturated
    unit would make all of its stack of layers be computed exactly.
    """
    least = smallest(out)
    if not least >= limit:
        small = out < limit if least == least else ~(out >= limit)  # NaN is not below any number
        if out.flags.c_contiguous:
            # Indices take two fifths of the mask's time if 3 of 10 of 8,192 numbers are small.
            indices = small.reshape(-1).nonzero()[0]
            out.reshape(-1)[indices] = exact(z.reshape(-1)[indices])
        else:
            out[small] = exact(z[small])
    return out


def _tail(z: Array, rate: Array, out: Array | None) -> tuple[Array, Array]:
    """Return e^(rate · |z|) and, in `out` if given, (1 + that)²: sigmoid′ and tanh′ are quotients of the two."""
    tail = np.abs(z, np.empty_like(z))
    np.multiply(tail, rate, tail)
    np.exp(tail, tail)
    square = np.add(tail, ONE, out=np.empty_like(z) if out is None else out)
    return tail, np.square(square, square)


def _into(out: Array | None, result: Array) -> Array:
    if out is None:
        return result
    np.copyto(out, result)
    return out


def identity(z: Array, out: Array | None = None) -> Array:
    """Return z."""
    return np.positive(z, out=out)


def identity_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1."""
    out = np.empty_like(z) if out is None else out
    out.fill(1)
    return out


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """Return 1/(1+e^−z) without overflow, small values to full relative precision."""
    if not smallest(z) > LOWEST_PLAIN[z.itemsize]:
        low = ~(z > LOWEST_PLAIN[z.itemsize])
        out = _into(out, sigmoid(np.where(low, 0, z)))
        out[low] = np.exp(z[low])
        return out
    out = np.negative(z, out)
    np.exp(out, out)
    np.add(out, ONE, out)
    return np.reciprocal(out, out)


def sigmoid_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return e^−|z|/(1+e^−|z|)²."""
    if a is not None:
        out = np.subtract(ONE, a, out=out)
        out *= a
        return _replace_small(out, SHORTCUT_LIMIT[z.itemsize], z, sigmoid_derivative)
    tail, square = _tail(z, MINUS_ONE, out)
    return np.divide(tail, square, square)


def tanh_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1 − tanh² z, computed as 4e^−2|z|/(1+e^−2|z|)² where the difference would cancel."""
    if a is not None:
        out = np.square(a, out=out)  # two thirds of the time of a × a
        np.subtract(ONE, out, out)
        return _replace_small(out, SHORTCUT_LIMIT[z.itemsize], z, tanh_derivative)
    tail, square = _tail(z, MINUS_TWO, out)
    np.multiply(tail, FOUR, tail)
    return np.divide(tail, square, square)


def relu(z: Array, out: Array | None = None) -> Array:
    """Return max(0, z)."""
    return np.maximum(z, ZERO, out=out)


def relu_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1 for z > 0, else 0."""
    return np.greater(z, ZERO, out=np.empty_like(z) if out is None else out)


LEAK = 0.01


def leaky_relu(z: Array, out: Array | None = None) -> Array:
    """Return z for z > 0, else 0.01 z."""
    return np.maximum(z, LEAK * z, out=out)


def leaky_relu_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1 for z > 0, else 0.01."""
    out = relu_derivative(z, out=out)
    return np.maximum(out, LEAK, out=out)


def elu(z: Array, out: Array | None = None) -> Array:
    """Return z for z > 0, else e^z − 1."""
    return _into(out, np.where(z > 0, z, np.expm1(np.minimum(z, 0))))


def elu_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1 for z > 0, else e^z."""
    return np.exp(np.minimum(z, 0), out=out)


SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def selu(z: Array, out: Array | None = None) -> Array:
    """Return λz for z > 0, else λα(e^z − 1)."""
    negative = (SELU_SCALE * SELU_ALPHA) * np.expm1(np.minimum(z, 0))
    return _into(out, np.where(z > 0, SELU_SCALE * z, negative))


def selu_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return λ for z > 0, else λα e^z."""
    negative = (SELU_SCALE * SELU_ALPHA) * np.exp(np.minimum(z, 0))
    return _into(out, np.where(z > 0, z.dtype.type(SELU_SCALE), negative))


def _elementwise(function: Callable[[float], float], z: Array) -> Array:
    # NumPy has no erf. The C library's is exact in both tails, at about 50 ns for each element.
    flat = np.fromiter(map(function, z.ravel().tolist()), dtype=np.float64, count=z.size)
    return flat.reshape(z.shape).astype(z.dtype, copy=False)


def erf(z: Array, out: Array | None = None) -> Array:
    """Return erf z."""
    return _into(out, _elementwise(math.erf, z))


def erf_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 2/√π · e^−z²."""
    near = np.clip(z, -40, 40)  # beyond ±40 e^−z² is 0 in both dtypes, and z² might overflow
    return np.multiply(2 / math.sqrt(math.pi), np.exp(-near * near), out=out)


def _normal_cdf(z: Array) -> Array:
    # erfc keeps the relative precision of the lower tail, which ½(1+erf) loses.
    return 0.5 * _elementwise(math.erfc, z * -math.sqrt(0.5))


def gelu(z: Array, out: Array | None = None) -> Array:
    """Return z Φ(z), Φ being the normal distribution function."""
    return np.multiply(z, _normal_cdf(z), out=out)


def gelu_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return Φ(z) + z Φ′(z)."""
    near = np.clip(z, -60, 60)
    density = np.exp(-0.5 * near * near) / math.sqrt(2 * math.pi)
    return np.add(_normal_cdf(z), z * density, out=out)


def silu(z: Array, out: Array | None = None) -> Array:
    """Return z σ(z)."""
    return np.multiply(z, sigmoid(z), out=out)


def silu_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return σ(z)(1 + z σ(−z))."""
    return np.multiply(sigmoid(z), 1 + z * sigmoid(-z), out=out)


def softplus(z: Array, out: Array | None = None) -> Array:
    """Return ln(1 + e^z)."""
    return np.add(np.maximum(z, 0), np.log1p(np.exp(-np.abs(z))), out=out)


def softplus_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return σ(z)."""
    return sigmoid(z, out=out)


def softsign(z: Array, out: Array | None = None) -> Array:
    """Return z/(1+|z|)."""
    return np.divide(z, 1 + np.abs(z), out=out)


def softsign_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1/(1+|z|)²."""
    return np.square(1 / (1 + np.abs(z)), out=out)


LECUN_SCALE = 1.7159
LECUN_SLOPE = 2 / 3


def lecun_tanh(z: Array, out: Array | None = None) -> Array:
    """Return 1.7159 tanh(2z/3)."""
    return np.multiply(LECUN_SCALE, np.tanh(LECUN_SLOPE * z), out=out)


def lecun_tanh_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1.7159 · 2/3 · tanh′(2z/3)."""
    return np.multiply(LECUN_SCALE * LECUN_SLOPE, tanh_derivative(LECUN_SLOPE * z), out=out)


def hard_sigmoid(z: Array, out: Array | None = None) -> Array:
    """Return z/6 + ½ between 0 and 1."""
    return np.clip(z / 6 + 0.5, 0, 1, out=out)


def hard_sigmoid_derivative(z: Array, a: Array | None = None, out: Array | None = None) -> Array:
    """Return 1/6 for |z| < 3, else 0."""
    return np.multiply(np.abs(z) < 3, z.dtype.type(1 / 6), out=out)
