"""The count of units that differ: a layer in which all compute the same is worth a single unit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gradcore.kernels.random_streams import PROBES, stream
from gradcore.network.trace import Trace

# Two units are equal if their pre-activations agree to this part of the layer's largest: rounding alone separates
# units with equal weights by 1e-15 (float64) or 1e-6 (float32) of it, random weights by far more.
EQUAL_UP_TO = {"float32": 1e-4, "float64": 1e-11}
# Random directions over the samples along which equal units must agree; one alone would confuse some of 1,000 units.
PROJECTIONS = 3


def distinct_units(trace: Trace) -> npt.NDArray[np.int64]:
    """Return how many units of each layer differ by their pre-activations over the batch.

    Units whose weights are equal compute the same for every input.

    Parameters
    ----------
    trace : Trace
        After a forward pass, of one network or of several.

    Returns
    -------
    (layers,) or (networks, layers)
    """
    n = trace.n
    directions = stream(0, PROBES).standard_normal((n, PROJECTIONS))
    result = np.ones((*trace.pre_activations.shape[:-1], len(trace.layers)), dtype=np.int64)
    for layers, view in trace.units.stacks(trace.pre_activations):
        units = view.reshape(*view.shape[:-1], -1, n) @ directions
        order = np.argsort(units[..., 0], axis=-1)[..., None]
        gaps = np.abs(np.diff(np.take_along_axis(units, order, axis=-2), axis=-2))
        tolerance = EQUAL_UP_TO[view.dtype.name] * np.abs(units).max(axis=(-2, -1), keepdims=True)
        result[..., layers] = 1 + (gaps > tolerance).any(axis=-1).sum(axis=-1)
    return result
