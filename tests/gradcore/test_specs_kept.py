"""What a spec accepts, extremes included, and keeps: plain numbers, strings and tuples; frozen, equal, hashable."""

import math
import pickle
from dataclasses import FrozenInstanceError, asdict, fields, replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

DEEPEST = (2, *[1] * 100, 2)
WIDEST = (4096, 1024, 1024)


def ran(spec, **training):
    """Return the records of two steps on random data."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, max(2, spec.sizes[-1]), 6)
    data = SimpleNamespace(x=rng.standard_normal((6, spec.sizes[0])), y=y, name="random")
    return list(gc.train(spec, gc.TrainingSpec(**{"steps": 2, "batch_size": 3, **training}), data))


@pytest.mark.parametrize(
    "settings",
    [
        {"sizes": (1, 1), "output": "identity"},
        {"sizes": (4, 3)},
        {"sizes": (4, 3), "hidden": (), "initializer": ("zeros",), "gain": (1.0,)},
        {"sizes": (4, 3), "normalization": "batch", "residual": True},
        {"sizes": DEEPEST, "hidden": "tanh"},
        {"sizes": DEEPEST, "hidden": "identity", "normalization": "layer", "residual": True},
        {"sizes": DEEPEST, "hidden": ("tanh", "relu") * 50, "initializer": "lsuv"},
        {"sizes": WIDEST, "dtype": "float32"},
        {"sizes": (4, 5, 3), "gain": 0, "bias_std": 0},
        {"sizes": (4, 5, 3), "gain": 1e6, "bias_std": 1e6, "initializer": "normal"},
        {"sizes": (4, 5, 3), "gain": -1e6, "initializer": "constant"},
        {"sizes": (4, 5, 3), "gain": 5e-324},
    ],
    ids=lambda settings: str({key: value for key, value in settings.items() if len(str(value)) < 60}),
)
def test_networks_at_the_limits_are_built_and_take_steps(settings):
    spec = gc.NetworkSpec(**settings)
    assert spec.depth == len(settings["sizes"]) - 2
    records = ran(spec)
    assert len(records[0].stats.grad_norm) == spec.depth + 1
    assert math.isfinite(records[0].loss)


@pytest.mark.parametrize(
    "settings",
    [
        {"learning_rate": 0},
        {"learning_rate": 1e6},
        {"learning_rate": 5e-324},
        {"batch_size": 10**9},
        {"batch_size": 1},
        {"steps": 1},
        {"momentum": 0, "nesterov": False},
        {"momentum": math.nextafter(1, 0), "nesterov": True},
        {"weight_decay": 1e6},
        {"optimizer": "adam", "beta1": 0, "beta2": 0, "epsilon": 1},
        {"optimizer": "adam", "beta1": math.nextafter(1, 0), "beta2": math.nextafter(1, 0), "epsilon": 5e-324},
        {"clip_norm": 5e-324},
        {"clip_norm": 1e300},
        {"record_every": 10**9, "test_every": 10**9, "histogram_every": 10**9},
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_training_at_the_limits_takes_its_steps(settings, dtype):
    records = ran(gc.NetworkSpec((4, 5, 3), "tanh", dtype=dtype), **settings)
    assert math.isfinite(records[0].loss)
    assert len(records) in (1, 2)
    if settings.get("steps") != 1 and not records[-1].diverged:
        assert records[-1].step == 1


def test_the_longest_training_is_accepted():
    assert gc.TrainingSpec(steps=10**9).steps == 10**9


def test_defaults_are_the_houses():
    network, training = gc.NetworkSpec((3, 2)), gc.TrainingSpec()
    assert asdict(network) == {
        "sizes": (3, 2), "hidden": "sigmoid", "output": "softmax", "initializer": "xavier_normal", "gain": None,
        "bias_std": 0.0, "loss": None, "dtype": "float64", "normalization": None, "residual": False,
    }  # fmt: skip
    assert asdict(training) == {
        "learning_rate": 0.1, "batch_size": 32, "steps": 500, "optimizer": "sgd", "momentum": 0.0, "nesterov": False,
        "weight_decay": 0.0, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "clip_norm": None, "record_every": 1,
        "test_every": None, "histogram_every": None,
    }  # fmt: skip


@pytest.mark.parametrize("spec", [gc.NetworkSpec((3, 4, 2)), gc.TrainingSpec()], ids=["network", "training"])
def test_specs_are_frozen(spec):
    for field in fields(spec):
        with pytest.raises(FrozenInstanceError):
            setattr(spec, field.name, getattr(spec, field.name))
        with pytest.raises(FrozenInstanceError):
            delattr(spec, field.name)


SAME = [
    (
        gc.NetworkSpec((4, 5, 3), ("relu",), initializer=("zeros", "lsuv"), gain=(1.0, 2.0), bias_std=0.0),
        gc.NetworkSpec([4, 5, 3], ["relu"], initializer=["zeros", "lsuv"], gain=[1, 2], bias_std=0),
        gc.NetworkSpec(
            np.array([4, 5, 3]), ("relu",), initializer=("zeros", "lsuv"), gain=(np.float32(1), Fraction(2))
        ),
        gc.NetworkSpec(range(3, 6), ("relu",)),
    ),
    (
        gc.TrainingSpec(learning_rate=0.5, batch_size=8, momentum=0.25, clip_norm=2.0, histogram_every=3),
        gc.TrainingSpec(
            Fraction(1, 2), np.int32(8), momentum=np.float32(0.25), clip_norm=2, histogram_every=np.uint8(3)
        ),
        gc.TrainingSpec(learning_rate=np.float64(0.5), batch_size=8, momentum=0.25, clip_norm=2, histogram_every=3),
        gc.TrainingSpec(),
    ),
]


@pytest.mark.parametrize(("spec", "second", "third", "other"), SAME, ids=["network", "training"])
def test_specs_with_the_same_settings_are_one_key_whatever_type_they_were_given_in(spec, second, third, other):
    assert spec == second == third != other
    assert hash(spec) == hash(second) == hash(third)
    assert {spec: "known"}[second] == "known"
    assert len({spec, second, third, other}) == 2
    assert pickle.loads(pickle.dumps(spec)) == spec == replace(spec)
    assert eval(repr(second), {"NetworkSpec": gc.NetworkSpec, "TrainingSpec": gc.TrainingSpec}) == spec


PLAIN = (int, float, str, bool, type(None))


@pytest.mark.parametrize("specs", SAME, ids=["network", "training"])
def test_specs_hold_plain_numbers_strings_and_tuples_only(specs):
    for spec in specs:
        for field in fields(spec):
            value = getattr(spec, field.name)
            for each in value if type(value) is tuple else (value,):
                assert type(each) in PLAIN, f"{field.name} is {type(each)}"


CHANGES = [
    *({"hidden": "tanh"}, {"output": "identity"}, {"initializer": "zeros"}, {"gain": 1.0}, {"bias_std": 0.1}),
    *({"loss": "mse"}, {"dtype": "float32"}, {"normalization": "batch"}, {"normalization": "layer"}),
    *({"residual": True}, {"sizes": (4, 5, 6, 3)}),
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_change_of_any_setting_makes_another_spec(change):
    spec = gc.NetworkSpec((4, 5, 3))
    assert replace(spec, **change) != spec
    assert replace(spec, **change) == gc.NetworkSpec(**{"sizes": (4, 5, 3), **change})
    with pytest.raises(ValueError, match=r"^bias_std must be a number"):
        replace(spec, **{**change, "bias_std": -1})


def test_what_follows_from_a_spec():
    spec = gc.NetworkSpec((4, 6, 6, 3, 3, 2), "tanh", residual=True, initializer=("constant",) * 2 + ("he_normal",) * 3)
    assert spec.depth == 4
    assert spec.activations == ("tanh",) * 4
    assert spec.initializers == ("constant", "constant", "he_normal", "he_normal", "he_normal")
    assert spec.gains == (0.5, 0.5, 1.0, 1.0, 1.0)
    assert spec.skips == (False, True, False, True, False)
    assert replace(spec, residual=False).skips == (False,) * 5
    assert replace(spec, gain=2).gains == (2.0,) * 5
    assert gc.NetworkSpec((3, 3, 3), residual=True).skips == (True, False)
    assert [gc.NetworkSpec((3, 2), output=output).loss_name for output in ("softmax", "sigmoid", "identity")] == [
        "cross_entropy",
        "binary_cross_entropy",
        "mse",
    ]
    assert gc.NetworkSpec((3, 2), loss="mse").loss_name == "mse"


@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
@pytest.mark.parametrize("sizes", [(3, 2), (1, 1, 2), (5, 4, 7, 3)], ids=str)
def test_the_count_of_parameters_is_that_of_the_network(normalization, sizes):
    spec = gc.NetworkSpec(sizes, normalization=normalization)
    net = gc.build(spec)
    parts = [*net.weights, *net.biases, *net.scales, *net.shifts]
    assert spec.parameter_count == net.parameters.size == sum(part.size for part in parts)
