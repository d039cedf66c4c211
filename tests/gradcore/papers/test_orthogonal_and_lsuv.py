"""Products of weight matrices against Saxe et al. 2014, and LSUV against Mishkin & Matas 2016.

A hundred orthogonal matrices multiply to an orthogonal matrix: every direction passes, forward and back. Gaussian
ones of variance 1/n stretch a cloud of inputs into a needle: the i-th singular value of the product grows as
exp(λ_i) a layer, λ_i = ½[ln(2/n) + ψ((n−i+1)/2)] (Newman 1986). LSUV scales each layer to output variance 1.
"""

import math

import numpy as np
import pytest

import gradcore as gc

WIDTH, LAYERS = 20, 100


def linear(initializer, seed):
    sizes = (WIDTH,) * (LAYERS + 1)
    spec = gc.NetworkSpec(sizes=sizes, hidden="identity", output="identity", initializer=initializer)
    return gc.build(spec, seed)


@pytest.mark.parametrize("seed", range(3))
def test_all_singular_values_of_a_product_of_100_orthogonal_matrices_are_1_forward_and_back(seed):
    net = linear("orthogonal", seed)
    trace = gc.forward(net, np.eye(WIDTH))
    # With targets output − n·I the last delta is the identity, the first the transposed product of all above it.
    grads = gc.backward(net, trace, trace.output - WIDTH * np.eye(WIDTH))
    for product in (trace.output, grads.layers[0].delta):
        np.testing.assert_allclose(np.linalg.svd(product, compute_uv=False), 1, rtol=0, atol=1e-10)


def digamma(x):
    """ψ at a whole or half number, by ψ(x+1) = ψ(x) + 1/x from ψ(1) = −γ and ψ(½) = −γ − 2 ln 2."""
    start, value = (1.0, -np.euler_gamma) if x == int(x) else (0.5, -np.euler_gamma - 2 * math.log(2))
    return value + sum(1 / (start + k) for k in range(round(x - start)))


@pytest.fixture(scope="module")
def stretches():
    """Return ln of each direction's stretch, (matrices, 20): by QR, as the product itself has range 1e91."""
    rows = []
    for seed in range(6):
        directions = np.eye(WIDTH)
        for weight in linear("lecun_normal", seed).weights:
            directions, r = np.linalg.qr(weight @ directions)
            rows.append(np.log(np.abs(np.diag(r))))
    return np.array(rows)


def test_gaussian_matrices_stretch_each_direction_by_its_lyapunov_exponent(stretches):
    expected = [0.5 * (math.log(2 / WIDTH) + digamma((WIDTH - i + 1) / 2)) for i in range(1, WIDTH + 1)]
    standard_error = stretches.std(axis=0, ddof=1) / math.sqrt(len(stretches))
    assert (np.abs(stretches.mean(axis=0) - expected) < 4 * standard_error).all()


def test_a_vector_shrinks_by_the_largest_exponent_a_layer_forward_and_back():
    # ln‖W…Wx‖ is a sum of independent ½ ln(χ²_n/n), whose mean is the first exponent.
    x = np.eye(WIDTH)[:1]
    logs = []
    for seed in range(20):
        net = linear("lecun_normal", seed)
        trace = gc.forward(net, x)
        grads = gc.backward(net, trace, trace.output - x)
        # All 100 matrices going up, all but the lowest coming down from a unit delta.
        logs.append([np.log(np.linalg.norm(trace.output)), np.log(np.linalg.norm(grads.layers[0].delta))])
    logs = np.array(logs) / [LAYERS, LAYERS - 1]
    expected = 0.5 * (math.log(2 / WIDTH) + digamma(WIDTH / 2))
    standard_error = logs.std(axis=0, ddof=1) / math.sqrt(len(logs))
    assert (np.abs(logs.mean(axis=0) - expected) < 4 * standard_error).all()


HIDDEN = ("tanh", "sigmoid", "relu", "selu", "gelu", "softsign")


@pytest.fixture(scope="module", params=HIDDEN)
def lsuv(request):
    """Return an LSUV network of 20 layers of 100, and its trace on the inputs it was fitted to."""
    x = 3 * np.random.default_rng(0).standard_normal((256, 100)) + 1
    net = gc.build(gc.NetworkSpec(sizes=(100,) * 21, hidden=request.param, initializer="lsuv"), seed=0, x=x)
    return net, gc.forward(net, x)


def test_lsuv_brings_every_layers_output_variance_within_a_tenth_of_1(lsuv):
    _, trace = lsuv
    assert len(trace.layers) == 20
    for layer in trace.layers:
        assert abs(layer.pre_activation.var() - 1) < 0.1


def test_lsuv_needs_one_rescaling_as_the_output_is_linear_in_the_weights(lsuv):
    net, trace = lsuv
    for weight, layer in zip(net.weights, trace.layers, strict=True):
        scale = math.sqrt(np.mean(np.diagonal(weight @ weight.T)))
        # Still an orthogonal matrix times a number; and either that is 1, or it makes the variance exact.
        np.testing.assert_allclose(weight @ weight.T, scale**2 * np.eye(100), rtol=0, atol=1e-10 * scale**2)
        untouched = abs(scale - 1) < 1e-12
        assert untouched or layer.pre_activation.var() == pytest.approx(1, rel=1e-9)


def test_without_lsuv_the_same_orthogonal_network_is_far_from_variance_1():
    x = 3 * np.random.default_rng(0).standard_normal((256, 100)) + 1
    net = gc.build(gc.NetworkSpec(sizes=(100,) * 21, hidden="tanh", initializer="orthogonal"), seed=0)
    variances = [layer.pre_activation.var() for layer in gc.forward(net, x).layers]
    assert variances[0] > 2
    assert variances[-1] < 0.5
