"""Proves that Jacobians are the derivative of one layer's z by the one below, and what their product stretches."""

import numpy as np
import pytest

import gradcore as gc
from gradcore.records.jacobians import jacobian, singular_values

X = np.random.default_rng(0).standard_normal((3, 5))


def network(hidden="tanh", initializer="lecun_normal", depth=4, width=6, **changes):
    spec = gc.NetworkSpec((5, *[width] * depth, 2), hidden, initializer=initializer, **changes)
    return gc.build(spec, seed=1)


def next_z(net, layer, z):
    """Return z of the layer above as a function of a layer's z, written out."""
    a = gc.ACTIVATIONS[net.spec.activations[layer]].value(z)
    return net.weights[layer + 1] @ a + net.biases[layer + 1]


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", ("relu", "elu", "gelu", "softsign")])
@pytest.mark.parametrize("layer", range(4))
def test_a_jacobian_is_the_numeric_derivative(hidden, layer):
    net = network(hidden, bias_std=0.3)
    trace = gc.forward(net, X)
    z = trace.layers[layer].pre_activation[:, 2]
    numeric = np.stack(
        [(next_z(net, layer, z + step) - next_z(net, layer, z - step)) / 2e-6 for step in 1e-6 * np.eye(6)], axis=1
    )
    np.testing.assert_allclose(jacobian(net, trace, layer, 2), numeric, rtol=1e-6, atol=1e-8)


def test_the_product_runs_from_the_first_hidden_layer_to_the_last():
    net = network()
    trace = gc.forward(net, X)
    each, product = singular_values(net, trace, 1)
    assert len(each) == 3
    whole = np.eye(6)
    for layer in range(3):
        whole = jacobian(net, trace, layer, 1) @ whole
        np.testing.assert_allclose(each[layer], np.linalg.svd(jacobian(net, trace, layer, 1))[1])
    np.testing.assert_allclose(product, np.log10(np.linalg.svd(whole)[1]), rtol=1e-10)


def test_a_hundred_orthogonal_linear_layers_stretch_nothing_and_gaussian_ones_as_lyapunov_says():
    """Saxe 2013 (S3): all 1 to 1e-10; the largest of a Gaussian product grows by λ₁ = ½[ln(2/n) + ψ(n/2)] a layer."""
    n = 20
    orthogonal = network("identity", "orthogonal", 100, n)
    _, product = singular_values(orthogonal, gc.forward(orthogonal, X))
    np.testing.assert_allclose(10**product, 1, rtol=0, atol=1e-10)
    growth = []
    for seed in range(12):
        logs = {}
        for depth in (51, 100):  # the difference leaves out what the first layers add
            spec = gc.NetworkSpec((5, *[n] * depth, 2), "identity", initializer="lecun_normal")
            net = gc.build(spec, seed)
            _, product = singular_values(net, gc.forward(net, X))
            logs[depth] = product[0] * np.log(10)
        growth.append((logs[100] - logs[51]) / 49)
    digamma = -0.5772156649015329 + sum(1 / k for k in range(1, n // 2))
    expected = 0.5 * (np.log(2 / n) + digamma)
    assert abs(np.mean(growth) - expected) < 4 * np.std(growth, ddof=1) / np.sqrt(12)
    assert np.std(growth, ddof=1) / np.sqrt(12) < 0.03
    assert product[0] - product[-1] > 10


@pytest.mark.parametrize("gain", [1e-5, 1e5])
def test_products_beyond_every_float_are_powers_of_ten(gain):
    spec = gc.NetworkSpec((5, *[4] * 90, 2), "identity", initializer="orthogonal", gain=gain)
    net = gc.build(spec)
    _, product = singular_values(net, gc.forward(net, X))
    np.testing.assert_allclose(product, 89 * np.log10(gain), rtol=1e-12)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"normalization": "batch"}, "normalization must be None"),
        ({"depth": 1}, "depth"),
        ({"residual": True}, "residual"),
    ],
)
def test_what_has_no_product_of_jacobians_is_refused(changes, words):
    net = network(**changes)
    with pytest.raises(ValueError, match=words):
        singular_values(net, gc.forward(net, X))
    with pytest.raises(ValueError, match="layer must be a hidden one"):
        jacobian(network(), gc.forward(network(), X), 4)
