"""Proves the data sets: split as they say, standardized by the training part only, the shipped ones unaltered.

What n, noise and fraction do to them is in test_dataset_settings.py.
"""

import re
import socket

import numpy as np
import pytest

import gradcore as gc
from gradcore.data.datasets import FOLDER, _shipped

TOYS = ["xor", "circles", "moons", "spirals", "clouds", "surface"]
REAL = {"digits": (1797, 64, 10), "breast_cancer": (569, 30, 2), "iris": (150, 4, 3)}
NAMES = [*REAL, *TOYS]
EVERY = pytest.mark.parametrize("name", NAMES)


def raw(data, x=None):
    """Return inputs as they were before standardization, of the training part if none are given."""
    return (data.x if x is None else x) * data.std + data.mean


def rows(*parts):
    """Return samples in an order of their own, so that two sets can be compared."""
    table = np.round(np.vstack([np.column_stack([x, np.reshape(y, (len(x), -1))]) for x, y in parts]), 9)
    return table[np.lexsort(table.T)]


def test_the_registry_knows_each_set_before_it_is_loaded():
    assert sorted(gc.DATASETS) == sorted(NAMES)
    for name, info in gc.DATASETS.items():
        assert info.name == name
        assert info.label
        assert info.description
        assert info.source
        assert info.license == ("CC BY 4.0" if name in REAL else "MIT")


@EVERY
def test_shapes_types_and_classes_are_as_announced(name):
    info, data = gc.DATASETS[name], gc.load_dataset(name)
    total = REAL[name][0] if name in REAL else 1000
    tested = round(0.2 * total)
    assert data.name == name
    assert data.x.shape == (total - tested, info.features)
    assert data.x_test.shape == (tested, info.features)
    for array in (data.x, data.x_test, data.mean, data.std):
        assert array.dtype == np.float64
        assert np.isfinite(array).all()
    if info.output == "identity":
        assert data.y.shape == (total - tested, 1)
        assert data.y_test.shape == (tested, 1)
        assert data.y.dtype == np.float64
    else:
        assert data.y.dtype == np.int64
        for y in (data.y, data.y_test):
            assert sorted(set(y.tolist())) == list(range(max(info.outputs, 2)))


@EVERY
def test_a_network_of_the_announced_kind_learns_it(name):
    info, data = gc.DATASETS[name], gc.load_dataset(name)
    spec = gc.NetworkSpec((info.features, 20, 20, info.outputs), "tanh", info.output)
    tspec = gc.TrainingSpec(0.01, 32, 400, optimizer="adam", record_every=399)
    first, last = gc.train(spec, tspec, data)
    assert last.loss < 0.7 * first.loss
    assert last.test_loss < 0.8 * first.test_loss


@EVERY
def test_standardization_is_fitted_on_the_training_part_alone(name):
    data = gc.load_dataset(name, seed=3)
    varying = [column for column in range(data.x.shape[1]) if column not in data.constant_features]
    np.testing.assert_allclose(data.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(axis=0)[varying], 1, rtol=1e-12)
    np.testing.assert_allclose(raw(data).mean(axis=0), data.mean, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(raw(data).std(axis=0)[varying], data.std[varying], rtol=1e-12)
    # The test part was not looked at: its own mean and deviation are near these, and not them.
    assert np.abs(data.x_test.mean(axis=0)[varying]).min() > 1e-9
    assert np.abs(data.x_test.std(axis=0)[varying] - 1).min() > 1e-9
    whole = gc.load_dataset(name, seed=3, test_fraction=0)
    assert not np.allclose(whole.mean[varying], data.mean[varying], rtol=1e-9, atol=1e-12)


@EVERY
@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.5, 0.9])
def test_the_split_is_disjoint_and_loses_nothing(name, fraction):
    whole = gc.load_dataset(name, seed=5, test_fraction=0)
    data = gc.load_dataset(name, seed=5, test_fraction=fraction)
    assert whole.x_test is None
    assert whole.y_test is None
    assert len(data.x_test) == len(data.y_test) == round(fraction * len(whole.x))
    kept = [column for column in range(whole.x.shape[1]) if column not in data.constant_features]
    parts = ((raw(data)[:, kept], data.y), (raw(data, data.x_test)[:, kept], data.y_test))
    np.testing.assert_allclose(rows(*parts), rows((raw(whole)[:, kept], whole.y)), rtol=0, atol=2e-9)


