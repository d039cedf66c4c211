"""Two activations made to keep the variance at 1, against their papers.

SELU, Klambauer et al. 2017: with weights of mean 0 and variance 1/n, (mean, variance) = (0, 1) is a fixed point, and
the map's Jacobian there is [[0, .088834], [0, .782648]]: it attracts. The scaled tanh of LeCun et al. 1998,
"Efficient BackProp", §4.4: f(±1) = ±1.
"""

import math

import numpy as np
import pytest

import gradcore as gc

SELU = gc.ACTIVATIONS["selu"]
LECUN_TANH = gc.ACTIVATIONS["lecun_tanh"]


def normal_mean(function, variance=1.0):
    """E f(z) over z ~ N(0, variance), by Gauss–Legendre on either side of SELU's kink at 0."""
    nodes, weights = np.polynomial.legendre.leggauss(120)
    total = 0.0
    for low, high in ((-12, 0), (0, 12)):
        z = low + (high - low) * (nodes + 1) / 2
        density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        total += float(np.sum(weights * function(math.sqrt(variance) * z) * density)) * (high - low) / 2
    return total


def moments(variance):
    """Mean and variance of SELU over z ~ N(0, variance)."""
    mean = normal_mean(SELU.value, variance)
    return mean, normal_mean(lambda z: SELU.value(z) ** 2, variance) - mean**2


def test_selu_has_the_papers_two_constants():
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    z = np.array([-1.0, -1e-3, 0.5, 2.0])
    np.testing.assert_allclose(SELU.value(z), np.where(z > 0, scale * z, scale * alpha * np.expm1(z)), rtol=1e-14)


def test_mean_0_and_variance_1_are_selus_fixed_point():
    mean, variance = moments(1.0)
    assert mean == pytest.approx(0, abs=1e-6)
    assert variance == pytest.approx(1, abs=1e-6)


def test_selus_jacobian_at_the_fixed_point_by_its_derivative():
    # d/dν E f(√ν z) = ½ E z f′(z) at ν = 1; the mean of f is 0 there, so its square adds nothing.
    assert 0.5 * normal_mean(lambda z: z * SELU.derivative(z)) == pytest.approx(0.088834, abs=1e-4)
    slope = normal_mean(lambda z: z * SELU.value(z) * SELU.derivative(z))
    assert slope == pytest.approx(0.782648, abs=1e-4)


def test_selus_jacobian_at_the_fixed_point_by_its_values():
    step = 1e-3
    above, below = moments(1 + step), moments(1 - step)
    assert (above[0] - below[0]) / (2 * step) == pytest.approx(0.088834, abs=1e-4)
    assert (above[1] - below[1]) / (2 * step) == pytest.approx(0.782648, abs=1e-4)


def test_the_incoming_mean_has_no_effect_where_weights_sum_to_0_so_the_jacobians_first_column_is_0():
    net = gc.build(gc.NetworkSpec(sizes=(400, 50, 2), hidden="selu", initializer="lecun_normal"), seed=0)
    net.weights[0][:] -= net.weights[0].mean(axis=1, keepdims=True)
    x = np.random.default_rng(0).standard_normal((100, 400))
    here, shifted = (gc.forward(net, x + mean).layers[0].activation for mean in (0.0, 0.5))
    np.testing.assert_allclose(shifted, here, rtol=0, atol=1e-12)
    assert here.std() > 0.5


def test_a_deep_selu_network_is_drawn_to_the_fixed_point_from_either_side():
    spec = gc.NetworkSpec(sizes=(500,) * 31 + (2,), hidden="selu", initializer="lecun_normal")
    for scale in (0.5, 2.0):
        last = []
        for seed in range(6):
            x = scale * np.random.default_rng(seed).standard_normal((100, 500))
            last.append(gc.forward(gc.build(spec, seed), x).layers[29].activation)
        assert np.mean(last) == pytest.approx(0, abs=0.1)
        assert np.var(last) == pytest.approx(1, abs=0.1)


def test_lecuns_tanh_passes_through_plus_and_minus_1():
    np.testing.assert_allclose(LECUN_TANH.value(np.array([-1.0, 1.0])), [-1, 1], rtol=0, atol=1e-4)


def test_lecuns_tanh_has_slope_1_1439_at_0():
    assert LECUN_TANH.derivative(np.zeros(1))[0] == pytest.approx(1.1439, abs=1e-4)
    step = 1e-4
    ends = LECUN_TANH.value(np.array([-step, step]))
    assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(1.1439, abs=1e-4)


def test_lecuns_tanh_bends_most_at_plus_and_minus_1():
    # §4.4: the second derivative is largest at 1; tanh's own peak, atanh(1/√3) · 3/2, is at .988.
    z = np.linspace(0, 4, 40001)
    slope = LECUN_TANH.derivative(z)
    assert z[np.argmin(np.gradient(slope, z))] == pytest.approx(1, abs=0.02)
