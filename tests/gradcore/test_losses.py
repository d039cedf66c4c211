"""Losses and their deltas come out as by hand, stay finite for any logit, and refuse targets that make no sense."""

from math import e, exp, log

import numpy as np
import pytest

import gradcore as gc
from gradcore.data.arrays import as_targets
from gradcore.functions.accuracy import are_classes, correct_share

LN3 = log(3)
# Logits 0 and ln 3 have softmax ¼, ¾; a logit of ln 3 has sigmoid ¾.
QUARTERS = [[0.0, LN3]]


def of_logits(logits, y, output, loss=None, dtype="float64"):
    """Return loss and first delta, as (n, outputs), for given logits: a network whose only layer passes them on."""
    logits = np.asarray(logits, dtype=dtype)
    outputs = logits.shape[1]
    net = gc.build(gc.NetworkSpec((outputs, outputs), output=output, loss=loss, dtype=dtype))
    net.weights[0][:] = np.eye(outputs)
    net.biases[0][:] = 0
    grads = gc.backward(net, gc.forward(net, logits), y)
    return grads.loss, grads.layers[0].delta.T


@pytest.mark.parametrize(
    ("output", "loss", "logits", "y", "value", "delta"),
    [
        ("softmax", None, QUARTERS, [1], log(4 / 3), [[0.25, -0.25]]),
        ("softmax", None, QUARTERS, [0], log(4), [[-0.75, 0.75]]),
        ("softmax", None, QUARTERS * 2, [0, 1], (log(4) + log(4 / 3)) / 2, [[-0.375, 0.375], [0.125, -0.125]]),
        ("softmax", None, QUARTERS, [[0.5, 0.5]], (log(4) + log(4 / 3)) / 2, [[-0.25, 0.25]]),
        ("sigmoid", None, [[LN3]], [1], log(4 / 3), [[-0.25]]),
        ("sigmoid", None, [[LN3]], [0], log(4), [[0.75]]),
        ("sigmoid", None, [[LN3]], [0.5], (log(4) + log(4 / 3)) / 2, [[0.25]]),
        ("sigmoid", None, [[LN3, -LN3]], [[1, 1]], log(4 / 3) + log(4), [[-0.25, -0.75]]),
        ("sigmoid", None, [[LN3, -LN3], [0, 0]], [0, 1], log(4 / 3) + log(2), None),
        ("identity", None, [[1.0, 2.0]], [[0.0, 0.0]], 2.5, [[1.0, 2.0]]),
        ("identity", None, [[1.0, 2.0], [3.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], 3.5, [[0.5, 1.0], [1.5, 0.0]]),
        ("softmax", "mse", QUARTERS, [1], 0.0625, [[0.09375, -0.09375]]),
        ("sigmoid", "mse", [[LN3]], [1], 0.03125, [[-0.046875]]),
        ("sigmoid", "mse", [[LN3, 0.0]], [[0, 1]], 0.40625, [[0.140625, -0.125]]),
    ],
)
def test_losses_and_deltas_are_those_worked_by_hand(output, loss, logits, y, value, delta):
    got_value, got_delta = of_logits(logits, y, output, loss)
    assert isinstance(got_value, float)
    assert got_value == pytest.approx(value, rel=4e-15, abs=0)
    if delta is not None:
        np.testing.assert_allclose(got_delta, delta, rtol=1e-14, atol=1e-17)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1000.0, 1e4])
@pytest.mark.parametrize(
    ("output", "loss", "y", "times", "delta"),
    [
        ("softmax", None, 0, 0, [[0, 0]]),
        ("softmax", None, 1, 2, [[1, -1]]),
        ("softmax", "mse", 1, None, [[0, 0]]),
        ("sigmoid", None, [1.0, 0.0], 0, [[0, 0]]),
        ("sigmoid", None, [0.0, 1.0], 2, [[1, -1]]),
        ("sigmoid", None, [0.5, 0.5], 1, [[0.5, -0.5]]),
        ("sigmoid", "mse", [0.0, 1.0], None, [[0, 0]]),
    ],
)
def test_losses_and_deltas_are_exact_at_huge_logits(dtype, size, output, loss, y, times, delta):
    value, got = of_logits([[size, -size]], [y], output, loss, dtype)
    # The squared error of two outputs that are as wrong as can be is 1, whatever the logits.
    assert value == (1 if times is None else times * size)
    np.testing.assert_array_equal(got, delta)


def test_a_confident_binary_loss_keeps_its_small_digits():
    value, _ = of_logits([[40.0]], [1], "sigmoid")
    assert value == pytest.approx(exp(-40), rel=1e-14, abs=0)


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "identity"])
@pytest.mark.parametrize("loss", [None, "mse"])
def test_class_numbers_are_one_hot_targets(output, loss):
    logits, classes = np.random.default_rng(0).normal(size=(7, 4)), np.array([0, 3, 1, 1, 2, 0, 3])
    expected = of_logits(logits, np.eye(4)[classes], output, loss)
    for y in (classes, classes.tolist(), classes.astype(np.uint8), classes.astype(np.float32)):
        value, delta = of_logits(logits, y, output, loss)
        assert value == expected[0]
        np.testing.assert_array_equal(delta, expected[1])


def test_with_one_output_a_vector_is_a_column_of_targets():
    logits = [[0.3], [-2.0], [1.0]]
    for y in ([0.2, 1.0, 0.0], [False, True, True]):
        value, delta = of_logits(logits, y, "sigmoid")
        column_value, column_delta = of_logits(logits, np.array(y)[:, None], "sigmoid")
        assert value == column_value
        np.testing.assert_array_equal(delta, column_delta)


