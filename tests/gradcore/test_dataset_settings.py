"""Proves what n, noise and test_fraction do to a data set, what a toy set's shape is, and what is refused.

Columns that do not vary are found, and turn to zeros and not to NaN.
"""

import numpy as np
import pytest

import gradcore as gc
from gradcore.data.datasets import DatasetInfo

REAL = {"digits": 1797, "breast_cancer": 569, "iris": 150}
TOYS = ["xor", "circles", "moons", "spirals", "clouds", "surface"]
NAMES = [*REAL, *TOYS]


def raw(name, **settings):
    data = gc.load_dataset(name, **{"test_fraction": 0, **settings})
    return data.x * data.std + data.mean, data.y


def distance(x, points):
    """Return each sample's distance to the nearest of the points."""
    return np.sqrt(((x[:, None] - points) ** 2).sum(axis=2).min(axis=1))


def test_without_noise_circles_are_circles():
    x, y = raw("circles", noise=0)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(y == 0, 1.0, 0.4), rtol=1e-12)
    assert abs(np.arctan2(x[:, 1], x[:, 0]).mean()) < 0.3


def test_without_noise_moons_are_half_circles_that_interlock():
    x, y = raw("moons", noise=0)
    upper, lower = x[y == 0], x[y == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1, rtol=1e-12)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-12)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert lower[:, 1].min() < -0.4


def test_without_noise_spirals_are_one_arm_and_its_half_turn():
    x, y = raw("spirals", noise=0)
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    turns = (angle - 3.5 * np.pi * radius - np.pi * y) / (2 * np.pi)
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-9)
    assert (radius.min() >= 0.1, radius.max() <= 1) == (True, True)


def test_without_noise_clouds_are_the_corners_of_a_triangle():
    x, y = raw("clouds", noise=0)
    corners = np.array([x[y == c][0] for c in range(3)])
    assert distance(x, corners).max() < 1e-12
    sides = [np.linalg.norm(corners[a] - corners[b]) for a, b in ((0, 1), (1, 2), (2, 0))]
    np.testing.assert_allclose(sides, np.sqrt(3), rtol=1e-3)


def test_without_noise_opposite_quadrants_of_xor_are_alike():
    x, y = raw("xor", noise=0)
    np.testing.assert_array_equal(y, x[:, 0] * x[:, 1] > 0)
    assert np.abs(x).max() <= 1


def test_without_noise_the_surface_is_its_formula():
    x, y = raw("surface", noise=0)
    np.testing.assert_allclose(y[:, 0], np.sin(np.pi * x[:, 0]) * np.cos(np.pi * x[:, 1] / 2), atol=1e-12)


@pytest.mark.parametrize("noise", [0.01, 0.5, 10])
@pytest.mark.parametrize("name", TOYS)
def test_noise_is_normal_and_of_the_given_deviation(name, noise):
    (x, y), (exact_x, exact_y) = raw(name, n=4000, noise=noise), raw(name, n=4000, noise=0)
    change = y - exact_y if name == "surface" else x - exact_x
    np.testing.assert_allclose(x if name == "surface" else y, exact_x if name == "surface" else exact_y, atol=1e-12)
    assert change.std() == pytest.approx(noise, rel=5 / np.sqrt(2 * change.size))
    assert abs(change.mean()) < 5 * noise / np.sqrt(change.size)
    assert (change**4).mean() / noise**4 == pytest.approx(3, abs=0.6)


@pytest.mark.parametrize("name", TOYS)
def test_noise_none_is_the_sets_own(name):
    own = gc.DATASETS[name].noise
    assert own > 0
    np.testing.assert_array_equal(raw(name)[0], raw(name, noise=own)[0])
    np.testing.assert_array_equal(raw(name)[1], raw(name, noise=own)[1])


@pytest.mark.parametrize("name", REAL)
def test_noise_on_a_real_set_is_in_units_of_each_features_deviation(name):
    noise, (exact, classes) = 2.0, raw(name)
    x, y = raw(name, noise=noise)
    assert np.bincount(y).tolist() == np.bincount(classes).tolist()
    varying = exact.std(axis=0) > 1e-6
    grown = x.var(axis=0)[varying] / exact.var(axis=0)[varying]
    spread = 2 * noise / np.sqrt(len(x)) + noise**2 * np.sqrt(2 / len(x))
    assert np.abs(grown - (1 + noise**2)).max() < 4 * spread
    assert (x[:, ~varying] == exact[0, ~varying]).all()  # what was constant stays so
    np.testing.assert_array_equal(raw(name, noise=0)[0], exact)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [4, 5, 37, 150])
def test_n_is_the_number_of_samples_in_all(name, n):
    data = gc.load_dataset(name, n=n, test_fraction=0.25)
    tested = len(data.x_test)
    assert (len(data.x) + tested, len(data.y) + len(data.y_test)) == (n, n)
    assert abs(tested - 0.25 * n) <= 0.5


@pytest.mark.parametrize("name", REAL)
def test_a_subset_holds_different_samples_of_the_whole(name):
    x, _ = raw(name, n=100, seed=4)
    whole, _ = raw(name)
    assert distance(x, whole).max() < 1e-9
    assert len(np.unique(np.round(x, 6), axis=0)) >= 97  # iris has twins


