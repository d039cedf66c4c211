"""Proves that norms, means and deviations of stacked layers are right over the whole range of both float types.

The references are exact: sums of fractions, with the root taken by integer square root.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcore.kernels.layout import Stack
from gradcore.kernels.norms import LayerValues, mean_and_std, norm

TINY = 5e-324


def exact_root(square):
    """Return √square of a fraction as the nearest float."""
    if square == 0:
        return 0.0
    shift = max(0, 140 - square.numerator.bit_length() + square.denominator.bit_length())
    shift += shift % 2
    return float(Fraction(math.isqrt(int(square * 2**shift)), 2 ** (shift // 2)))


def exact(values):
    """Return norm, mean and standard deviation of floats, computed in fractions."""
    numbers = [Fraction(float(value)) for value in np.ravel(values)]
    mean = sum(numbers) / len(numbers)
    variance = sum((number - mean) ** 2 for number in numbers) / len(numbers)
    return exact_root(sum(number**2 for number in numbers)), float(mean), exact_root(variance)


def measured(layers):
    """Return norms, means and deviations of rows as one stack."""
    layers = np.asarray(layers)
    values = LayerValues([Stack(slice(0, len(layers)), layers)])
    with np.errstate(all="ignore"):  # as the training loop calls them
        return values.norms(), *values.means_and_stds()


def close(value, expected, relative):
    return math.isclose(value, expected, rel_tol=relative, abs_tol=TINY)


EXTREMES = {
    "float64": [1e-300, TINY, 1e-160, 1e-139, 1e-100, 1.0, 1e100, 1e153, 1e154, 1e300],
    "float32": [1e-45, 1e-38, 1e-30, 1e-19, 1e-12, 1.0, 1e12, 1e18, 1e19, 1e30, 1e38],
}
CASES = [(dtype, size) for dtype, sizes in EXTREMES.items() for size in sizes]
# What one sum in the type itself may lose; outside its safe range the engine must be better, not worse.
RELATIVE = {"float64": 1e-12, "float32": 2e-6}


@pytest.mark.parametrize(("dtype", "size"), CASES)
@pytest.mark.parametrize("count", [1, 7, 100])
def test_values_of_one_size_have_the_norm_of_that_size_times_root_n(dtype, size, count):
    signs = np.where(np.arange(count) % 3 == 0, -1, 1)
    layer = (size * signs).astype(dtype)
    norms, _, _ = measured([layer])
    assert close(norms[0], exact(layer)[0], RELATIVE[dtype])
    assert norms[0] > 0


@pytest.mark.parametrize(("dtype", "size"), CASES)
def test_spread_values_of_any_size_have_the_right_norm_mean_and_deviation(dtype, size):
    rng = np.random.default_rng(1)
    layer = (size * rng.uniform(-1, 1, 300)).astype(dtype)
    expected_norm, expected_mean, expected_std = exact(layer)
    norms, means, stds = measured([layer])
    assert close(norms[0], expected_norm, RELATIVE[dtype])
    assert close(stds[0], expected_std, RELATIVE[dtype])
    assert abs(means[0] - expected_mean) <= max(RELATIVE[dtype] * expected_std, TINY)


@pytest.mark.parametrize(
    "layer",
    [
        np.array([1e300, 1e-300, TINY, 0.0, -1.0]),
        np.array([1e300, -1e300, 1e300]),
        np.array([1e-300, TINY, 0.0]),
        np.array([1e-170] * 50 + [1e-150]),
        np.array([1e38, 1e-38, -1e38, 1.0], dtype=np.float32),
        np.array([1e-30, 1e-45, 0.0, -1e-30], dtype=np.float32),
        np.array([1e30] * 3 + [1e38], dtype=np.float32),
    ],
)
def test_mixtures_of_sizes_in_one_layer_are_right(layer):
    expected_norm, expected_mean, expected_std = exact(layer)
    norms, means, stds = measured([layer])
    assert close(norms[0], expected_norm, 1e-12)
    assert close(stds[0], expected_std, 1e-12)
    assert abs(means[0] - expected_mean) <= 1e-12 * expected_std + TINY  # digits beside the deviation


def test_a_float32_norm_above_the_types_range_is_a_float64_number():
    norms, means, stds = measured(np.array([[1e38, -1e38] * 5000], dtype=np.float32))
    assert norms[0] == pytest.approx(1e40, rel=1e-6)
    assert abs(means[0]) < 1e33
    assert stds[0] == pytest.approx(1e38, rel=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_zeros_have_norm_mean_and_deviation_of_exactly_zero(dtype):
    for result in measured(np.zeros((3, 11), dtype=dtype)):
        assert result.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_inf_and_nan_stay_what_they_are_and_spoil_no_other_layer(dtype):
    layers = np.tile(np.array([3.0, -4.0, 0.0, 0.0], dtype=dtype), (5, 1))
    layers[1, 2], layers[2, 0], layers[3, 3] = np.inf, -np.inf, np.nan
    norms, means, stds = measured(layers)
    np.testing.assert_array_equal(norms, [5, np.inf, np.inf, np.nan, 5])
    np.testing.assert_array_equal(means, [-0.25, np.inf, -np.inf, np.nan, -0.25])
    np.testing.assert_array_equal(np.isfinite(stds), [True, False, False, False, True])
    assert stds[0] == stds[4] == pytest.approx(exact([3, -4, 0, 0])[2], rel=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("constant", [0.1, -0.1, 1 / 3, 1e-300, 1e-30, 1e20, -7.3e17, 1e6 + 0.1])
@pytest.mark.parametrize("count", [1, 3, 1000, 65_536])
def test_equal_values_have_that_mean_and_a_deviation_of_exactly_zero(dtype, constant, count):
    layer = np.full(count, constant, dtype=dtype)  # float32 makes 1e-300 to 0
    _, means, stds = measured([layer])
    assert stds[0] == 0.0
    assert means[0] == float(layer[0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mean", [1.0, 1e3, 1e6, -1e6, 1e20])
@pytest.mark.parametrize("part", [1.0, 0.1, 0.05, 0.04, 1e-2, 2e-3, 1e-3, 5e-4, 1e-6, 1e-9])
def test_a_small_deviation_beside_a_large_mean_keeps_its_digits(dtype, mean, part):
    rng = np.random.default_rng(2)
    layer = (mean * (1 + part * rng.standard_normal(400))).astype(dtype)
    _, expected_mean, expected_std = exact(layer)  # of the rounded values: those are the data
    _, means, stds = measured([layer])
    assert stds[0] == pytest.approx(expected_std, rel=1e-4 if dtype == "float32" else 1e-9)
    assert means[0] == pytest.approx(expected_mean, rel=1e-6 if dtype == "float32" else 1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_mean_a_million_and_deviation_a_thousandth_matches_the_fractions(dtype):
    layer = (1e6 + 1e-3 * np.random.default_rng(3).standard_normal(1000)).astype(dtype)
    _, expected_mean, expected_std = exact(layer)
    _, means, stds = measured([layer])
    assert means[0] == pytest.approx(expected_mean, rel=1e-15)
    # float32 has no number within 0.03 of a million: the values are all equal there, and exactly so.
    assert stds[0] == (0.0 if dtype == "float32" else pytest.approx(expected_std, rel=1e-9))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layers_of_all_stacks_come_in_order_and_are_judged_one_by_one(dtype):
    rng = np.random.default_rng(4)
    huge, small = (1e38, 1e-38) if dtype == "float32" else (1e300, 1e-300)
    first = (rng.standard_normal((3, 40)) * np.array([[1.0], [small], [1.0]])).astype(dtype)
    second = (rng.standard_normal((1, 9)) * 1e-3).astype(dtype)
    third = (rng.uniform(-1, 1, (2, 5, 6)) * np.array([[[huge]], [[2.0]]])).astype(dtype)
    values = LayerValues([Stack(slice(0, 3), first), Stack(slice(3, 4), second), Stack(slice(4, 6), third)])
    with np.errstate(all="ignore"):
        results = values.norms(), *values.means_and_stds()
    expected = [exact(layer) for stack in (first, second, third) for layer in stack]
    relative = 1e-6 if dtype == "float32" else 1e-12
    for position, result in enumerate(results):
        for layer, value in enumerate(result):
            slack = relative * expected[layer][2 if position == 1 else position]
            assert abs(value - expected[layer][position]) <= slack


def test_a_view_that_leaves_a_column_out_never_reads_it():
    blocks = np.full((2, 3, 5), np.nan)
    blocks[:, :, :-1] = np.arange(24).reshape(2, 3, 4)
    inside = LayerValues([Stack(slice(0, 2), blocks[:, :, :-1])])
    assert inside.norms() == pytest.approx([exact(range(12))[0], exact(range(12, 24))[0]], rel=1e-14)
    assert inside.means_and_stds()[0].tolist() == [5.5, 17.5]
    last = LayerValues([Stack(slice(0, 2), blocks[:, :, -1])])
    blocks[:, :, -1] = [[3, 0, 4], [0, 0, -2]]  # views are read again at each call
    assert last.norms().tolist() == [5.0, 2.0]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(st.floats(-1e306, 1e306), min_size=1, max_size=20))
def test_single_arrays_of_any_floats_match_the_exact_reference(numbers):
    expected_norm, expected_mean, expected_std = exact(numbers)
    values = np.array(numbers)
    assert close(norm(values), expected_norm, 1e-14)
    mean, std = mean_and_std(values)
    peak = max(abs(number) for number in numbers)
    assert abs(mean - expected_mean) <= 1e-15 * peak + TINY
    assert abs(std - expected_std) <= 1e-14 * expected_std + 1e-16 * peak + TINY
