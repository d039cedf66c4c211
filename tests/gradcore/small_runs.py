"""A small problem to train on, and which of its samples a run's last batch held."""

from types import SimpleNamespace

import numpy as np

import gradcore as gc

SPEC = gc.NetworkSpec((3, 5, 4, 2), "tanh", bias_std=0.3)


def make_data(n=20, seed=0, tested=7, **changes):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n + tested, 3)), rng.integers(0, 2, n + tested)
    parts = {"x": x[:n], "y": y[:n], "x_test": x[n:], "y_test": y[n:], "name": "test"}
    return SimpleNamespace(**{**parts, **changes})


def make_run(data=None, spec=SPEC, seed=0, **training):
    return gc.Run(spec, gc.TrainingSpec(**{"batch_size": 6, "steps": 10, **training}), data or make_data(), seed)


def rows_of(run, data):
    """Return which samples the last batch held, in its order."""
    numbers = {row.tobytes(): number for number, row in enumerate(data.x)}
    return [numbers[row.tobytes()] for row in run.trace.input[:-1].T.copy()]


def records_of(run):
    while not run.finished:
        yield run.advance()
