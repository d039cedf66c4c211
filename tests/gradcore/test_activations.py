"""Every activation function and its derivative are exact over the whole range of both float types.

Two independent witnesses: finite differences, and decimal arithmetic with as many digits as it takes
(exact_activations.py). What the registry says beside them, gain, saturation, range and kinks, is measured here.
"""

import math
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

import gradcore as gc
from gradcore.functions.activation_functions import SHORTCUT_LIMIT
from tests.gradcore.exact_activations import exact

INFINITY = float("inf")
DTYPES = ("float32", "float64")
NAMES = list(gc.ACTIVATIONS)

every_activation = pytest.mark.parametrize("name", NAMES)
every_dtype = pytest.mark.parametrize("dtype", DTYPES)

SIZES = (1e-20, 1e-8, 0.3, 1.0, 1.9, 2.9, 3.1, 5.0, 7.9, 8.1, 12.9, 16.5, 17.5)
TAILS = {"float32": (44.0, 88.0, 100.0, 103.0), "float64": (30.0, 37.0, 100.0, 300.0, 370.0, 700.0, 744.0)}
GAUSSIAN_TAILS = {"float32": (13.2,), "float64": (26.0, 38.0)}
# What a shortcut by a = φ(z) may lose where it is used; written beside SHORTCUT_LIMIT in the engine.
SHORTCUT_LOSS = {"float32": 1e-4, "float64": 1e-9}


def points(name, dtype):
    """Return where to compare with the exact reference, both signs, out to where the tails underflow."""
    tails = (GAUSSIAN_TAILS if name in ("gelu", "erf") else TAILS)[dtype]
    return np.array([sign * size for size in (*SIZES, *tails) for sign in (1, -1)], dtype=dtype)


def wide(dtype, kinks=()):
    """Return a dense range without the neighbourhood of kinks."""
    z = np.linspace(-30, 30, 4001).astype(dtype)
    return z[[all(abs(each - kink) > 0.01 for kink in kinks) for each in z]]


def assert_exact(name, z, got, which):
    """Hold one number to the reference: a few roundings, and what rounding an exponent z or z² does to e^z, e^z²."""
    expected = exact(name, float(z))[which]
    limits = np.finfo(z.dtype)
    relative = Decimal(float(limits.eps)) * (4 + Decimal(float(z * z if name in ("gelu", "erf") else abs(z))))
    underflow = 2 * Decimal(float(limits.smallest_subnormal)) * max(1, abs(Decimal(float(z))))
    assert abs(Decimal(float(got)) - expected) <= relative * abs(expected) + underflow, f"{name} at {z}: {got}"


@every_dtype
@every_activation
def test_values_and_derivatives_are_exact_into_their_tails(name, dtype):
    activation, z = gc.ACTIVATIONS[name], points(name, dtype)
    values, derivatives = activation.value(z), activation.derivative(z)
    for each, value, derivative in zip(z, values, derivatives, strict=True):
        assert_exact(name, each, value, 0)
        assert_exact(name, each, derivative, 1)


@every_activation
def test_derivatives_are_the_slopes_of_the_values(name):
    activation, h = gc.ACTIVATIONS[name], 1e-3
    z = wide("float64", activation.kinks)
    f = activation.value
    numeric = (f(z - 2 * h) - 8 * f(z - h) + 8 * f(z + h) - f(z + 2 * h)) / (12 * h)
    np.testing.assert_allclose(activation.derivative(z), numeric, rtol=1e-9, atol=2e-11)


@pytest.mark.parametrize(
    ("name", "dtype", "last", "size"),
    [
        ("sigmoid", "float32", 103.9, 1e-45),
        ("tanh", "float32", 51.9, 4e-45),
        ("sigmoid", "float64", 745.0, 5e-324),
        ("tanh", "float64", 372.0, 1e-322),
    ],
)
def test_derivatives_of_saturated_units_live_until_the_float_type_ends(name, dtype, last, size):
    derivative = gc.ACTIVATIONS[name].derivative
    z = np.array([-last, last], dtype=dtype)
    assert ((derivative(z) > 0) & (derivative(z) < 10 * size)).all()
    np.testing.assert_array_equal(derivative(1.02 * z), 0)


def test_float32_sigmoid_has_a_slope_at_17_where_its_value_is_1():
    z = np.array([-17, 17], dtype=np.float32)
    value, slope = gc.ACTIVATIONS["sigmoid"].value(z), gc.ACTIVATIONS["sigmoid"].derivative
    assert value[1] == 1
    for slopes in (slope(z), slope(z, value)):
        np.testing.assert_allclose(slopes, math.exp(-17) / (1 + math.exp(-17)) ** 2, rtol=1e-6)


@every_dtype
@every_activation
def test_a_given_value_changes_a_derivative_by_no_more_than_the_shortcut_may_lose(name, dtype):
    activation = gc.ACTIVATIONS[name]
    limit = -np.log(SHORTCUT_LIMIT[np.dtype(dtype).itemsize])
    for reach in (0.1, limit / 2, limit, 2 * limit, 60.0):  # below, around and above where it is left
        z = np.linspace(-reach, reach, 1001).astype(dtype)
        alone, helped = activation.derivative(z), activation.derivative(z, activation.value(z))
        np.testing.assert_allclose(helped, alone, rtol=SHORTCUT_LOSS[dtype])


