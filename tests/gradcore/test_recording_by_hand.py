"""Proves recorded numbers on cases small enough to work out by hand, at the edge of the float range too.

A gradient of 1e-300 is recorded as that number, an exact zero as zero, and looking changes nothing.
"""

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc


def one_record(spec, x, y, weights=None, biases=None, **training):
    """Return the first record and the run of a full batch, with weights and biases of our own."""
    x = np.array(x, dtype=float)
    data = SimpleNamespace(x=x, y=np.array(y), name="test")
    run = gc.Run(spec, gc.TrainingSpec(batch_size=len(x), **training), data)
    for own, given in ((run.net.weights, weights), (run.net.biases, biases)):
        for view, values in zip(own, given or [], strict=False):
            view[:] = values
    return run.advance(), run


def test_a_sigmoid_chains_gradient_of_1e_minus_300_is_recorded_as_that_number():
    depth, weight = 100, 4e-3
    spec = gc.NetworkSpec((1,) * (depth + 2), "sigmoid", "identity", "constant", gain=weight)
    record, _ = one_record(spec, [[1.0]], [[0.0]])
    below, slopes = 1.0, []
    inputs = []
    for _ in range(depth):
        inputs.append(below)
        below = 1 / (1 + math.exp(-weight * below))
        slopes.append(below * (1 - below))
    logs = [0.0] * (depth + 1)  # ln|∂loss/∂weight|, from the output down
    log_delta = math.log(weight * below)
    logs[depth] = log_delta + math.log(below)
    for layer in reversed(range(depth)):
        log_delta += math.log(weight) + math.log(slopes[layer])
        logs[layer] = log_delta + math.log(inputs[layer])
    assert -303 < logs[0] / math.log(10) < -297
    measured = np.log(record.stats.grad_norm)
    np.testing.assert_allclose(measured, logs, rtol=0, atol=1e-11)
    np.testing.assert_allclose(record.stats.grad_rms, record.stats.grad_norm, rtol=1e-15)
    np.testing.assert_allclose(np.log(record.stats.delta_rms[0]), log_delta, rtol=0, atol=1e-11)
    assert not record.stats.zero_grad_fraction.any()


@pytest.mark.parametrize("exponent", [60, 75, 95, 105])
def test_a_linear_chain_of_powers_of_two_is_recorded_exactly_down_to_the_smallest_floats(exponent):
    depth, width = 9, 4
    weight = 2.0**-exponent
    spec = gc.NetworkSpec((1, *[width] * depth, 1), "identity", "identity", "constant", gain=weight)
    record, _ = one_record(spec, [[1.0]], [[1.0]])
    # Nine layers of equal units: each path's product in fractions; output a = weight^10 · 4^9, δ = a − 1.
    w = Fraction(1, 2**exponent)
    delta = -1 + w**10 * width**9
    for layer in range(depth + 1):
        fan_in, fan_out = spec.sizes[layer], spec.sizes[layer + 1]
        here = delta * (w if layer < depth else 1) * (w * width) ** (max(0, depth - 1 - layer))
        below = Fraction(1) if layer == 0 else w * (w * width) ** (layer - 1)
        entry = float(here * below)
        norm = float(abs(here * below) * Fraction(math.isqrt(fan_in * fan_out)))
        assert record.stats.grad_norm[layer] == norm
        assert record.stats.delta_rms[layer] == abs(float(here))
        assert record.stats.zero_grad_fraction[layer] == (entry == 0)
    if exponent == 105:  # 2^-945·4^8 and beyond is no normal number any more, 2^-1050 is the last but one
        assert 0 < record.stats.grad_norm[0] < 1e-270


def test_zero_gradients_are_counted_only_where_they_are_exactly_zero():
    spec = gc.NetworkSpec((4, 1), output="identity", initializer="zeros")
    record, _ = one_record(spec, [[1.0, 5e-324, 0.0, 1e-300]], [[-2.0]])
    assert record.stats.zero_grad_fraction.tolist() == [0.25]  # gradients 2, 1e-323, 0, 2e-300
    record, _ = one_record(spec, [[1.0, 5e-324, 0.0, 1e-300]], [[-0.1]])
    assert record.stats.zero_grad_fraction.tolist() == [0.5]  # 0.1 · 5e-324 is 0
    record, _ = one_record(spec, [[1.0, 5e-324, 0.0, 1e-300]], [[0.0]])
    assert record.stats.zero_grad_fraction.tolist() == [1.0]
    assert record.stats.grad_norm.tolist() == [0.0]


def test_float32_underflow_shows_as_zeros_where_float64_has_numbers():
    sizes = (2, *[3] * 30, 2)
    shares = {}
    for dtype in ("float32", "float64"):
        spec = gc.NetworkSpec(sizes, "tanh", initializer="normal", gain=0.01, dtype=dtype)
        record, _ = one_record(spec, [[1.0, 2.0], [2.0, -1.0], [0.5, 0.3]], [0, 1, 1])
        shares[dtype] = record.stats.zero_grad_fraction
    assert shares["float64"].max() == 0
    assert shares["float32"][1:-1].min() == 1


