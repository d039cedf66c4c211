"""Vanishing, exploding and clipping against Pascanu, Mikolov & Bengio 2013.

"On the difficulty of training recurrent neural networks", §2.1: with γ the steepest slope of φ (1 for tanh, ¼ for
sigmoid), ‖W‖₂ < 1/γ is enough for gradients to vanish: k layers down ‖δ‖ is below (‖W‖₂γ)^k of what it was. ‖W‖₂
above 1/γ is necessary for them to explode. Algorithm 1: g ← gθ/‖g‖ where ‖g‖ > θ.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.training.optimizer import clip_factor

LAYERS, WIDTH, SAMPLES = 20, 50, 32
SLOPE = {"sigmoid": 0.25, "tanh": 1.0}
VALUE_AT_0 = {"sigmoid": 0.5, "tanh": 0.0}


def network(hidden, spectral_norm, initializer="normal", bias_std=0.0, seed=0):
    """Return a network of 20 hidden layers, all weight matrices of the given largest singular value."""
    sizes = (WIDTH,) * (LAYERS + 2)
    spec = gc.NetworkSpec(sizes=sizes, hidden=hidden, output="identity", initializer=initializer, bias_std=bias_std)
    net = gc.build(spec, seed)
    for weight in net.weights:
        weight *= spectral_norm / np.linalg.norm(weight, 2)
    return net


def centre(net, hidden):
    """Set biases so that an input of 0 has every pre-activation at 0, where φ is steepest."""
    for weight, bias in zip(net.weights[1:], net.biases[1:], strict=True):
        bias[:] = -VALUE_AT_0[hidden] * weight.sum(axis=1)


def delta_norms(net, x):
    """‖δ‖ of each sample, (layers, samples), from a random error at the output."""
    targets = np.random.default_rng(9).standard_normal((len(x), WIDTH))
    grads = gc.backward(net, gc.forward(net, x), targets)
    return np.array([np.linalg.norm(layer.delta, axis=0) for layer in grads.layers])


@pytest.mark.parametrize(("hidden", "spectral_norm"), [("sigmoid", 3.9), ("tanh", 0.975)])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scale", [0.01, 1.0, 10.0])
def test_a_spectral_norm_below_1_over_the_slope_bounds_every_delta_by_a_falling_power(
    hidden, spectral_norm, seed, scale
):
    net = network(hidden, spectral_norm, bias_std=0.5, seed=seed)
    norms = delta_norms(net, scale * np.random.default_rng(seed).standard_normal((SAMPLES, WIDTH)))
    factor = spectral_norm * SLOPE[hidden]
    assert factor < 1
    powers = np.arange(LAYERS, 0, -1)[:, None]
    assert (norms[:-1] < factor**powers * norms[-1]).all()
    assert (norms[:-1] < factor * norms[1:]).all()


@pytest.mark.parametrize(("hidden", "spectral_norm"), [("sigmoid", 3.9), ("tanh", 0.975)])
def test_the_bound_is_strict_and_sharp_orthogonal_weights_near_the_steepest_point_all_but_reach_it(
    hidden, spectral_norm
):
    net = network(hidden, spectral_norm, initializer="orthogonal")
    centre(net, hidden)
    norms = delta_norms(net, 1e-3 * np.random.default_rng(0).standard_normal((SAMPLES, WIDTH)))
    bound = (spectral_norm * SLOPE[hidden]) ** np.arange(LAYERS, 0, -1)[:, None] * norms[-1]
    assert (norms[:-1] < bound).all()
    assert (norms[:-1] > 0.999 * bound).all()


@pytest.mark.parametrize(("hidden", "spectral_norm"), [("sigmoid", 4.4), ("tanh", 1.1)])
def test_above_1_over_the_slope_gradients_can_explode(hidden, spectral_norm):
    net = network(hidden, spectral_norm, initializer="orthogonal")
    centre(net, hidden)
    norms = delta_norms(net, 1e-5 * np.random.default_rng(0).standard_normal((SAMPLES, WIDTH)))
    np.testing.assert_allclose(norms[0] / norms[-1], 1.1**LAYERS, rtol=0.01)


def test_above_1_over_the_slope_saturation_may_make_gradients_vanish_all_the_same():
    net = network("sigmoid", 8.0, bias_std=1.0)
    norms = delta_norms(net, np.random.default_rng(0).standard_normal((SAMPLES, WIDTH)))
    assert (norms[0] < 1e-3 * norms[-1]).all()


DATA = SimpleNamespace(
    x=np.random.default_rng(1).standard_normal((SAMPLES, WIDTH)), y=np.arange(SAMPLES) % 5, name="noise"
)
SPEC = gc.NetworkSpec(sizes=(WIDTH, 40, 40, 5), hidden="tanh", initializer="xavier_normal")
RATE = 0.1


def first_change(clip_norm):
    """Return the first update's change of all parameters, the raw gradient it came from, and the record."""
    tspec = gc.TrainingSpec(learning_rate=RATE, batch_size=SAMPLES, steps=1, clip_norm=clip_norm)
    before = gc.build(SPEC, seed=0)
    gradient = gc.backward(before, gc.forward(before, DATA.x), DATA.y).flat
    run = gc.Run(SPEC, tspec, DATA, seed=0)
    record = run.advance()
    return run.net.parameters - before.parameters, gradient, record


@pytest.mark.parametrize("part", [0.9, 0.5, 0.01])
def test_a_gradient_longer_than_theta_is_scaled_to_length_theta(part):
    _, gradient, _ = first_change(None)
    theta = part * np.linalg.norm(gradient)
    change, _, _ = first_change(theta)
    assert np.linalg.norm(change) == pytest.approx(RATE * theta, rel=1e-12)
    expected = -RATE * gradient * theta / np.linalg.norm(gradient)
    np.testing.assert_allclose(change, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("times", [1.001, 2, 1e6])
def test_a_gradient_shorter_than_theta_is_left_alone(times):
    _, gradient, _ = first_change(None)
    change, _, _ = first_change(times * np.linalg.norm(gradient))
    np.testing.assert_allclose(change, -RATE * gradient, rtol=0, atol=1e-12 * np.abs(gradient).max())


def test_records_see_the_gradient_before_clipping():
    _, gradient, record = first_change(1e-3)
    total = np.hypot(np.linalg.norm(record.stats.grad_norm), np.linalg.norm(record.stats.bias_grad_norm))
    assert total == pytest.approx(np.linalg.norm(gradient), rel=1e-12)


@pytest.mark.parametrize(("norm", "theta", "factor"), [(10, 1, 0.1), (1, 1, 1), (0.5, 1, 1), (3, 2, 2 / 3), (0, 1, 1)])
def test_the_clipping_factor_is_theta_over_the_norm_or_one(norm, theta, factor):
    assert clip_factor(norm, theta) == pytest.approx(factor, rel=1e-12)
