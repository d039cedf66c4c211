"""Proves every field of LayerStats against a slow second network, over architectures, outputs and optimizers.

Runs use all samples as one batch, so that the order in which they are drawn matters only in the last digits.
"""

import math
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore import naive_network

N = 24
ON_DEMAND = {"distinct_units", "histograms"}
NAMES = [field.name for field in fields(gc.LayerStats) if field.name not in ON_DEMAND]
MIXED = ("tanh", "relu", "softsign", "elu", "hard_sigmoid", "lecun_tanh", "softplus", "erf", "leaky_relu", "selu")


def make_data(spec, seed=0, n=N):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, spec.sizes[0]))
    if spec.output == "softmax":
        y = rng.integers(0, spec.sizes[-1], n)
    elif spec.output == "sigmoid":
        y = rng.integers(0, 2, (n, spec.sizes[-1]))
    else:
        y = rng.standard_normal((n, spec.sizes[-1]))
    return SimpleNamespace(x=x, y=y, name="test")


def check_run(spec, data, relative, seed=3, rate=0.05):
    """Hold every record of a full-batch run of plain SGD against the naive network."""
    run = gc.Run(spec, gc.TrainingSpec(rate, len(data.x), 3), data, seed=seed)
    x = data.x.astype(spec.dtype)
    before = gc.build(spec, seed=seed)
    while not run.finished:
        before.parameters[:] = run.net.parameters  # the weights that make the gradient, before the update
        record = run.advance()
        assert not np.array_equal(run.net.parameters, before.parameters)
        loss, layers = naive_network.run(before, x, data.y)
        expected = naive_network.statistics(before, layers, [rate * layer.weight_grad for layer in layers])
        assert set(expected) == set(NAMES)
        assert record.loss == pytest.approx(loss, rel=relative)
        for name in NAMES:
            value, wanted = getattr(record.stats, name), np.array(expected[name], dtype=float)
            assert value.dtype == np.float64
            assert value.shape == (spec.depth + 1,)
            # A sum that cancels has its digits beside its terms, all else beside itself.
            terms = {"bias_grad_norm": "delta_rms"}.get(name, name.replace("_mean", "_std"))
            beside = expected[terms] if terms != name else [1e-6] * len(wanted)
            assert (np.isnan(value) == np.isnan(wanted)).all(), name
            wrong = np.abs(value - wanted) > relative * (np.abs(wanted) + beside)
            assert not wrong.any(), f"{name}: {value} should be {wanted}"
        for optional in ON_DEMAND:
            assert getattr(record.stats, optional) is None


SPECS = {
    "uniform widths": gc.NetworkSpec((5, 8, 8, 8, 3), "sigmoid"),
    "varied widths": gc.NetworkSpec((6, 4, 9, 9, 2, 5), "tanh", bias_std=0.3),
    "mixed activations": gc.NetworkSpec((4, *[7] * len(MIXED), 3), MIXED, initializer="he_normal", gain=1.5),
    "no hidden layer": gc.NetworkSpec((5, 4), initializer="normal", bias_std=1.0),
    "width 1": gc.NetworkSpec((3, 1, 1, 2), "tanh", initializer="normal"),
    "one input": gc.NetworkSpec((1, 6, 6, 2), "relu", initializer="normal", bias_std=0.5),
    "residual": gc.NetworkSpec((5, 5, 7, 7, 7, 2), "tanh", initializer="he_normal", residual=True, bias_std=0.1),
    "batch normalization": gc.NetworkSpec((5, 6, 9, 6, 3), ("tanh", "relu", "sigmoid"), normalization="batch"),
    "layer normalization": gc.NetworkSpec((5, 6, 9, 6, 3), ("tanh", "relu", "sigmoid"), normalization="layer"),
    "normalized residual": gc.NetworkSpec((6, 6, 6, 2), "softplus", normalization="batch", residual=True),
    "saturated": gc.NetworkSpec((5, 8, 8, 3), "sigmoid", initializer="normal", gain=8.0),
    "saturated tanh": gc.NetworkSpec((5, 8, 8, 3), ("tanh", "softsign"), initializer="normal", gain=8.0),
    "dead units": gc.NetworkSpec((5, 12, 12, 3), "relu", initializer="he_normal", bias_std=4.0),
    "one sigmoid output": gc.NetworkSpec((5, 8, 1), "tanh", output="sigmoid", bias_std=3.0),
    "several sigmoid outputs": gc.NetworkSpec((5, 8, 4), "tanh", output="sigmoid", initializer="normal", gain=3.0),
    "identity output": gc.NetworkSpec((5, 8, 8, 2), "relu", output="identity", initializer="he_uniform"),
    "squared error of softmax": gc.NetworkSpec((5, 8, 3), "tanh", loss="mse"),
    "squared error of sigmoid": gc.NetworkSpec((5, 8, 2), "tanh", output="sigmoid", loss="mse"),
    "linear": gc.NetworkSpec((5, 8, 8, 2), "identity", output="identity", initializer="orthogonal"),
}


