"""Equal weights with a gradient, and zero weights with random biases: what breaks a layer's symmetry and what not.

All weights ½: the network trains, but as one with a single unit a layer. Zero weights with random biases: tanh and
sigmoid units become different. ReLU units do not: those with a positive bias are one unit times their bias, and
stay so, as ReLU commutes with positive factors; those with a negative bias are dead.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

COUNTS = (96, 60, 36)
SHARES = np.array(COUNTS) / sum(COUNTS)
LABEL_ENTROPY = -float(np.sum(SHARES * np.log(SHARES)))
CENTERS = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])
WIDTH = 6


@pytest.fixture(scope="module")
def clouds():
    y = np.repeat([0, 1, 2], COUNTS)
    noise = np.random.default_rng(0).standard_normal((len(y), 2))
    return SimpleNamespace(x=CENTERS[y] + 0.5 * noise, y=y, name="clouds")


def trained(spec, data, rate, seed=0, steps=100):
    """Return the network after some steps of batch 32, its records, and the loss over the last epoch."""
    tspec = gc.TrainingSpec(learning_rate=rate, batch_size=32, steps=steps, histogram_every=1)
    run = gc.Run(spec, tspec, data, seed=seed)
    records = [run.advance() for _ in range(steps)]
    return run.net, records, np.mean([record.loss for record in records[-6:]])


def second_share(weight):
    """Second singular value over the first: 0 for a matrix of rank 1."""
    values = np.linalg.svd(weight, compute_uv=False)
    return values[1] / values[0]


@pytest.fixture(scope="module", params=["tanh", "sigmoid", "relu", "selu", "gelu", "softplus"])
def constant(request, clouds):
    """Return a network of constant ½ in training: itself, its records, its last loss, its trace."""
    spec = gc.NetworkSpec(sizes=(2, WIDTH, WIDTH, 3), hidden=request.param, initializer="constant")
    assert all((weight == 0.5).all() for weight in gc.build(spec).weights)
    rate = 0.5 if request.param == "sigmoid" else 0.05
    net, records, loss = trained(spec, clouds, rate)
    return net, records, loss, gc.forward(net, clouds.x)


def test_constant_one_half_trains(constant):
    net, records, loss, _ = constant
    assert loss < 0.95 * LABEL_ENTROPY
    assert all(np.abs(weight - 0.5).max() > 1e-3 for weight in net.weights)
    assert all((record.stats.grad_norm > 0).all() for record in records)


def test_from_constant_one_half_each_layer_stays_one_unit_wide(constant):
    net, records, _, trace = constant
    for block, layer in zip(net.blocks[:-1], trace.layers[:-1], strict=True):
        assert np.ptp(block, axis=0).max() < 1e-12
        assert np.ptp(layer.activation, axis=0).max() < 1e-12
    assert all(second_share(weight) < 1e-12 for weight in net.weights)
    assert (records[-1].stats.distinct_units[:-1] == 1).all()


def test_the_constant_network_computes_what_a_network_one_unit_wide_computes(constant, clouds):
    net, _, _, trace = constant
    thin = gc.build(gc.NetworkSpec(sizes=(2, 1, 1, 3), hidden=net.spec.hidden, initializer="zeros"))
    for index, (weight, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
        units = slice(None) if index == 2 else slice(1)
        thin.weights[index][:] = weight[units] if index == 0 else weight[units].sum(axis=1, keepdims=True)
        thin.biases[index][:] = bias[units]
    np.testing.assert_allclose(gc.forward(thin, clouds.x).output, trace.output, rtol=0, atol=1e-10)


def random_biases(hidden):
    return gc.NetworkSpec(sizes=(2, WIDTH, 3), hidden=hidden, initializer="zeros", bias_std=1.0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
def test_zero_weights_with_random_biases_break_the_symmetry_of(hidden, seed, clouds):
    net, records, loss = trained(random_biases(hidden), clouds, rate=0.5, seed=seed)
    assert loss < 0.5 * LABEL_ENTROPY
    assert all(second_share(weight) > 0.01 for weight in net.weights)
    assert records[-1].stats.distinct_units[0] == WIDTH


@pytest.mark.parametrize("seed", range(3))
def test_zero_weights_with_random_biases_leave_relu_units_proportional_or_dead(seed, clouds):
    spec = random_biases("relu")
    biases = gc.build(spec, seed).biases[0].copy()
    net, _, loss = trained(spec, clouds, rate=0.1, seed=seed)
    assert loss < 0.95 * LABEL_ENTROPY
    assert all(second_share(weight) < 1e-12 for weight in net.weights)
    alive = biases > 0
    assert alive.any()
    assert not alive.all()
    per_bias = net.blocks[0][alive] / biases[alive, None]
    assert np.ptp(per_bias, axis=0).max() < 1e-12
    assert not net.weights[0][~alive].any()
    np.testing.assert_array_equal(net.biases[0][~alive], biases[~alive])
    activation = gc.forward(net, clouds.x).layers[0].activation
    assert not activation[~alive].any()
    assert second_share(activation) < 1e-12 or alive.sum() == 1