@every_dtype
@every_activation
def test_results_are_the_same_in_a_given_array_and_keep_dtype_and_shape(name, dtype):
    activation = gc.ACTIVATIONS[name]
    for reach in (3.0, 30.0):
        z = np.linspace(-reach, reach, 60).astype(dtype).reshape(5, 12)
        before, a = z.copy(), activation.value(z)
        derivative, helped = activation.derivative(z), activation.derivative(z, a)
        assert {array.dtype.name for array in (a, derivative, helped)} == {dtype}
        assert {array.shape for array in (a, derivative, helped)} == {(5, 12)}
        buffers = np.full((3, 5, 24), np.nan, dtype=dtype)[:, :, ::2]
        results = (
            activation.value(z, buffers[0]),
            activation.derivative(z, out=buffers[1]),
            activation.derivative(z, a, buffers[2]),
        )
        for buffer, result, expected in zip(buffers, results, (a, derivative, helped), strict=True):
            assert np.shares_memory(buffer, result)
            np.testing.assert_array_equal(buffer, expected)
        np.testing.assert_array_equal(z, before)


@every_dtype
@every_activation
def test_huge_arguments_give_finite_results_and_no_warning(name, dtype):
    activation = gc.ACTIVATIONS[name]
    z = np.array([-1e30, 1e30], dtype=dtype)  # pytest turns NumPy's warnings into errors
    value = activation.value(z)
    assert np.isfinite(value).all()
    assert np.isfinite(activation.derivative(z)).all()
    np.testing.assert_array_equal(activation.derivative(z, value), activation.derivative(z))
    low, high = activation.range
    assert (value >= np.float64(low) - 1e-6).all()
    assert (value <= np.float64(high) + 1e-6).all()


@every_dtype
@every_activation
def test_nan_goes_in_and_nan_comes_out_beside_numbers_that_stay(name, dtype):
    value = gc.ACTIVATIONS[name].value
    z = np.array([1.5, np.nan, -0.5], dtype=dtype)
    assert np.isnan(value(z)).tolist() == [False, True, False]
    np.testing.assert_array_equal(value(z)[::2], value(z[::2]))


@every_activation
def test_gain_is_the_inverse_root_of_the_mean_square_under_the_normal_law(name):
    activation = gc.ACTIVATIONS[name]
    ends = sorted({-14.0, -7.0, 0.0, 7.0, 14.0, *activation.kinks})
    nodes, weights = np.polynomial.legendre.leggauss(80)
    mean_square = 0.0
    for low, high in pairwise(ends):
        z = low + (high - low) * (nodes + 1) / 2
        density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        mean_square += (high - low) / 2 * float(np.sum(weights * density * activation.value(z) ** 2))
    assert activation.gain == pytest.approx(1 / math.sqrt(mean_square), rel=1e-7, abs=0)


@every_activation
def test_slopes_fall_to_one_percent_of_the_largest_at_the_saturation_bounds_and_stay_below(name):
    activation = gc.ACTIVATIONS[name]
    largest = activation.derivative(np.linspace(-20, 20, 400_001)).max()
    for bound, outwards in zip(activation.saturation, (-1, 1), strict=True):
        if math.isinf(bound):
            far = np.abs(activation.derivative(outwards * np.geomspace(10, 1e6, 1000)))
            assert far.min() >= 0.01 * largest
            continue
        beyond = np.abs(activation.derivative(bound + outwards * np.geomspace(1e-4, 1e6, 20_000)))
        assert beyond.max() < 0.01 * largest
        inside = np.abs(activation.derivative(np.array([bound - outwards * 1e-4])))[0]
        assert inside > 0.01 * largest
        if bound not in activation.kinks:  # at a kink the slope falls past one percent in a jump
            at = np.abs(activation.derivative(np.array([bound])))[0]
            assert at == pytest.approx(0.01 * largest, rel=2e-5, abs=0)


@every_activation
def test_the_range_is_that_of_the_values(name):
    activation = gc.ACTIVATIONS[name]
    far = np.geomspace(1, 1e7, 1001)
    values = activation.value(np.concatenate([-far[::-1], np.linspace(-1, 1, 20_001), far]))
    for bound, reached in zip(activation.range, (values.min(), values.max()), strict=True):
        if math.isinf(bound):
            assert abs(reached) > 1e4
        else:
            assert reached == pytest.approx(bound, abs=5e-6)


@every_activation
def test_the_slope_or_its_slope_jumps_at_the_kinks_and_nowhere_else(name):
    activation, h = gc.ACTIVATIONS[name], 1e-5

    def jumps(z):
        d = activation.derivative
        slope = np.abs(d(z + h) - d(z - h))
        curvature = np.abs((d(z + 2 * h) - d(z + h)) - (d(z - h) - d(z - 2 * h))) / h
        return np.maximum(slope, curvature)

    if activation.kinks:
        assert (jumps(np.array(activation.kinks)) > 0.1).all()
    assert jumps(wide("float64", activation.kinks)).max() < 1e-3