@pytest.mark.parametrize("name", ["moons", "surface", "iris", "digits"])
@pytest.mark.parametrize("fraction", [0, 0.1, 0.5, 0.85, 0.875, 0.9])
def test_the_smallest_sets_leave_something_to_train_on_at_every_fraction(name, fraction):
    for n in range(4, 13):
        data = gc.load_dataset(name, n=n, test_fraction=fraction)
        tested = 0 if data.x_test is None else len(data.x_test)
        assert len(data.x) >= 1
        assert len(data.x) + tested == n
        assert np.isfinite(data.x).all()


@pytest.mark.parametrize("n", [4, 100_000])
def test_the_limits_of_n_are_accepted(n):
    assert len(gc.load_dataset("moons", n=n, test_fraction=0).x) == n


def fake(monkeypatch, column):
    """Return a set of that column beside a normal one, loaded from the registry."""
    x = np.column_stack([np.random.default_rng(0).standard_normal(len(column)), column])
    info = DatasetInfo("fake", "", "", "", "", 2, 1, "sigmoid", 0.0, lambda rng, n, noise: (x, np.arange(len(x)) % 2))
    monkeypatch.setitem(gc.DATASETS, "fake", info)
    return gc.load_dataset("fake")


@pytest.mark.parametrize(
    ("value", "spread", "constant"),
    [
        (0.0, 0.0, True),
        (3.0, 0.0, True),
        (0.1, 0.0, True),
        (-1e12, 0.0, True),
        (1.0, 1e-9, True),
        (1e6, 1e-3, True),
        (np.float32(0.1), 7e-9, True),
        (1.0, 1e-5, False),
        (0.0, 1e-30, False),
        (1e6, 10.0, False),
    ],
)
def test_a_column_counts_as_constant_where_it_varies_by_rounding_only(monkeypatch, value, spread, constant):
    column = value + spread * np.random.default_rng(1).uniform(-1, 1, 50)
    data = fake(monkeypatch, column)
    assert data.constant_features == ((1,) if constant else ())
    for x in (data.x, data.x_test):
        assert np.isfinite(x).all()
        assert (x[:, 1] == 0).all() == constant
    if constant:
        assert data.std[1] == 1


@pytest.mark.parametrize("n", [4, 5, 20])
def test_pixels_that_are_constant_in_a_few_digits_give_zeros_and_no_nan(n):
    data = gc.load_dataset("digits", n=n)
    values = np.round(data.x * data.std + data.mean, 6)
    assert data.constant_features == tuple(np.flatnonzero((values == values[0]).all(axis=0)).tolist())
    assert len(data.constant_features) > 5
    for x in (data.x, data.x_test):
        assert np.isfinite(x).all()
        assert not x[:, list(data.constant_features)].any()


REFUSED = {
    "unknown name": ({"name": "mnist"}, "name must be one of 'digits', .*'surface'; got 'mnist'"),
    "no name": ({"name": None}, "name must be one of"),
    "name of another type": ({"name": 3}, "name must be one of"),
    "negative seed": ({"seed": -1}, "seed must be a whole number from 0 to 4294967295, got -1"),
    "fractional seed": ({"seed": 1.5}, r"seed must be a whole number .* got 1\.5"),
    "too few": ({"n": 3}, "n must be a whole number from 4 to 100000, got 3"),
    "too many": ({"n": 100_001}, "n must be a whole number from 4 to 100000, got 100001"),
    "fractional n": ({"n": 10.5}, "n must be a whole number"),
    "n of words": ({"n": "ten"}, "n must be a whole number .* got 'ten'"),
    "n that is True": ({"n": True}, "n must be a whole number .* got True"),
    "negative noise": ({"noise": -0.1}, r"noise must be a number at least 0 and at most 10, got -0\.1"),
    "too much noise": ({"noise": 10.1}, "noise must be a number at least 0 and at most 10"),
    "noise of NaN": ({"noise": float("nan")}, "noise must be a number .* got nan"),
    "endless noise": ({"noise": float("inf")}, "noise must be a number .* got inf"),
    "negative fraction": ({"test_fraction": -0.01}, "test_fraction must be a number at least 0 and at most 0.9"),
    "nothing to train on": ({"test_fraction": 0.91}, r"test_fraction must be .* got 0\.91"),
    "no fraction": ({"test_fraction": None}, "test_fraction must be a number .* got None"),
}


@pytest.mark.parametrize(("settings", "message"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_with_argument_rule_and_value(settings, message):
    with pytest.raises(ValueError, match=message):
        gc.load_dataset(**{"name": "moons", **settings})


@pytest.mark.parametrize("name", REAL)
def test_more_than_a_real_set_holds_is_refused(name):
    assert len(gc.load_dataset(name, n=REAL[name], test_fraction=0).x) == REAL[name]
    with pytest.raises(ValueError, match=f"n must be at most {REAL[name]}, the size of '{name}', got {REAL[name] + 1}"):
        gc.load_dataset(name, n=REAL[name] + 1)
