"""Records made by hand: those of a healthy network, but for the numbers that a test is about."""

import numpy as np

import gradcore as gc

DEPTH = 4
HEALTHY = {
    "grad_norm": 0.1,
    "grad_rms": 1.0,
    "bias_grad_norm": 1.0,
    "delta_rms": 1.0,
    "pre_activation_mean": 0.0,
    "pre_activation_std": 1.0,
    "activation_mean": 0.5,
    "activation_std": 0.6,
    "saturated_fraction": 0.0,
    "dead_fraction": 0.0,
    "zero_grad_fraction": 0.0,
    "update_ratio": 1e-3,
}


def made(step=0, depth=DEPTH, distinct=None, diverged=None, **changes):
    """Return a record of a healthy network, with other numbers where given, one or one for each layer."""
    values = {**HEALTHY, **changes}
    stats = {name: np.broadcast_to(np.array(value, dtype=float), depth + 1).copy() for name, value in values.items()}
    counts = None if distinct is None else np.array(distinct)
    where = diverged or (None, None)
    return gc.StepRecord(
        step, 1.0, 0.5, 1.0, 0.5, diverged is not None, gc.LayerStats(**stats, distinct_units=counts), *where
    )


def spec(hidden, depth=DEPTH, width=5):
    return gc.NetworkSpec((3, *[width] * depth, 2), hidden)


def names(records, *arguments, **settings):
    return [verdict.name for verdict in gc.diagnose(records, *arguments, **settings)]
