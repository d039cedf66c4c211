"""The strongest path through a network: from unit to unit along the largest weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


def strongest_path(weights: list[Array]) -> list[int]:
    """Return one unit of each layer, input included, such that each weight between them is its upper unit's largest.

    Parameters
    ----------
    weights : list of (fan_out, fan_in)
        From the first layer to the last.

    Returns
    -------
    list of int
        From the input up to the output's first unit, at which the search begins.
    """
    path = [0]
    for weight in reversed(weights):
        path.append(int(np.abs(weight[path[-1]]).argmax()))
    return path[::-1]
