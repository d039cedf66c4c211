"""Unstable gradients against Nielsen, "Neural Networks and Deep Learning", chapter 5.

He prints the length of the mean error ‖mean δ^l‖ over 1,000 MNIST images in the hidden layers of one fresh sigmoid
network: about a fifth from each layer to the one below. Each printed number is one draw, so it has to lie inside the
1–99 % band of 120 draws. The inputs stand in for MNIST: 784 sparse ones of mean square .112.
"""

import math

import numpy as np
import pytest

import gradcore as gc

DRAWS, SAMPLES, PIXELS = 120, 1000, 784
MEAN_SQUARE, SHARE_ON = 0.112, 0.19
PUBLISHED = {2: (0.0657, 0.3092), 3: (0.0118, 0.0600, 0.2831)}


@pytest.fixture(scope="module")
def images():
    """Draw inputs and class numbers: a fifth of the pixels on, grey values uniform."""
    rng = np.random.default_rng(0)
    on = rng.uniform(size=(SAMPLES, PIXELS)) < SHARE_ON
    x = on * rng.uniform(size=on.shape) * math.sqrt(3 * MEAN_SQUARE / SHARE_ON)
    assert np.mean(x * x) == pytest.approx(MEAN_SQUARE, rel=0.01)
    return x, rng.integers(10, size=SAMPLES)


@pytest.fixture(scope="module", params=[2, 3], ids="{} hidden layers".format)
def lengths(request, images):
    """‖mean δ^l‖: (draws, hidden layers); and the published ones."""
    x, y = images
    spec = gc.NetworkSpec(
        sizes=(PIXELS,) + (30,) * request.param + (10,),
        hidden="sigmoid",
        output="sigmoid",
        loss="binary_cross_entropy",
        initializer="lecun_normal",
        bias_std=1.0,
    )
    rows = []
    for seed in range(DRAWS):
        net = gc.build(spec, seed)
        grads = gc.backward(net, gc.forward(net, x), np.eye(10)[y])
        # delta has the mean's 1/n in it.
        rows.append([np.linalg.norm(layer.delta.sum(axis=1)) for layer in grads.layers[:-1]])
    return np.array(rows), PUBLISHED[request.param]


def test_nielsens_mean_errors_lie_inside_the_band_of_fresh_networks(lengths):
    measured, published = lengths
    low, high = np.quantile(measured, [0.01, 0.99], axis=0)
    assert (low < published).all()
    assert (published < high).all()


def sigmoid_mean(power, function, variance):
    """E f(√variance z)^power over standard normal z, by a trapezoid."""
    z = np.linspace(-8, 8, 641)
    values = function(math.sqrt(variance) * z) ** power
    return float(np.sum(values * np.exp(-z * z / 2)) * (z[1] - z[0]) / math.sqrt(2 * math.pi))


def test_each_layer_keeps_about_a_fifth_of_the_error(lengths):
    measured, published = lengths
    ratios = np.median(measured[:, :-1] / measured[:, 1:], axis=0)
    # Square layers: √E σ′(z)², with z of the variance that inputs and biases make.
    expected, variance = [], MEAN_SQUARE + 1
    for _ in ratios:
        expected.append(math.sqrt(sigmoid_mean(2, lambda z: 1 / (2 + 2 * np.cosh(z)), variance)))
        variance = sigmoid_mean(2, lambda z: 1 / (1 + np.exp(-z)), variance) + 1
    np.testing.assert_allclose(ratios, expected, rtol=0.05)
    np.testing.assert_allclose(ratios, 0.2, atol=0.02)
    np.testing.assert_allclose(np.divide(published[:-1], published[1:]), 0.2, atol=0.02)