@EVERY
@pytest.mark.parametrize("n", [60, 150])
def test_a_seed_fixes_draw_subset_noise_and_split(name, n):
    one, same = (gc.load_dataset(name, seed=7, n=n, noise=0.1) for _ in range(2))
    for field in ("x", "y", "x_test", "y_test", "mean", "std"):
        np.testing.assert_array_equal(getattr(one, field), getattr(same, field))
    assert one.constant_features == same.constant_features
    other = gc.load_dataset(name, seed=8, n=n, noise=0.1)
    assert len(one.x) + len(one.x_test) == n
    assert not np.array_equal(one.x, other.x)
    assert not np.array_equal(one.y, other.y)


@EVERY
def test_what_is_done_to_a_loaded_set_does_not_reach_the_next(name):
    data = gc.load_dataset(name)
    copies = {field: getattr(data, field).copy() for field in ("x", "y", "x_test", "y_test", "mean", "std")}
    for field in copies:
        if field in ("mean", "std"):
            getattr(data, field)[:] = 0
        else:  # runs share these
            with pytest.raises(ValueError, match="read-only"):
                getattr(data, field)[:] = 0
    again = gc.load_dataset(name)
    for field, copy in copies.items():
        np.testing.assert_array_equal(getattr(again, field), copy)


@EVERY
def test_classes_are_balanced_as_they_are_in_the_whole_set(name):
    if name == "surface":
        assert gc.load_dataset(name).y.std() > 0.3
        return
    whole = gc.load_dataset(name, test_fraction=0).y
    shares = np.bincount(whole) / len(whole)
    if name in TOYS:
        assert np.abs(shares - 1 / len(shares)).max() < (0.05 if name == "xor" else 0.0011)
    for seed in range(5):
        data = gc.load_dataset(name, seed, n=min(500, len(whole)), test_fraction=0.3)
        for y in (data.y, data.y_test):
            found = np.bincount(y, minlength=len(shares)) / len(y)
            assert np.abs(found - shares).max() < 4 * np.sqrt(0.25 / len(y))


def test_the_shipped_sets_are_the_published_ones():
    loaded = {name: gc.load_dataset(name, test_fraction=0) for name in REAL}
    values = {name: np.round(raw(data), 6) for name, data in loaded.items()}
    for name, (samples, features, classes) in REAL.items():
        assert values[name].shape == (samples, features)
        assert len(np.bincount(loaded[name].y)) == classes
    digits = values["digits"]
    assert np.unique(digits).tolist() == list(range(17))
    assert digits.sum() == 561718
    assert np.bincount(loaded["digits"].y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert loaded["digits"].constant_features == (0, 32, 39)
    assert np.bincount(loaded["breast_cancer"].y).tolist() == [212, 357]  # malignant, benign
    means = values["breast_cancer"].mean(axis=0)[:5]
    np.testing.assert_allclose(means, [14.127292, 19.289649, 91.969033, 654.889104, 0.096360], atol=6e-7)
    malignant, benign = (values["breast_cancer"][loaded["breast_cancer"].y == c, 0].mean() for c in (0, 1))
    assert malignant == pytest.approx(17.46, abs=0.01)
    assert benign == pytest.approx(12.15, abs=0.01)
    iris = values["iris"]
    assert np.bincount(loaded["iris"].y).tolist() == [50, 50, 50]
    by_class = [iris[loaded["iris"].y == c].mean(axis=0) for c in range(3)]  # Fisher 1936, table 2
    fisher = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]
    np.testing.assert_allclose(by_class, fisher, atol=1e-9)


def test_no_set_needs_a_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    _shipped.cache_clear()
    for name in NAMES:
        assert len(gc.load_dataset(name).x) > 100


def test_the_readme_names_source_licence_and_changes_of_every_shipped_file():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    shipped = {path.name for path in FOLDER.iterdir()} - {"README.md"}
    assert shipped == {f"{name}.csv.gz" for name in REAL}
    assert "Creative Commons Attribution 4.0" in text
    assert "UCI Machine Learning Repository" in text
    for name, (samples, features, _) in REAL.items():
        (line,) = [line for line in text.splitlines() if f"`{name}.csv.gz`" in line]
        assert re.search(rf"{samples} × {features}\b", line)
        assert re.search(r"doi:10\.24432/C5\w+", line)
        assert len(line.strip("|").split("|")[-1].strip()) >= 4


def test_labels_do_not_follow_the_order_of_the_file():
    for name in REAL:
        y = gc.load_dataset(name).y
        assert np.abs(np.corrcoef(y[1:], y[:-1])[0, 1]) < 0.2