def test_soft_targets_equal_to_the_prediction_leave_the_entropy_and_no_delta():
    logits = np.random.default_rng(1).normal(size=(5, 3))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    value, delta = of_logits(logits, p, "softmax")
    assert value == pytest.approx(-(p * np.log(p)).sum() / 5, rel=1e-14, abs=0)
    np.testing.assert_allclose(delta, 0, atol=1e-16)


def test_cross_entropy_of_two_classes_is_binary_cross_entropy_of_the_difference():
    logits = np.random.default_rng(2).normal(scale=5, size=(6, 2))
    classes = np.array([0, 1, 1, 0, 1, 0])
    value, delta = of_logits(logits, classes, "softmax")
    binary_value, binary_delta = of_logits(logits[:, 1:] - logits[:, :1], classes, "sigmoid")
    assert value == pytest.approx(binary_value, rel=1e-14, abs=0)
    np.testing.assert_allclose(delta[:, 1:], binary_delta, rtol=1e-12)


@pytest.mark.parametrize(
    ("y", "outputs", "loss", "message"),
    [
        (np.zeros((2, 3)), 2, "mse", r"y must have shape \(n,\) or \(n, 2\), one column for each output, got \(2, 3\)"),
        (np.zeros((2, 1)), 2, "mse", r"y must have shape .* got \(2, 1\)"),
        (np.zeros((2, 2, 1)), 2, "mse", r"y must have shape .* got \(2, 2, 1\)"),
        (1, 2, "cross_entropy", r"y must have shape .* got \(\)"),
        (np.zeros((2, 2)), 1, "mse", r"y must have shape \(n,\) or \(n, 1\), .* got \(2, 2\)"),
        (["a", "b"], 2, "cross_entropy", "y must be numbers, got an array of <U1"),
        ([None, 1], 2, "cross_entropy", "y must be numbers, got an array of object"),
        ([1j, 1], 1, "mse", "y must be numbers, got an array of complex128"),
        ([[np.nan, 0]], 2, "mse", "y must be finite, got NaN or infinity"),
        ([[np.inf, 0]], 2, "mse", "y must be finite, got NaN or infinity"),
        ([np.nan], 1, "mse", "y must be finite, got NaN or infinity"),
        ([0.5, 1.0], 2, "cross_entropy", "y must be class numbers 0 to 1 or have 2 columns, got fractions"),
        ([np.nan, 1.0], 2, "cross_entropy", "y must be class numbers 0 to 1 or have 2 columns"),
        ([0, 3], 3, "cross_entropy", "y must be class numbers from 0 to 2, got 0 to 3"),
        ([-1, 1], 3, "cross_entropy", "y must be class numbers from 0 to 2, got -1 to 1"),
        ([-1, 3], 3, "mse", "y must be class numbers from 0 to 2, got -1 to 3"),
        ([1e300, 0.0], 3, "cross_entropy", "y must be class numbers from 0 to 2"),
        (np.array([2**63 + 7, 0], dtype=np.uint64), 3, "mse", "from 0 to 2, got 0 to 9223372036854775815"),
        ([0, 2], 1, "binary_cross_entropy", "y must lie between 0 and 1 .*'binary_cross_entropy', got .* 0 to 2"),
        ([[0.5, -0.1]], 2, "binary_cross_entropy", "y must lie between 0 and 1 .* from -0.1 to 0.5"),
        ([[1.5, -0.5]], 2, "cross_entropy", "y must lie between 0 and 1 for loss 'cross_entropy', got .* -0.5 to 1.5"),
        ([[0.5, 0.6]], 2, "cross_entropy", "y must be probabilities that sum to 1 in each row"),
        ([[1.0, 0.0], [0.0, 0.0]], 2, "cross_entropy", "y must be probabilities that sum to 1 in each row"),
    ],
)
def test_targets_that_make_no_sense_are_refused_with_the_rule_and_what_came(y, outputs, loss, message):
    with pytest.raises(ValueError, match=message):
        as_targets(y, outputs, loss)


def test_targets_for_another_number_of_samples_are_refused():
    net = gc.build(gc.NetworkSpec((2, 2)))
    with pytest.raises(ValueError, match="one entry for each of the trace's 2 samples, got 3"):
        gc.backward(net, gc.forward(net, np.zeros((2, 2))), [0, 1, 1])


def test_squared_error_takes_any_number_as_target():
    value, _ = of_logits([[0.0]], [-e * 1e6], "identity")
    assert value == pytest.approx(0.5e12 * e * e, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("output", "a", "t", "share"),
    [
        ("softmax", [[0.7, 0.2, 0.4], [0.3, 0.8, 0.6]], [[1, 1, 0], [0, 0, 1]], 2 / 3),
        ("sigmoid", [[0.6, 0.4, 0.5, 0.9]], [[1, 1, 0, 0]], 0.5),
        ("identity", [[2.0, -5.0], [1.0, -4.0]], [[1, 0], [0, 1]], 1.0),
        ("identity", [[1.0, 0.0]], [[1, 0]], None),  # one number to regress on, not a class
        ("softmax", [[0.7], [0.3]], [[0.9], [0.1]], None),  # soft targets
        ("sigmoid", [[0.7], [0.8]], [[1], [1]], None),  # several labels at once
        ("softmax", [[np.nan], [0.3]], [[1], [0]], None),
    ],
)
def test_accuracy_is_the_share_of_right_classes_and_nan_where_there_are_none(output, a, t, share):
    a, t = np.array(a, dtype=float), np.array(t, dtype=float)
    got = correct_share(a, t) if are_classes(t.T, output) else np.nan
    assert got == pytest.approx(float("nan") if share is None else share, nan_ok=True)
