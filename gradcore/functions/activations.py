"""The registry of activation functions: each with its derivative and what is known about it.

Adding an activation is adding an entry here; every screen then offers it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions import activation_functions as functions

Array = npt.NDArray[np.floating[Any]]

INFINITY = float("inf")


@dataclass(frozen=True)
class Activation:
    """An activation function φ and what is known about it.

    Attributes
    ----------
    name, label, formula, source : str
        The registry's name, the name on screens, φ as a formula, and where it comes from.
    value : callable
        value(z, out=None) → φ(z), elementwise, in z's dtype.
    derivative : callable
        derivative(z, a=None, out=None) → φ′(z). `a`, if given, must be value(z), and may save an exponential.
    gain : float
        1/√E[φ(z)²] for standard normal z: the factor on weights of variance 1/fan_in that keeps the mean
        square at 1 from layer to layer (for ReLU He's √2). For information: no initializer uses it.
    saturation : (float, float)
        Interval outside which |φ′| is below 1 % of its largest value, so that next to no gradient passes.
    range : (float, float)
        Smallest and largest value of φ.
    kinks : tuple of float
        The z at which φ′ or φ″ jumps; where φ′ jumps, `derivative` returns that of one side.
    """

    name: str
    label: str
    formula: str
    value: Callable[..., Array]
    derivative: Callable[..., Array]
    gain: float
    saturation: tuple[float, float]
    range: tuple[float, float]
    source: str
    kinks: tuple[float, ...] = ()


_ALL = (
    Activation(
        "identity", "identity", "z", functions.identity, functions.identity_derivative,
        1.0, (-INFINITY, INFINITY), (-INFINITY, INFINITY), "a linear network, for comparison",
    ),
    Activation(
        "sigmoid", "sigmoid", "1/(1+e^−z)", functions.sigmoid, functions.sigmoid_derivative,
        1.8462285, (-5.98645, 5.98645), (0.0, 1.0), "Rumelhart, Hinton & Williams 1986",
    ),
    Activation(
        "tanh", "tanh", "tanh z", np.tanh, functions.tanh_derivative,
        1.5925374, (-2.99322, 2.99322), (-1.0, 1.0), "LeCun et al. 1998, Efficient BackProp, §4.4",
    ),
    Activation(
        "relu", "ReLU", "max(0, z)", functions.relu, functions.relu_derivative,
        math.sqrt(2), (0.0, INFINITY), (0.0, INFINITY), "Nair & Hinton 2010", (0.0,),
    ),
    Activation(
        "leaky_relu", "leaky ReLU", "max(0.01 z, z)", functions.leaky_relu, functions.leaky_relu_derivative,
        math.sqrt(2 / (1 + functions.LEAK**2)), (-INFINITY, INFINITY), (-INFINITY, INFINITY),
        "Maas et al. 2013", (0.0,),
    ),
    Activation(
        "elu", "ELU", "z for z > 0, else e^z − 1", functions.elu, functions.elu_derivative,
        1.2451983, (-4.60517, INFINITY), (-1.0, INFINITY), "Clevert et al. 2016, α = 1", (0.0,),
    ),
    Activation(
        "selu", "SELU", "λz for z > 0, else λα(e^z − 1)", functions.selu, functions.selu_derivative,
        1.0, (-4.60517, INFINITY), (-functions.SELU_SCALE * functions.SELU_ALPHA, INFINITY),
        "Klambauer et al. 2017", (0.0,),
    ),
    Activation(
        "gelu", "GELU", "z Φ(z)", functions.gelu, functions.gelu_derivative,
        1.5335304, (-3.02166, INFINITY), (-0.16997, INFINITY), "Hendrycks & Gimpel 2016, exact form",
    ),
    Activation(
        "silu", "SiLU", "z/(1+e^−z)", functions.silu, functions.silu_derivative,
        1.6765325, (-6.14292, INFINITY), (-0.27846, INFINITY), "Elfwing et al. 2018",
    ),
    Activation(
        "softplus", "softplus", "ln(1+e^z)", functions.softplus, functions.softplus_derivative,
        1.0418668, (-4.59512, INFINITY), (0.0, INFINITY), "Dugas et al. 2001",
    ),
    Activation(
        "softsign", "softsign", "z/(1+|z|)", functions.softsign, functions.softsign_derivative,
        2.3375334, (-9.0, 9.0), (-1.0, 1.0), "Bergstra et al. 2009; Glorot & Bengio 2010, §2", (0.0,),
    ),
    Activation(
        "lecun_tanh", "LeCun's tanh", "1.7159 tanh(2z/3)", functions.lecun_tanh, functions.lecun_tanh_derivative,
        1.1543695, (-4.48983, 4.48983), (-functions.LECUN_SCALE, functions.LECUN_SCALE),
        "LeCun et al. 1998, Efficient BackProp, §4.4",
    ),
    Activation(
        "hard_sigmoid", "hard sigmoid", "clip(z/6 + ½, 0, 1)",
        functions.hard_sigmoid, functions.hard_sigmoid_derivative,
        1.8978404, (-3.0, 3.0), (0.0, 1.0), "Courbariaux et al. 2015, in the z/6 form of PyTorch", (-3.0, 3.0),
    ),
    Activation(
        "erf", "erf", "erf z", functions.erf, functions.erf_derivative,
        1.4671670, (-2.14597, 2.14597), (-1.0, 1.0), "Williams 1997: its mean-field integrals have closed forms",
    ),
)  # fmt: skip

ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in _ALL}