@pytest.mark.parametrize("name", SPECS)
def test_every_field_matches_the_naive_network_in_float64(name):
    check_run(SPECS[name], make_data(SPECS[name]), 1e-10)


@pytest.mark.parametrize("name", SPECS)
def test_every_field_matches_the_naive_network_in_float32(name):
    spec = gc.NetworkSpec(**{**vars(SPECS[name]), "dtype": "float32"})
    check_run(spec, make_data(spec), 1e-4)


OPTIMIZERS = {
    "plain": {},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9, "nesterov": True},
    "decay": {"weight_decay": 0.3},
    "clip": {"clip_norm": 0.01},
    "clip, decay and momentum": {"clip_norm": 0.01, "weight_decay": 0.3, "momentum": 0.5},
    "adam": {"optimizer": "adam"},
    "adam with decay and clip": {"optimizer": "adam", "weight_decay": 0.3, "clip_norm": 0.01},
}


def weight_std(parts):
    return np.array([np.std(part) for part in parts])


@pytest.mark.parametrize("options", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_gradients_are_recorded_raw_and_the_update_as_made_by_the_written_out_optimizer(options):
    spec, rate = gc.NetworkSpec((4, 6, 6, 2), "tanh", bias_std=0.2), 0.05
    data = make_data(spec, seed=5)
    net = gc.build(spec, seed=3)
    tspec = gc.TrainingSpec(rate, N, 5, **options)
    run = gc.Run(spec, tspec, data, seed=3)
    first, second = np.zeros_like(net.parameters), np.zeros_like(net.parameters)
    while not run.finished:
        record = run.advance()
        _, layers = naive_network.run(net, data.x, data.y)
        blocks = [np.column_stack([layer.weight_grad, layer.bias_grad]) for layer in layers]
        gradient = np.concatenate([block.ravel() for block in blocks])
        raw = naive_network.statistics(net, layers, net.weights)
        length = math.sqrt((gradient**2).sum())
        if tspec.clip_norm is not None:
            assert length > tspec.clip_norm  # so that clipping does something
            gradient = gradient * tspec.clip_norm / length
        is_weight = np.concatenate([np.column_stack([0 * b[:, 1:] + 1, 0 * b[:, 0]]).ravel() for b in blocks])
        gradient = gradient + tspec.weight_decay * is_weight * net.parameters
        if tspec.optimizer == "adam":
            count = record.step + 1
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            direction = (first / (1 - 0.9**count)) / (np.sqrt(second / (1 - 0.999**count)) + 1e-8)
        else:
            first = tspec.momentum * first + gradient
            direction = gradient + tspec.momentum * first if tspec.nesterov else first
        moved = gc.build(spec, seed=3)
        moved.parameters[:] = rate * direction
        ratios = weight_std(moved.weights) / weight_std(net.weights)
        np.testing.assert_allclose(record.stats.update_ratio, ratios, rtol=1e-8)
        for name in ("grad_norm", "bias_grad_norm", "delta_rms", "zero_grad_fraction"):
            np.testing.assert_allclose(getattr(record.stats, name), raw[name], rtol=1e-8)
        net.parameters -= rate * direction
        np.testing.assert_allclose(run.net.parameters, net.parameters, rtol=1e-8, atol=1e-10)
    assert record.step == 4
