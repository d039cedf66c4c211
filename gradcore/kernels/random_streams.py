"""Random numbers: separate streams for data, weights and batches, all from one seed.

Every stream is a child of one SeedSequence, named by its spawn key, so that drawing more from one leaves the
others as they were. No global state, and never seed + i.
"""

from __future__ import annotations

from typing import Any

import numpy as np

DATA, WEIGHTS, BATCHES, PROBES = range(4)
NORMAL, UNIFORM, BIAS_NORMAL, BIAS_UNIFORM = range(4)


def stream(seed: int, *key: int) -> np.random.Generator:
    """Return the generator of the stream `key` of `seed`.

    Weights use (WEIGHTS, layer, kind of distribution): two initializers of one kind get the same draws, and so
    differ by a factor only, whatever else differs.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def base_draw(seed: int, layer: int, kind: int, shape: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return draws of mean 0 and variance 1 for one layer, in float64 whatever the network's precision."""
    rng = stream(seed, WEIGHTS, layer, kind)
    if kind in (NORMAL, BIAS_NORMAL):
        return rng.standard_normal(shape)
    return rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), shape)
