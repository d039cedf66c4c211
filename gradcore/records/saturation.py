"""How much of the gradient an activation lets through, on the inputs that it really gets.

φ′ at a pre-activation is what a unit multiplies the gradient by. Over a whole layer the gradient's mean square is
multiplied by E φ′², if it does not depend on where φ′ is small.
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

# Shares of the largest slope below which next to nothing, or little, passes.
NOTHING, LITTLE = 0.01, 0.1
_FAR = {"float32": 1e4, "float64": 1e5}


@dataclass(frozen=True, slots=True)
class Passage:
    """What a layer's activation does with its inputs, and with the gradient on its way back.

    Attributes
    ----------
    mean_in, variance_in, mean_out, variance_out : float
        Of z and of φ(z).
    factor : float
        √E φ′²: what the gradient's root mean square is multiplied by.
    nothing, little : float
        Shares of z at which |φ′| is below 1 % and below 10 % of φ's largest slope.
    zero : float
        Share at which φ′ is exactly 0.
    """

    mean_in: float
    variance_in: float
    mean_out: float
    variance_out: float
    factor: float
    nothing: float
    little: float
    zero: float


def passage(name: str, z: Array) -> Passage:
    """Return what activation `name` does at pre-activations z (any shape).

    Raises
    ------
    ValueError
        If there is no such activation, or no number.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {name!r}")
    if not z.size:
        raise ValueError("z must hold at least one number, got none")
    activation = ACTIVATIONS[name]
    a = activation.value(z)
    slopes = np.abs(activation.derivative(z, a))
    largest = largest_slope(name)
    return Passage(
        float(z.mean()),
        float(z.var()),
        float(a.mean()),
        float(a.var()),
        float(np.sqrt(np.square(slopes).mean())),
        float((slopes < NOTHING * largest).mean()),
        float((slopes < LITTLE * largest).mean()),
        float((slopes == 0).mean()),
    )


@lru_cache(maxsize=64)
def largest_slope(name: str) -> float:
    """Return the largest |φ′|."""
    z = np.linspace(-30, 30, 600_001)
    return float(np.abs(ACTIVATIONS[name].derivative(z)).max())


def reach(name: str, share: float = NOTHING) -> tuple[float, float]:
    """Return between which z |φ′| is at least `share` of its largest: −Inf and Inf where it stays so."""
    z = np.linspace(0, 60, 600_001)
    ends = []
    for sign in (-1.0, 1.0):
        enough = np.abs(ACTIVATIONS[name].derivative(sign * z)) >= share * largest_slope(name)
        last = np.flatnonzero(enough)[-1] if enough.any() else 0
        ends.append(sign * (np.inf if enough[-1] else float(z[last])))
    return ends[0], ends[1]


def common_sigmoid_derivative(z: Array) -> Array:
    """Return a(1 − a) with a = σ(z), as it is often computed: exactly 0 as soon as a rounds to 1."""
    a = ACTIVATIONS["sigmoid"].value(z)
    return np.asarray(a * (1 - a))


def zero_from(derivative: Callable[[Array], Array], dtype: str, sign: int) -> float:
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
    kind = np.dtype(dtype).type

    def is_zero(size: float) -> bool:
        with np.errstate(all="ignore"):
            return not derivative(np.array([kind(sign * size)])).any()

    low, high = 0.0, _FAR[dtype]
    if not is_zero(high):
        return float("inf")
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if is_zero(middle) else (middle, high)
    return high
