"""Proves what standardizing does: measured on the training part alone, undone by mean and std, refused in words."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

X = np.array([[1.0, 10.0, 5.0], [2.0, 30.0, 5.0], [3.0, 20.0, 5.0], [6.0, 20.0, 5.0]])
MEAN, STD = [3.0, 20.0, 5.0], [np.sqrt(3.5), np.sqrt(50.0), 1.0]
X_TEST = np.array([[3.0, 20.0, 5.0], [3.0 + np.sqrt(3.5), 0.0, 7.0]])


def own(**changes):
    parts = {"x": X, "y": np.array([0, 1, 1, 0]), "x_test": X_TEST, "y_test": np.array([1, 0]), "name": "own"}
    return SimpleNamespace(**{**parts, **changes})


def without(data, *names):
    return SimpleNamespace(**{name: value for name, value in vars(data).items() if name not in names})


def test_inputs_get_mean_0_and_deviation_1_by_hand():
    data = gc.standardize(own())
    np.testing.assert_allclose(data.mean, MEAN, rtol=1e-15)
    np.testing.assert_allclose(data.std, STD, rtol=1e-15)
    np.testing.assert_allclose(data.x[:, 0], np.array([-2, -1, 0, 3]) / np.sqrt(3.5), rtol=1e-15)
    np.testing.assert_allclose(data.x[:, 1], np.array([-10, 10, 0, 0]) / np.sqrt(50), rtol=1e-15)
    assert data.x[:, 2].tolist() == [0, 0, 0, 0]
    np.testing.assert_allclose(data.x_test, [[0, 0, 0], [1, -20 / np.sqrt(50), 0]], rtol=1e-14)
    assert (data.y.tolist(), data.y_test.tolist(), data.name) == ([0, 1, 1, 0], [1, 0], "own")
    assert data.y.dtype == np.int64
    assert data.constant_features == (2,)


def test_the_test_part_is_not_measured():
    data, other = gc.standardize(own()), gc.standardize(own(x_test=1000 * X_TEST))
    np.testing.assert_array_equal(data.x, other.x)
    np.testing.assert_array_equal(data.mean, other.mean)
    np.testing.assert_array_equal(data.std, other.std)
    alone = gc.standardize(without(own(), "x_test", "y_test"))
    np.testing.assert_array_equal(alone.x, data.x)
    assert (alone.x_test, alone.y_test) == (None, None)


@pytest.mark.parametrize("missing", [{"x_test": None}, {"y_test": None}, {"x_test": X[:0], "y_test": []}])
def test_half_a_test_part_and_an_empty_one_are_none(missing):
    data = gc.standardize(own(**missing))
    assert (data.x_test, data.y_test) == (None, None)


def test_targets_are_standardized_when_asked_to_and_inputs_left_when_not():
    y, y_test = np.array([100.0, 300.0, 200.0, 200.0]), np.array([200.0, 0.0])
    data = gc.standardize(own(y=y, y_test=y_test), inputs=False, targets=True)
    np.testing.assert_array_equal(data.x, X)
    np.testing.assert_array_equal(data.x_test, X_TEST)
    assert (data.mean.tolist(), data.std.tolist()) == ([0, 0, 0], [1, 1, 1])
    np.testing.assert_allclose(data.y, np.array([-100, 100, 0, 0]) / np.sqrt(5000), rtol=1e-15)
    np.testing.assert_allclose(data.y_test, np.array([0, -200]) / np.sqrt(5000), rtol=1e-15)
    two = own(y=np.column_stack([y, y * 0 + 7]), y_test=np.column_stack([y_test, y_test]))
    columns = gc.standardize(two, targets=True)
    np.testing.assert_array_equal(columns.y[:, 0], data.y)
    assert columns.y[:, 1].tolist() == [0, 0, 0, 0]
    assert columns.y_test[:, 1].tolist() == [0, 0]
    np.testing.assert_allclose(columns.mean, MEAN, rtol=1e-15)


def test_with_neither_data_are_as_given():
    data = gc.standardize(own(), inputs=False)
    for name in ("x", "y", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(data, name), getattr(own(), name))


@pytest.mark.parametrize("name", gc.DATASETS)
@pytest.mark.parametrize("fraction", [0, 0.3])
def test_raw_numbers_standardized_are_what_is_loaded(name, fraction):
    raw = gc.load_dataset(name, seed=2, test_fraction=fraction, standardize=False)
    loaded, later = gc.load_dataset(name, seed=2, test_fraction=fraction), gc.standardize(raw)
    for field in ("x", "y", "x_test", "y_test", "mean", "std"):
        np.testing.assert_array_equal(getattr(later, field), getattr(loaded, field))
    assert not raw.mean.any()
    assert (raw.std == 1).all()
    assert raw.constant_features == loaded.constant_features
    np.testing.assert_allclose(loaded.x * loaded.std + loaded.mean, raw.x, rtol=0, atol=1e-9 * np.abs(raw.x).max())
    assert (raw.x_test is None) == (fraction == 0)


def test_raw_digits_are_the_published_numbers_of_ink():
    raw = gc.load_dataset("digits", standardize=False)
    values = np.unique(np.vstack([raw.x, raw.x_test]))
    assert values.tolist() == list(range(17))
    assert raw.x.sum() + raw.x_test.sum() == 561718


def test_mean_and_std_lead_back_to_the_raw_numbers_however_often_it_was_standardized():
    once = gc.standardize(own())
    std = once.std / 3
    stretched = replace(once, x=once.x * 3 + 1, x_test=once.x_test * 3 + 1, mean=once.mean - std, std=std)
    for data in (gc.standardize(once), gc.standardize(stretched), gc.standardize(once, inputs=False)):
        np.testing.assert_allclose(data.x, once.x, atol=1e-14)
        np.testing.assert_allclose((data.x * data.std + data.mean)[:, :2], X[:, :2], atol=1e-12)


@pytest.mark.parametrize("kind", [list, np.float32, np.int16])
def test_lists_and_other_numbers_will_do(kind):
    changed = {name: getattr(own(), name) for name in ("x", "x_test")}
    changed = {name: part.tolist() if kind is list else part.astype(kind) for name, part in changed.items()}
    data = gc.standardize(own(**changed))
    assert data.x.dtype == data.x_test.dtype == np.float64
    np.testing.assert_array_equal(data.x, gc.standardize(own()).x)


def test_what_was_given_is_left_alone_and_what_comes_back_cannot_be_written_into():
    given = own()
    copies = {name: getattr(given, name).copy() for name in ("x", "y", "x_test", "y_test")}
    for inputs in (True, False):
        data = gc.standardize(given, inputs=inputs)
        for name, copy in copies.items():
            with pytest.raises(ValueError, match="read-only"):
                getattr(data, name)[0] = 9
            np.testing.assert_array_equal(getattr(given, name), copy)
            assert getattr(given, name).flags.writeable
            assert not np.shares_memory(getattr(data, name), getattr(given, name))


@pytest.mark.parametrize("size", [1e-300, 1e-140, 1e138])
def test_numbers_of_any_size_give_finite_ones(size):
    data = gc.standardize(own(x=X * size, x_test=X_TEST * size))
    assert np.isfinite(data.x).all()
    assert np.isfinite(data.x_test).all()
    if size > 1e-150:  # below, squares are 0 and nothing seems to vary
        np.testing.assert_allclose(data.x, gc.standardize(own()).x, rtol=1e-12)
        huge = gc.standardize(own(x=X * size, x_test=X_TEST * 1e138))
        assert np.isfinite(huge.x_test).all()


REFUSED = {
    "no data": (
        lambda: gc.standardize("digits"),
        "data must have x, y and name, got no x and no y and no name in 'digits'",
    ),
    "no name": (
        lambda: gc.standardize(without(own(), "name")),
        "data must have x, y and name, got no name in namespace",
    ),
    "a vector": (lambda: gc.standardize(own(x=X[:, 0])), r"x must have shape \(n, features\) .* got \(4,\)"),
    "no column": (lambda: gc.standardize(own(x=X[:, :0])), r"x must have shape \(n, features\) .* got \(4, 0\)"),
    "no sample": (lambda: gc.standardize(own(x=X[:0], y=[])), r"x must have shape .* n at least 1, got \(0, 3\)"),
    "words": (lambda: gc.standardize(own(x=X.astype(str))), "x must be numbers, got an array of <U"),
    "uneven lists": (
        lambda: gc.standardize(own(x=[[1.0], [1.0, 2.0]])),
        r"x must be an array of numbers, got \[\[1.0\]",
    ),
    "NaN": (lambda: gc.standardize(own(x=np.where(X == 6, np.nan, X))), "x must be finite, got NaN or infinity"),
    "too large": (lambda: gc.standardize(own(x=X * 1e150)), r"x must be within ±1e\+140 .* got 3e\+151 in size"),
    "too large a test": (lambda: gc.standardize(own(x_test=X_TEST * 1e150)), r"x_test must be within ±1e\+140"),
    "other length": (
        lambda: gc.standardize(own(y=[0, 1])),
        "x and y must have the same number of samples, got 4 and 2",
    ),
    "NaN among targets": (lambda: gc.standardize(own(y=[0, 1, np.nan, 1])), "y must be finite"),
    "deep targets": (lambda: gc.standardize(own(y=np.zeros((4, 1, 1)))), r"y must have shape \(n,\) or \(n, outputs\)"),
    "other features": (lambda: gc.standardize(own(x_test=X_TEST[:, :2])), r"x_test must have shape \(n, 3\)"),
    "other test length": (lambda: gc.standardize(own(y_test=[1])), "x_test and y_test must .* got 2 and 1"),
    "other columns": (
        lambda: gc.standardize(own(y_test=[[1], [0]])),
        r"y_test must have as many columns as y, got .*2, 1",
    ),
    "inputs in words": (lambda: gc.standardize(own(), inputs="yes"), "inputs must be True or False, got 'yes'"),
    "targets in words": (lambda: gc.standardize(own(), targets=1), "targets must be True or False, got 1"),
    "loading": (lambda: gc.load_dataset("xor", standardize=None), "standardize must be True or False, got None"),
}


@pytest.mark.parametrize(("call", "message"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_with_argument_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_dataset_made_by_hand_holds_copies_and_refuses_what_are_no_numbers():
    x = X.copy()
    data = gc.Dataset(x, [0, 1, 1, 0], None, None, "own", np.zeros(3), np.ones(3))
    x[:] = 0
    np.testing.assert_array_equal(data.x, X)
    assert data.y.tolist() == [0, 1, 1, 0]
    with pytest.raises(ValueError, match="y must be numbers"):
        replace(data, y=["a", "b", "c", "d"])
