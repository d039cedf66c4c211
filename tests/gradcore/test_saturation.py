"""Proves what is said of an activation on its inputs, and where float arithmetic makes a slope exactly 0."""

import math

import numpy as np
import pytest

import gradcore as gc
from gradcore.records.saturation import (
    common_sigmoid_derivative,
    largest_slope,
    passage,
    reach,
    zero_from,
)
from gradcore.records.strongest_path import strongest_path

NORMAL = np.random.default_rng(0).standard_normal(200_000)


@pytest.mark.parametrize("name", gc.ACTIVATIONS)
def test_the_reach_is_the_registrys_saturation(name):
    low, high = gc.ACTIVATIONS[name].saturation
    found = reach(name)
    for registered, measured in ((low, found[0]), (high, found[1])):
        if np.isfinite(registered):
            assert measured == pytest.approx(registered, abs=2e-4)
        else:
            assert np.isinf(measured)


@pytest.mark.parametrize(
    ("name", "slope"), [("sigmoid", 0.25), ("tanh", 1), ("relu", 1), ("lecun_tanh", 1.7159 * 2 / 3)]
)
def test_largest_slopes_are_the_known_ones(name, slope):
    assert largest_slope(name) == pytest.approx(slope, rel=1e-9)


def test_a_normal_input_to_relu_passes_half_and_to_tanh_what_quadrature_says():
    relu = passage("relu", NORMAL)
    assert relu.factor == pytest.approx(math.sqrt(0.5), abs=3e-3)
    assert relu.nothing == relu.little == relu.zero == pytest.approx(0.5, abs=5e-3)
    assert relu.mean_out == pytest.approx(1 / math.sqrt(2 * math.pi), abs=5e-3)
    assert relu.variance_out == pytest.approx(0.5 - 0.5 / math.pi, abs=5e-3)
    z = np.linspace(-9, 9, 100_001)
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    for scale in (0.3, 1.0, 4.0):
        slopes = 1 - np.tanh(scale * z) ** 2
        expected = math.sqrt(np.trapezoid(slopes**2 * density, z))
        found = passage("tanh", scale * NORMAL)
        assert found.factor == pytest.approx(expected, rel=0.01)
        assert found.nothing == pytest.approx(math.erfc(2.99322 / scale / math.sqrt(2)), abs=3e-3)
        assert found.variance_in == pytest.approx(scale**2, rel=0.01)


def test_shares_are_counted_on_either_side():
    z = np.array([-100.0, -6.0, -5.9, 0.0, 2.0, 4.0, 6.0, 800.0])
    found = passage("sigmoid", z)
    assert found.nothing == 4 / 8
    assert found.little == 6 / 8
    assert found.zero == 1 / 8  # e^−800 is 0 in float64, e^−100 is not


def test_the_common_shortcut_is_zero_at_17_in_float32_and_not_at_minus_17_the_true_slope_at_104():
    true = gc.ACTIVATIONS["sigmoid"].derivative
    assert zero_from(common_sigmoid_derivative, "float32", 1) == pytest.approx(17, abs=0.5)
    assert zero_from(common_sigmoid_derivative, "float32", -1) == pytest.approx(104, abs=1)
    assert zero_from(true, "float32", 1) == pytest.approx(104, abs=1)
    assert zero_from(true, "float32", -1) == pytest.approx(104, abs=1)
    assert zero_from(common_sigmoid_derivative, "float64", 1) == pytest.approx(37, abs=0.5)
    assert zero_from(true, "float64", 1) == pytest.approx(745, abs=1)
    assert zero_from(gc.ACTIVATIONS["identity"].derivative, "float64", 1) == math.inf
    assert zero_from(gc.ACTIVATIONS["relu"].derivative, "float32", -1) < 1e-2
    assert float(common_sigmoid_derivative(np.array([-17], dtype=np.float32))[0]) == pytest.approx(4.1e-8, rel=0.02)


def test_the_strongest_path_takes_each_units_largest_weight():
    first = np.array([[0.1, -5.0, 0.2], [3.0, 0.0, 0.0]])
    second = np.array([[0.5, -0.6], [9.0, 1.0]])
    assert strongest_path([first, second]) == [0, 1, 0]
    assert strongest_path([first]) == [1, 0]


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="activation must be one of"):
        passage("sine", NORMAL)
    with pytest.raises(ValueError, match="at least one number"):
        passage("tanh", np.zeros(0))