def test_dead_relu_units_are_those_that_answer_no_sample():
    spec = gc.NetworkSpec((1, 4, 2), "relu")
    # z per unit over x = 1, 2: (1, 2), (−1, −2), (−1.5, 0), (−1, 1): on, dead, dead (z = 0 passes nothing), half.
    record, run = one_record(
        spec, [[1.0], [2.0]], [0, 1], [[[1.0], [-1.0], [1.5], [2.0]]], [[0.0, 0.0, -3.0, -3.0]], learning_rate=0.0
    )
    assert np.sort(run.trace.layers[0].pre_activation[2]).tolist() == [-1.5, 0.0]
    assert record.stats.dead_fraction[0] == 0.5
    assert record.stats.saturated_fraction[0] == 5 / 8
    assert record.stats.zero_grad_fraction[0] == 0.5  # the dead units' weights
    assert record.stats.pre_activation_mean[0] == pytest.approx((1 + 2 - 1 - 2 - 1.5 + 0 - 1 + 1) / 8, rel=1e-15)
    assert record.stats.activation_mean[0] == pytest.approx((1 + 2 + 1) / 8, rel=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sigmoid_is_saturated_where_its_slope_is_below_a_hundredth_of_a_quarter(dtype):
    # σ′(z) = 0.0025 at e^−z = (398 − √(398² − 4))/2, that is at |z| = 5.98645.
    bound = -math.log((398 - math.sqrt(398**2 - 4)) / 2)
    z = [bound - 1e-4, bound + 1e-4, -bound + 1e-4, -bound - 1e-4, 0.0, 300.0]
    spec = gc.NetworkSpec((1, 6, 2), "sigmoid", dtype=dtype)
    record, _ = one_record(spec, [[1.0], [1.0]], [0, 1], [np.zeros((6, 1))], [z])
    assert record.stats.saturated_fraction[0] == 0.5
    assert record.stats.dead_fraction[0] == 0.5


def test_a_unit_saturated_for_some_samples_only_is_not_dead():
    spec = gc.NetworkSpec((1, 2, 2), "tanh")
    record, _ = one_record(spec, [[1.0], [5.0], [-5.0], [-6.0]], [0, 1, 0, 1], [[[1.0], [10.0]]], [[0.0, 0.0]])
    assert record.stats.saturated_fraction[0] == 7 / 8
    assert record.stats.dead_fraction[0] == 0.5


def test_softmax_is_saturated_where_p_times_one_minus_p_is_below_a_hundredth_of_a_quarter():
    bound = (1 - math.sqrt(1 - 0.01)) / 2  # p(1−p) = 0.0025
    spec = gc.NetworkSpec((1, 3), initializer="zeros")
    inside, outside = bound * 1.001, bound * 0.999
    for small, expected in (([inside, 0.5], 0), ([outside, 0.5], 1 / 3), ([outside / 2, outside / 2], 1)):
        biases = np.log([*small, 1 - sum(small)])
        record, _ = one_record(spec, [[0.0], [0.0]], [0, 1], biases=[biases])
        assert record.stats.saturated_fraction[0] == pytest.approx(expected, rel=1e-15)
        assert record.stats.dead_fraction[0] == pytest.approx(expected, rel=1e-15)


def test_identity_never_counts_as_saturated_or_dead():
    spec = gc.NetworkSpec((1, 3, 1), "identity", "identity", "normal", gain=1e6)
    record, _ = one_record(spec, [[1e3], [-1e3]], [[0.0], [0.0]])
    assert record.stats.saturated_fraction.tolist() == [0, 0]
    assert record.stats.dead_fraction.tolist() == [0, 0]


def test_update_ratio_is_inf_beside_equal_weights_and_nan_beside_equal_updates_too():
    spec = gc.NetworkSpec((2, 2, 2), "tanh", initializer="zeros")
    record, _ = one_record(spec, [[1.0, 2.0]], [0])
    assert np.isnan(record.stats.update_ratio).all()  # nothing reaches the weights: 0/0
    spec = gc.NetworkSpec((2, 2), initializer="zeros")
    record, _ = one_record(spec, [[1.0, 2.0]], [0])
    assert record.stats.update_ratio.tolist() == [np.inf]
    record, _ = one_record(gc.NetworkSpec((3, 4, 2)), [[1.0, 2.0, 3.0]], [0], learning_rate=0.0)
    assert record.stats.update_ratio.tolist() == [0, 0]


@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_recording_changes_nothing(normalization, dtype):
    data = gc.load_dataset("clouds", seed=2, n=300)
    spec = gc.NetworkSpec((2, 9, 9, 6, 3), ("tanh", "relu", "sigmoid"), normalization=normalization, dtype=dtype)
    parameters = []
    for options in (
        {"record_every": 1},
        {"record_every": 50},
        {"record_every": 1, "histogram_every": 1},
        {"record_every": 7, "histogram_every": 14, "test_every": 3},
        {"record_every": 120, "test_every": 1000},
    ):
        run = gc.Run(spec, gc.TrainingSpec(0.2, 16, 120, momentum=0.5, clip_norm=0.4, **options), data, seed=8)
        while not run.finished:
            last = run.advance()
        parameters.append(run.net.parameters)
        assert last.step == 119
    for others in parameters[1:]:
        assert np.array_equal(parameters[0], others)
    assert not np.array_equal(parameters[0], gc.build(spec, seed=8).parameters)


def test_records_keep_their_numbers_while_the_run_goes_on():
    data = gc.load_dataset("clouds", seed=2, n=100)
    run = gc.Run(gc.NetworkSpec((2, 5, 3)), gc.TrainingSpec(0.5, 16, 20, histogram_every=1), data)
    first = run.advance()
    kept = {name: np.copy(getattr(first.stats, name)) for name in ("grad_norm", "activation_mean", "update_ratio")}
    counts = first.stats.histograms.activation.counts.copy()
    while not run.finished:
        last = run.advance()
    for name, values in kept.items():
        np.testing.assert_array_equal(getattr(first.stats, name), values)
        assert not np.array_equal(getattr(last.stats, name), values)
    np.testing.assert_array_equal(first.stats.histograms.activation.counts, counts)
