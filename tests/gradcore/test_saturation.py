"""Proves what is said of an activation on its inputs, and where float arithmetic makes a derivative exactly 0."""

import math

import numpy as np
import pytest

import gradcore as gc
from gradcore.records.saturation import (
    activation_effect,
    largest_derivative,
    naive_sigmoid_derivative,
    unsaturated_interval,
    zero_derivative_from,
)
from gradcore.records.strongest_path import strongest_path

NORMAL = np.random.default_rng(0).standard_normal(200_000)


@pytest.mark.parametrize("name", gc.ACTIVATIONS)
def test_the_unsaturated_interval_is_the_registrys_saturation(name):
    low, high = gc.ACTIVATIONS[name].saturation
    found = unsaturated_interval(name)
    for registered, measured in ((low, found[0]), (high, found[1])):
        if np.isfinite(registered):
            assert measured == pytest.approx(registered, abs=2e-4)
        else:
            assert np.isinf(measured)


@pytest.mark.parametrize(
    ("name", "slope"), [("sigmoid", 0.25), ("tanh", 1), ("relu", 1), ("lecun_tanh", 1.7159 * 2 / 3)]
)
def test_largest_derivatives_are_the_known_ones(name, slope):
    assert largest_derivative(name) == pytest.approx(slope, rel=1e-9)


def test_a_normal_input_to_relu_passes_half_and_to_tanh_what_quadrature_says():
    relu = activation_effect("relu", NORMAL)
    assert relu.gradient_factor == pytest.approx(math.sqrt(0.5), abs=3e-3)
    assert relu.saturated_fraction == relu.weak_fraction == relu.zero_fraction == pytest.approx(0.5, abs=5e-3)
    assert relu.mean_out == pytest.approx(1 / math.sqrt(2 * math.pi), abs=5e-3)
    assert relu.variance_out == pytest.approx(0.5 - 0.5 / math.pi, abs=5e-3)
    z = np.linspace(-9, 9, 100_001)
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    for scale in (0.3, 1.0, 4.0):
        slopes = 1 - np.tanh(scale * z) ** 2
        expected = math.sqrt(np.trapezoid(slopes**2 * density, z))
        found = activation_effect("tanh", scale * NORMAL)
        assert found.gradient_factor == pytest.approx(expected, rel=0.01)
        assert found.saturated_fraction == pytest.approx(math.erfc(2.99322 / scale / math.sqrt(2)), abs=3e-3)
        assert found.variance_in == pytest.approx(scale**2, rel=0.01)


def test_shares_are_counted_on_either_side():
    z = np.array([-100.0, -6.0, -5.9, 0.0, 2.0, 4.0, 6.0, 800.0])
    found = activation_effect("sigmoid", z)
    assert found.saturated_fraction == 4 / 8
    assert found.weak_fraction == 6 / 8
    assert found.zero_fraction == 1 / 8  # e^−800 is 0 in float64, e^−100 is not


def test_the_naive_derivative_is_zero_at_17_in_float32_and_not_at_minus_17_the_true_one_at_104():
    true = gc.ACTIVATIONS["sigmoid"].derivative
    assert zero_derivative_from(naive_sigmoid_derivative, "float32", 1) == pytest.approx(17, abs=0.5)
    assert zero_derivative_from(naive_sigmoid_derivative, "float32", -1) == pytest.approx(104, abs=1)
    assert zero_derivative_from(true, "float32", 1) == pytest.approx(104, abs=1)
    assert zero_derivative_from(true, "float32", -1) == pytest.approx(104, abs=1)
    assert zero_derivative_from(naive_sigmoid_derivative, "float64", 1) == pytest.approx(37, abs=0.5)
    assert zero_derivative_from(true, "float64", 1) == pytest.approx(745, abs=1)
    assert zero_derivative_from(gc.ACTIVATIONS["identity"].derivative, "float64", 1) == math.inf
    assert zero_derivative_from(gc.ACTIVATIONS["relu"].derivative, "float32", -1) < 1e-2
    assert float(naive_sigmoid_derivative(np.array([-17], dtype=np.float32))[0]) == pytest.approx(4.1e-8, rel=0.02)


def test_the_strongest_path_takes_each_units_largest_weight():
    first = np.array([[0.1, -5.0, 0.2], [3.0, 0.0, 0.0]])
    second = np.array([[0.5, -0.6], [9.0, 1.0]])
    assert strongest_path([first, second]) == [0, 1, 0]
    assert strongest_path([first]) == [1, 0]


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="activation must be one of"):
        activation_effect("sine", NORMAL)
    with pytest.raises(ValueError, match="at least one number"):
        activation_effect("tanh", np.zeros(0))
