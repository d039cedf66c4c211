"""The registry of initializers: each computes weights from base draws, by a law for their standard deviation.

Base draws have mean 0 and variance 1 and depend only on seed, layer and kind of distribution (random_streams.py), so
the weights of two normal initializers at one seed differ by a factor.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.random_streams import NORMAL, UNIFORM

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Initializer:
    """An initializer of a layer's weights.

    Attributes
    ----------
    name, label, formula, source : str
        The registry's name, the name on screens, the law, and where it comes from.
    kind : int
        Distribution of the base draws: random_streams.NORMAL or random_streams.UNIFORM.
    std : callable
        std(fan_in, fan_out) → standard deviation of an entry at gain 1.
    weight : callable
        weight(draw, std, gain) → (fan_out, fan_in) matrix from base draws of that shape.
    default_gain : float
        The gain in force if it is None.
    bias_bound : callable or None
        bias_bound(fan_in) → bound of the uniform biases, ± this; None if biases start at 0.
    fits_data : bool
        Whether `build` rescales the weights by what they make of data.
    """

    name: str
    label: str
    formula: str
    source: str
    kind: int
    std: Callable[[int, int], float]
    weight: Callable[[Array, float, float], Array]
    default_gain: float = 1.0
    bias_bound: Callable[[int], float] | None = None
    fits_data: bool = False


def _scaled(draw: Array, std: float, gain: float) -> Array:
    return draw * (gain * std)


def _constant(draw: Array, std: float, gain: float) -> Array:
    return np.full_like(draw, gain)


def _orthogonal(draw: Array, std: float, gain: float) -> Array:
    """Return gain · Q, whose rows are orthonormal, or its columns if there are fewer columns.

    Q is that of the QR decomposition in which R has a positive diagonal; only then is it uniformly distributed over the
    orthogonal matrices (Mezzadri 2007, §5).
    """
    tall = draw if draw.shape[0] >= draw.shape[1] else draw.T
    q, r = np.linalg.qr(tall)
    q *= np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return gain * (q if draw.shape[0] >= draw.shape[1] else q.T)


_FANS: dict[str, Callable[[int, int], float]] = {
    "in": lambda fan_in, fan_out: fan_in,
    "out": lambda fan_in, fan_out: fan_out,
    "average": lambda fan_in, fan_out: (fan_in + fan_out) / 2,
}


def variance_scaling(scale: float, fan: str) -> Callable[[int, int], float]:
    """Return the law std = √(scale/fan), with fan "in", "out" or "average".

    Raises
    ------
    ValueError
        If fan is none of them.
    """
    if fan not in _FANS:
        raise ValueError(f"fan must be one of {', '.join(map(repr, _FANS))}; got {fan!r}")
    return lambda fan_in, fan_out: math.sqrt(scale / _FANS[fan](fan_in, fan_out))


def _fixed(std: float) -> Callable[[int, int], float]:
    return lambda fan_in, fan_out: std


def _inverse_root(fan_in: int) -> float:
    return 1 / math.sqrt(fan_in)


_GLOROT = "Glorot & Bengio 2010, eq. 16 (variance 2/(fan_in+fan_out))"
_HE = "He et al. 2015, eq. 10"
_LECUN = "LeCun et al. 1998, Efficient BackProp, §4.6"
_lecun, _glorot, _he = variance_scaling(1, "in"), variance_scaling(1, "average"), variance_scaling(2, "in")

_ALL = (
    Initializer("zeros", "zeros", "W = 0", "the article, “Initializing weights to zero”", NORMAL, _fixed(0), _scaled),
    Initializer(
        "constant", "constant", "W = gain (default 0.5)", "the symmetry of zeros with a gradient",
        NORMAL, _fixed(0), _constant, default_gain=0.5,
    ),
    Initializer(
        "normal", "N(0, gain²)", "normal, std gain", "the article, “Initializing weights randomly”",
        NORMAL, _fixed(1), _scaled,
    ),
    Initializer("uniform", "uniform, std gain", "U ±√3·gain", "the same, uniform", UNIFORM, _fixed(1), _scaled),
    Initializer("lecun_normal", "LeCun normal", "normal, std √(1/fan_in)", _LECUN, NORMAL, _lecun, _scaled),
    Initializer("lecun_uniform", "LeCun uniform", "U ±√(3/fan_in)", _LECUN, UNIFORM, _lecun, _scaled),
    Initializer(
        "xavier_normal", "Xavier normal", "normal, std √(2/(fan_in+fan_out))", _GLOROT, NORMAL, _glorot, _scaled,
    ),
    Initializer(
        "xavier_uniform", "Xavier uniform", "U ±√(6/(fan_in+fan_out))", _GLOROT, UNIFORM, _glorot, _scaled,
    ),
    Initializer(
        "article_xavier", "Xavier as in the article", "normal, std √(1/fan_in)",
        "the article, “Xavier initialization”; the law is LeCun's", NORMAL, _lecun, _scaled,
    ),
    Initializer("he_normal", "He normal", "normal, std √(2/fan_in)", _HE, NORMAL, _he, _scaled),
    Initializer("he_uniform", "He uniform", "U ±√(6/fan_in)", _HE, UNIFORM, _he, _scaled),
    Initializer(
        "orthogonal", "orthogonal", "gain · Q, QᵀQ = I or QQᵀ = I", "Saxe et al. 2014, §3",
        NORMAL, lambda fan_in, fan_out: 1 / math.sqrt(max(fan_in, fan_out)), _orthogonal,
    ),
    Initializer(
        "lsuv", "LSUV", "orthogonal, then each layer scaled to output std gain", "Mishkin & Matas 2016, Algorithm 1",
        NORMAL, lambda fan_in, fan_out: 1 / math.sqrt(max(fan_in, fan_out)), _orthogonal, fits_data=True,
    ),
    Initializer(
        "pytorch_default", "PyTorch's default", "U ±√(1/fan_in), biases too",
        "torch.nn.Linear: kaiming_uniform_ with a = √5 (variance 1/(3 fan_in))",
        UNIFORM, variance_scaling(1 / 3, "in"), _scaled, bias_bound=_inverse_root,
    ),
    Initializer(
        "keras_default", "Keras's default", "U ±√(6/(fan_in+fan_out)), biases 0",
        "keras.layers.Dense: glorot_uniform and zeros", UNIFORM, _glorot, _scaled,
    ),
)  # fmt: skip

INITIALIZERS: dict[str, Initializer] = {initializer.name: initializer for initializer in _ALL}
