"""Proves that every way into training takes any object with x, y and a name, and refuses others in the same words."""

from collections import namedtuple
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore.small_runs import SPEC, make_data, records_of, rows_of

TRAINING = gc.TrainingSpec(batch_size=6, steps=4)
LSUV = replace(SPEC, initializer="lsuv", gain=2.0)
FLOAT32 = replace(SPEC, dtype="float32")
Row = namedtuple("Row", "x y name x_test y_test")


class Lazy:
    """Answers when it is asked, and knows no test part."""

    name = "lazy"

    @property
    def x(self):
        return make_data().x.tolist()

    @property
    def y(self):
        return tuple(make_data().y.tolist())


@dataclass
class Table:
    x: object
    y: object
    name: str


def kinds():
    whole = make_data()
    dataset = gc.standardize(whole, inputs=False)
    return {
        "namespace": whole,
        "named tuple": Row(whole.x, whole.y, "row", whole.x_test, whole.y_test),
        "dataclass": Table(whole.x, np.eye(2)[whole.y], "table"),
        "lists": SimpleNamespace(x=whole.x.tolist(), y=whole.y.tolist(), name="lists"),
        "properties": Lazy(),
        "data set": dataset,
    }


WAYS = {
    "train": lambda spec, data: [record.loss for record in gc.train(spec, TRAINING, data)],
    "run": lambda spec, data: [record.loss for record in records_of(gc.Run(spec, TRAINING, data))],
    "compare": lambda spec, data: [record.loss[0, 0] for record in gc.compare([spec], TRAINING, data, [0])],
    "comparison": lambda spec, data: [
        record.loss[1, 0] for record in gc.compare([FLOAT32, spec], TRAINING, data, [0, 3])
    ],
}


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("spec", [SPEC, LSUV], ids=["xavier", "lsuv"])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_takes_every_kind_and_trains_alike(way, spec, kind):
    expected = WAYS["train"](spec, make_data())
    np.testing.assert_allclose(WAYS[way](spec, kinds()[kind]), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", kinds())
def test_lsuv_looks_at_the_first_batch_of_every_kind(kind):
    given, whole = kinds()[kind], make_data()
    run = gc.Run(LSUV, TRAINING, given)
    start = run.net.parameters.copy()
    compared = gc.Comparison([LSUV], TRAINING, given, [0]).network(0, 0).parameters
    run.advance()
    rows = rows_of(run, whole)
    np.testing.assert_array_equal(gc.build(LSUV, 0, np.asarray(given.x)[rows].tolist()).parameters, start)
    np.testing.assert_allclose(compared, start, rtol=1e-13)


@pytest.mark.parametrize("kind", kinds())
def test_a_test_curve_is_there_where_there_is_a_test_part(kind):
    data, tested = kinds()[kind], kind in ("namespace", "named tuple", "data set")
    for record in gc.train(SPEC, TRAINING, data):
        assert np.isfinite([record.test_loss, record.test_accuracy]).all() == tested
    for record in gc.compare([SPEC], TRAINING, data, [0]):
        assert np.isfinite([record.test_loss, record.test_accuracy]).all() == tested


def test_data_are_used_as_given():
    data = make_data(x=make_data().x * 100 + 5)
    run = gc.Run(SPEC, TRAINING, data)
    run.advance()
    assert len(rows_of(run, data)) == 6  # each sample is found with all its digits


class NoArray:
    """Stands for a tensor that will not be an array."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")


X, Y = make_data().x, make_data().y
REFUSED = {
    "the name of a set": ("digits", "data must have x, y and name, got no x and no y and no name in 'digits'"),
    "nothing": (None, "data must have x, y and name, got no x and no y and no name in None"),
    "a pair": ((X[:1], Y[:1]), r"data must have x, y and name, got no x and no y and no name in \(array"),
    "a dict": ({"x": [[1]], "y": [1], "name": "dict"}, "got no x and no y and no name in {'x'"),
    "no targets": (SimpleNamespace(x=X, name="own"), "data must have x, y and name, got no y in namespace"),
    "no name": (SimpleNamespace(x=[[1]], y=[1]), "data must have x, y and name, got no name in namespace"),
    "x None": (make_data(x=None), "x must be numbers, got an array of object"),
    "x a number": (make_data(x=3), r"x must have shape \(n, 3\) with n at least 1, got \(\)"),
    "uneven x": (make_data(x=[[1.0, 2, 3], [1]]), r"x must be an array of numbers, got \[\[1.0, 2, 3\], \[1\]\]"),
    "x no array": (make_data(x=NoArray()), "x must be an array of numbers, got .*requires grad"),
    "words": (make_data(x=X.astype(str)), "x must be numbers, got an array of <U"),
    "infinite x": (make_data(x=np.where(X > 1, np.inf, X)), "x must be finite, got NaN or infinity"),
    "other features": (make_data(x=X[:, :2]), r"x must have shape \(n, 3\) with n at least 1, got \(20, 2\)"),
    "uneven y": (make_data(y=[[1.0], [1.0, 0.0]]), "y must be an array of numbers, got"),
    "words as classes": (make_data(y=["cat"] * 20), "y must be numbers, got an array of <U3"),
    "too many classes": (make_data(y=Y + 1), "y must be class numbers from 0 to 1, got 1 to 2"),
    "no probabilities": (make_data(y=np.full((20, 2), 0.25)), "y must be probabilities .* a row that sums to 0.5"),
    "other length": (make_data(y=Y[:-1]), "x and y must have the same number of samples, got 20 and 19"),
    "test x a number": (make_data(x_test=3), r"x_test must have shape \(n, 3\) with n at least 1, got \(\)"),
    "test words": (make_data(x_test=[["a"]]), "x_test must be numbers, got an array of <U1"),
    "infinite test x": (make_data(x_test=np.full((7, 3), np.nan)), "x_test must be finite"),
    "test classes": (make_data(y_test=np.full(7, 2)), "y_test must be class numbers from 0 to 1, got 2 to 2"),
    "test probabilities": (make_data(y_test=np.ones((7, 2))), "y_test must be probabilities .* sums to 2"),
    "test length": (make_data(y_test=[0]), "x_test and y_test must have the same number of samples, got 7 and 1"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_refuses_other_data_with_argument_rule_and_value(way, data, message):
    with pytest.raises(ValueError, match=message):
        WAYS[way](SPEC, data)


@pytest.mark.parametrize("x", ["words", None, [[1.0, 2.0], [3.0]], [[np.nan] * 3]])
def test_build_refuses_other_inputs_for_lsuv(x):
    for spec in (LSUV, replace(SPEC, initializer=("xavier_normal", "lsuv", "zeros"))):
        if x is None:
            assert np.isfinite(gc.build(spec, 0, x).parameters).all()
        else:
            with pytest.raises(ValueError, match=r"^x must "):
                gc.build(spec, 0, x)
