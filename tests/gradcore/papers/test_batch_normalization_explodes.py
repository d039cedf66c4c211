"""Batch normalization at initialization against Yang et al. 2019, "A Mean Field Theory of Batch Normalization".

In a fully connected ReLU network it makes gradients explode: the squared gradient grows by π/(π−1) = 1.467 a layer
towards the input, whatever the weights' scale. Without it, He's initialization keeps the squared gradient as it is.
"""

import math

import numpy as np
import pytest

import gradcore as gc

WIDTH = BATCH = 300
LAYERS, NETWORKS = 12, 6
GROWTH = math.pi / (math.pi - 1)


def squared_gradients(gain=1.0, normalization="batch"):
    """‖δ_l‖² and ‖∂loss/∂W_l‖², (networks, 12 hidden layers) each."""
    spec = gc.NetworkSpec(
        sizes=(WIDTH,) * (LAYERS + 1) + (10,),
        hidden="relu",
        initializer="he_normal",
        gain=gain,
        normalization=normalization,
    )
    delta, weight = [], []
    for seed in range(NETWORKS):
        x = np.random.default_rng(seed).standard_normal((BATCH, WIDTH))
        net = gc.build(spec, seed)
        grads = gc.backward(net, gc.forward(net, x), np.arange(BATCH) % 10)
        delta.append([np.sum(layer.delta**2) for layer in grads.layers[:-1]])
        weight.append([np.sum(layer.weight_grad**2) for layer in grads.layers[:-1]])
    return np.array(delta), np.array(weight)


def growth_per_layer(squares):
    """Return the factor towards the input, from the slope of the mean log over the layers.

    The first layer is left out: it reads the data instead of a normalized ReLU, so its own deviation is another.
    """
    logs = np.log(squares[:, 1:]).mean(axis=0)
    return math.exp(-np.polyfit(np.arange(len(logs)), logs, 1)[0])


@pytest.fixture(scope="module")
def normalized():
    return squared_gradients()


def test_the_squared_delta_explodes_by_pi_over_pi_minus_1_a_layer(normalized):
    assert growth_per_layer(normalized[0]) == pytest.approx(GROWTH, rel=0.08)


def test_the_squared_weight_gradient_explodes_by_pi_over_pi_minus_1_a_layer(normalized):
    assert growth_per_layer(normalized[1]) == pytest.approx(GROWTH, rel=0.08)


def test_every_single_layer_adds_that_factor(normalized):
    logs = np.log(normalized[0][:, 1:]).mean(axis=0)
    np.testing.assert_allclose(np.exp(logs[:-1] - logs[1:]), GROWTH, rtol=0.08)


@pytest.mark.parametrize("gain", [0.5, 3.0])
def test_smaller_or_larger_weights_neither_cause_nor_cure_it(gain):
    assert growth_per_layer(squared_gradients(gain)[0]) == pytest.approx(GROWTH, rel=0.08)


def test_without_batch_normalization_the_same_network_keeps_its_squared_gradient():
    assert growth_per_layer(squared_gradients(normalization=None)[0]) == pytest.approx(1, rel=0.08)
