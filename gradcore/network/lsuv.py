"""LSUV: orthogonal weights, scaled layer by layer to the data (Mishkin & Matas 2016, Algorithm 1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.initializers import INITIALIZERS
from gradcore.kernels.norms import mean_and_std
from gradcore.network.forward import Forward
from gradcore.network.network import Network
from gradcore.network.trace import Trace

Array = npt.NDArray[np.floating[Any]]

# Stop when the variance is this close to its target, or after so many rounds.
TOLERANCE = 0.1
ROUNDS = 10


def scale_to_gain(net: Network, x: Array) -> None:
    """Scale each LSUV layer until its pre-activations on x have standard deviation gain."""
    trace = Trace(net.spec, len(x))
    trace.set_input(x)
    forward = Forward(net, trace)
    low, high = np.sqrt([1 - TOLERANCE, 1 + TOLERANCE])
    for layer, (name, gain) in enumerate(zip(net.spec.initializers, net.spec.gains, strict=True)):
        for _ in range(ROUNDS if INITIALIZERS[name].fits_data else 0):
            with np.errstate(all="ignore"):
                forward.run()
            _, spread = mean_and_std(trace.layers[layer].pre_activation)
            # A constant output cannot be scaled: no input reaches the layer, or it is a single number.
            if not 0 < spread < np.inf or gain == 0 or low <= spread / gain <= high:
                break
            net.weights[layer] *= gain / spread
