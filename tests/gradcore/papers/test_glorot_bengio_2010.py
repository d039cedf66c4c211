"""Initial networks against Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward networks".

Their standard initialization, U ±1/√fan_in, and their normalized one, U ±√6/√(fan_in+fan_out): the law itself, the
singular values of the layer-to-layer Jacobian (§4.2.2), and the variances going forward and back (§4.2.1, fig. 8).
Biases are zero, as theirs. Expected numbers are closed forms or come from a quadrature that knows no engine.
"""

import math

import numpy as np
import pytest

import gradcore as gc

WIDTH = 300
INPUT_RMS = 0.5
# U ±√(3/n) times 1/√3 is their standard U ±1/√n.
STANDARD = {"initializer": "lecun_uniform", "gain": 1 / math.sqrt(3)}
NORMALIZED = {"initializer": "xavier_uniform", "gain": 1.0}
# Mean singular value of an n × n matrix with entries of variance σ²/n: 8σ/(3π), from the quarter-circle law.
QUARTER_CIRCLE = 8 / (3 * math.pi)


def normal_mean(function):
    """E f(z) over standard normal z, by a trapezoid on [−8, 8]."""
    z = np.linspace(-8, 8, 641)
    return float(np.sum(function(z) * np.exp(-z * z / 2)) * (z[1] - z[0]) / math.sqrt(2 * math.pi))


def jacobian(start, lower, seed):
    """∂z^{l+1}/∂z^l at one input of rms 0.5, for l = `lower`, out of the engine's own backward pass.

    A network cut off after z^{l+1}, its weights those of the deeper network at the same seed. With targets
    output − n·I the squared error's delta is the identity, and the delta below it the transposed Jacobian.
    """
    spec = gc.NetworkSpec(sizes=(WIDTH,) * (lower + 2), hidden="tanh", output="identity", **start)
    x = np.random.default_rng(seed).standard_normal(WIDTH)
    x *= INPUT_RMS / np.sqrt(np.mean(x * x))
    net = gc.build(spec, seed)
    trace = gc.forward(net, np.tile(x, (WIDTH, 1)))
    grads = gc.backward(net, trace, trace.output - WIDTH * np.eye(WIDTH))
    return grads.layers[-2].delta.T


@pytest.fixture(scope="module")
def singular_values():
    """For each start, (networks, Jacobians between five hidden layers, WIDTH)."""
    return {
        name: np.array(
            [
                [np.linalg.svd(jacobian(start, lower, seed), compute_uv=False) for lower in (1, 2, 3, 4)]
                for seed in range(3)
            ]
        )
        for name, start in (("standard", STANDARD), ("normalized", NORMALIZED))
    }


@pytest.mark.parametrize(("name", "mean", "tolerance"), [("standard", 0.486, 0.04), ("normalized", 0.765, 0.05)])
def test_mean_singular_value_of_the_layer_jacobian_is_theirs(singular_values, name, mean, tolerance):
    assert singular_values[name].mean() == pytest.approx(mean, abs=tolerance)


@pytest.mark.parametrize(("name", "weight_variance"), [("standard", 1 / 3), ("normalized", 1.0)])
def test_mean_squared_singular_value_of_each_jacobian_follows_from_the_slopes(singular_values, name, weight_variance):
    measured = np.square(singular_values[name]).mean(axis=(0, 2))
    q = weight_variance * INPUT_RMS**2  # the mean square of z, layer by layer
    for value in measured:
        root = math.sqrt(q)
        slope_square = normal_mean(lambda z, root=root: np.cosh(root * z) ** -4)
        assert value == pytest.approx(weight_variance * slope_square, rel=0.05)
        q = weight_variance * normal_mean(lambda z, root=root: np.tanh(root * z) ** 2)


@pytest.mark.parametrize(
    ("start", "theory"), [(STANDARD, QUARTER_CIRCLE / math.sqrt(3)), (NORMALIZED, QUARTER_CIRCLE)], ids=["std", "norm"]
)
def test_mean_singular_value_of_the_weights_alone_is_that_of_the_quarter_circle_law(start, theory):
    net = gc.build(gc.NetworkSpec(sizes=(WIDTH,) * 6, hidden="tanh", output="identity", **start), seed=1)
    for weight in net.weights:
        assert np.linalg.svd(weight, compute_uv=False).mean() == pytest.approx(theory, rel=0.01)


@pytest.fixture(scope="module")
def small_signals():
    """Variances of activations and deltas, std of weight gradients: (4 networks, 8 layers and the input)."""
    forward, back, gradient = [], [], []
    spec = gc.NetworkSpec(sizes=(WIDTH,) * 9, hidden="tanh", output="identity", **STANDARD)
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = 0.01 * rng.standard_normal((WIDTH, WIDTH))
        net = gc.build(spec, seed)
        trace = gc.forward(net, x)
        grads = gc.backward(net, trace, rng.standard_normal((WIDTH, WIDTH)))
        forward.append([x.var(), *(layer.activation.var() for layer in trace.layers)])
        back.append([layer.delta.var() for layer in grads.layers])
        gradient.append([layer.weight_grad.std() for layer in grads.layers])
    return np.array(forward), np.array(back), np.array(gradient)


def test_forward_variance_shrinks_to_a_third_in_each_layer_of_the_standard_start(small_signals):
    forward, _, _ = small_signals
    ratios = (forward[:, 1:] / forward[:, :-1]).mean(axis=0)
    np.testing.assert_allclose(ratios, 1 / 3, rtol=0.05)


def test_backward_variance_shrinks_to_a_third_in_each_layer_of_the_standard_start(small_signals):
    _, back, _ = small_signals
    ratios = (back[:, :-1] / back[:, 1:]).mean(axis=0)
    np.testing.assert_allclose(ratios, 1 / 3, rtol=0.05)


def test_weight_gradients_of_the_standard_start_are_nevertheless_equally_wide_in_all_layers(small_signals):
    _, _, gradient = small_signals
    assert (gradient[:, 0] / gradient[:, -1]).mean() == pytest.approx(1, rel=0.05)
    np.testing.assert_allclose(gradient.mean(axis=0) / gradient[:, -1].mean(), 1, rtol=0.05)


@pytest.mark.parametrize("shape", [(784, 30), (30, 784), (500, 500)], ids=str)
@pytest.mark.parametrize(("name", "spread"), [("xavier_uniform", 0.8), ("xavier_normal", 2.0)])
def test_variance_of_the_normalized_start_is_two_over_the_sum_of_the_fans(name, spread, shape):
    fan_in, fan_out = shape
    weight = gc.build(gc.NetworkSpec(sizes=shape, initializer=name), seed=0).weights[0]
    assert weight.shape == (fan_out, fan_in)
    assert np.mean(weight**2) == pytest.approx(2 / (fan_in + fan_out), rel=4 * math.sqrt(spread / weight.size))


def test_equation_16_is_uniform_up_to_root_six_over_the_root_of_the_sum_of_the_fans():
    weight = gc.build(gc.NetworkSpec(sizes=(784, 30), initializer="xavier_uniform"), seed=0).weights[0]
    bound = math.sqrt(6) / math.sqrt(784 + 30)
    assert 0.999 * bound < np.abs(weight).max() <= bound
    counts, _ = np.histogram(weight, bins=10, range=(-bound, bound))
    np.testing.assert_allclose(counts, weight.size / 10, rtol=4 * math.sqrt(9 / weight.size))
