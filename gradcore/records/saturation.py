"""How much of the gradient an activation lets through, on the inputs that a layer really gets.

A unit multiplies the gradient by φ′ at its pre-activation. A whole layer multiplies the gradient's mean square by
E φ′², if the gradient does not depend on where φ′ is small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.activations import ACTIVATIONS

Array = npt.NDArray[np.floating[Any]]

# Parts of the largest |φ′| below which next to none, or little, of the gradient passes.
SATURATED, WEAK = 0.01, 0.1
# |z| at which the search for an exact 0 starts: a derivative that is not 0 there never becomes 0.
_FARTHEST = {"float32": 1e4, "float64": 1e5}


@dataclass(frozen=True, slots=True)
class ActivationEffect:
    """What a layer's activation does with its inputs, and with the gradient on its way back.

    Attributes
    ----------
    mean_in, variance_in, mean_out, variance_out : float
        Moments of z and of φ(z).
    gradient_factor : float
        √E φ′², by which the layer multiplies the gradient's root mean square.
    saturated_fraction, weak_fraction : float
        Shares of z at which |φ′| is below 1 %, and below 10 %, of its largest value.
    zero_fraction : float
        Share of z at which φ′ is exactly 0.
    """

    mean_in: float
    variance_in: float
    mean_out: float
    variance_out: float
    gradient_factor: float
    saturated_fraction: float
    weak_fraction: float
    zero_fraction: float


def activation_effect(name: str, z: Array) -> ActivationEffect:
    """Return what an activation does at given pre-activations.

    Parameters
    ----------
    name : str
        One of ACTIVATIONS.
    z : array of any shape

    Raises
    ------
    ValueError
        If there is no such activation, or z holds no number.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {name!r}")
    if not z.size:
        raise ValueError("z must hold at least one number, got none")
    activation = ACTIVATIONS[name]
    a = activation.value(z)
    derivatives = np.abs(activation.derivative(z, a))
    largest = largest_derivative(name)
    return ActivationEffect(
        float(z.mean()),
        float(z.var()),
        float(a.mean()),
        float(a.var()),
        float(np.sqrt(np.square(derivatives).mean())),
        float((derivatives < SATURATED * largest).mean()),
        float((derivatives < WEAK * largest).mean()),
        float((derivatives == 0).mean()),
    )


@lru_cache(maxsize=64)
def largest_derivative(name: str) -> float:
    """Return the largest |φ′|."""
    z = np.linspace(-30, 30, 600_001)
    return float(np.abs(ACTIVATIONS[name].derivative(z)).max())


def unsaturated_interval(name: str, share: float = SATURATED) -> tuple[float, float]:
    """Return between which z |φ′| is at least `share` of its largest value; −Inf and Inf where it stays so."""
    z = np.linspace(0, 60, 600_001)
    ends = []
    for sign in (-1.0, 1.0):
        enough = np.abs(ACTIVATIONS[name].derivative(sign * z)) >= share * largest_derivative(name)
        last = np.flatnonzero(enough)[-1] if enough.any() else 0
        ends.append(sign * (np.inf if enough[-1] else float(z[last])))
    return ends[0], ends[1]


def naive_sigmoid_derivative(z: Array) -> Array:
    """Return a(1 − a) with a = σ(z), as it is often computed: exactly 0 as soon as a rounds to 1."""
    a = ACTIVATIONS["sigmoid"].value(z)
    return np.asarray(a * (1 - a))


def zero_derivative_from(derivative: Callable[[Array], Array], dtype: str, sign: int) -> float:
    """Return the |z| from which on a derivative is exactly 0 in float arithmetic, Inf if it never is.

    Parameters
    ----------
    derivative : callable
        φ′ as a function of z.
    dtype : str
        "float32" or "float64".
    sign : int
        1 for positive z, −1 for negative.
    """

    def is_zero(size: float) -> bool:
        """Say whether the derivative at sign · size is exactly 0."""
        with np.errstate(all="ignore"):
            return not derivative(np.array([sign * size], dtype=dtype)).any()

    low, high = 0.0, _FARTHEST[dtype]
    if not is_zero(high):
        return float("inf")
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if is_zero(middle) else (middle, high)
    return high
