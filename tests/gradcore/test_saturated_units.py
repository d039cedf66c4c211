"""Proves the counts of saturated and dead units over many layers, alone and side by side, against plain counting."""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore.naive_network import run as naively
from tests.gradcore.naive_network import saturated

WIDTHS = (5, 8, 8, 3, 8, 8, 4)
HIDDEN = ("relu", "tanh", "sigmoid", "tanh", "relu")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("gain", [0.1, 1.0, 4.0, 30.0])
def test_shares_are_those_of_plain_counting_alone_and_side_by_side(gain, dtype):
    spec = gc.NetworkSpec(WIDTHS, HIDDEN, initializer="normal", gain=gain, bias_std=gain, dtype=dtype)
    rng = np.random.default_rng(3)
    data = SimpleNamespace(x=rng.standard_normal((7, 5)), y=rng.integers(0, 4, 7), name="random")
    tspec = gc.TrainingSpec(0.0, 7, 1)
    together = gc.Comparison([spec], tspec, data, range(6)).advance().stats
    for seed in range(6):
        run = gc.Run(spec, tspec, data, seed)
        stats = run.advance().stats
        with np.errstate(all="ignore"):  # of the loss, which is not asked for here, and of slopes that underflow
            _, layers = naively(run.net, data.x, data.y)
            marks = [saturated(spec, index, layer) for index, layer in enumerate(layers)]
        np.testing.assert_allclose(stats.saturated_fraction, [mark.mean() for mark in marks], rtol=1e-15)
        np.testing.assert_allclose(stats.dead_fraction, [mark.all(axis=0).mean() for mark in marks], rtol=1e-15)
        np.testing.assert_array_equal(together.saturated_fraction[0, seed], stats.saturated_fraction)
        np.testing.assert_array_equal(together.dead_fraction[0, seed], stats.dead_fraction)


def test_a_layer_with_many_saturated_entries_and_no_dead_unit_has_none():
    spec = gc.NetworkSpec((1, 4, 2), "relu")
    data = SimpleNamespace(x=np.array([[-1.0], [-2.0], [3.0]]), y=np.array([0, 1, 0]), name="by hand")
    run = gc.Run(spec, gc.TrainingSpec(0.0, 3, 1), data)
    run.net.weights[0][:], run.net.biases[0][:] = 1, 0
    stats = run.advance().stats
    assert stats.saturated_fraction[0] == 2 / 3
    assert stats.dead_fraction[0] == 0
