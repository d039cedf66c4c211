"""One place knows which data there are: what it offers loads, fits its network, and is what a script loads."""

import numpy as np
import pytest

import gradcore as gc
from ui import data_sets
from ui.comparison.links import COMMON
from ui.comparison.runs import ComparedRuns
from ui.comparison.setup import Setup, Variant, checked, noise, specs
from ui.experiment import experiment_from
from ui.explorers.inputs import DRAWN, examples, inputs, read_inputs
from ui.runs import LiveRun
from ui.scripts import inputs_code
from ui.settings import SETTINGS

EVERY = pytest.mark.parametrize("name", data_sets.names())
OWN = gc.standardize(
    gc.Dataset(
        x=np.random.default_rng(0).normal(5, 3, (40, 6)),
        y=np.arange(40) % 4,
        x_test=None,
        y_test=None,
        name="own",
        mean=np.zeros(6),
        std=np.ones(6),
    )
)


def test_all_of_the_engines_are_offered_in_its_order_under_its_labels():
    assert list(data_sets.labels()) == list(data_sets.names()) == list(gc.DATASETS)
    for name, label in data_sets.labels().items():
        own = gc.DATASETS[name]
        assert label == own.label
        assert data_sets.info(name) == data_sets.Info(own.label, own.features, own.outputs, own.output, own.noise)


@EVERY
def test_what_is_loaded_is_what_was_announced_and_shared(name):
    info, data = data_sets.info(name), data_sets.load(name)
    assert data.x.shape[1] == info.features
    assert data is data_sets.load(name)
    assert data is data_sets.load(name, info.noise)
    noisy = data_sets.load(name, data_sets.noise_with(name, 0.5))
    assert noisy is not data
    assert not np.array_equal(noisy.y if name == "surface" else noisy.x, data.y if name == "surface" else data.x)
    assert next(gc.train(experiment_from({"data": name}).spec, gc.TrainingSpec(steps=1), data)).loss > 0


@EVERY
@pytest.mark.parametrize("extra", [None, 0.25])
def test_the_line_of_a_script_loads_the_same(name, extra):
    total = None if extra is None else data_sets.noise_with(name, extra)
    scope = {"gc": gc}
    exec(data_sets.code(name, total), scope)
    for field in ("x", "y", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(scope["data"], field), getattr(data_sets.load(name, total), field))


def test_noise_is_the_datas_own_and_what_is_added():
    assert data_sets.noise_with("digits", 0) == 0
    assert data_sets.noise_with("moons", 0) == gc.DATASETS["moons"].noise > 0
    assert data_sets.noise_with("moons", 2) == gc.DATASETS["moons"].noise + 2
    assert data_sets.words("moons", 2.1) == "Moons, noise 2.1"
    assert noise(Setup(data="moons", noise=2)) == data_sets.noise_with("moons", 2)
    assert experiment_from({"data": "moons", "noise": 2}).noise == data_sets.noise_with("moons", 2)


ASKED = (data_sets.info, data_sets.load, data_sets.code, lambda name: data_sets.noise_with(name, 0))


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize("name", ["mnist", None, 3])
def test_others_are_refused_by_name(ask, name):
    with pytest.raises(ValueError, match=r"Data must be one of 'digits', .*; got "):
        ask(name)


@pytest.mark.parametrize("extra", [-0.1, 5.1, float("nan"), "much"])
def test_noise_that_makes_no_sense_is_refused_on_every_screen(extra):
    message = "Extra noise must be a number at least 0 and at most 5, got "
    for ask in (
        lambda: data_sets.noise_with("xor", extra),
        lambda: experiment_from({"noise": extra}),
        lambda: checked(Setup((Variant(),), noise=extra)),
    ):
        with pytest.raises(ValueError, match=message):
            ask()


def test_links_read_the_names_that_there_are():
    for read in (SETTINGS["data"].read, COMMON["data"][0].read):
        assert [read(name) for name in data_sets.names()] == list(data_sets.names())
        with pytest.raises(ValueError, match=r"must be one of digits, breast_cancer, .*; got 'mnist'"):
            read("mnist")
    assert [read_inputs(name) for name in inputs()] == list(inputs())
    with pytest.raises(ValueError, match=r"must be one of normal, uniform, digits, .*; got 'moons'"):
        read_inputs("moons")


def test_explorers_take_what_is_drawn_and_data_of_several_classes():
    several = [name for name in data_sets.names() if data_sets.info(name).output == "softmax"]
    assert list(inputs()) == [*DRAWN, *several]
    for name, info in inputs().items():
        data = examples(name)
        assert data.x.shape[1] == info.features
        assert len(np.unique(data.y)) == info.outputs
        scope = {"gc": gc}
        exec(inputs_code(name, 1000), scope)
        np.testing.assert_array_equal(scope["x"], data.x)


def test_data_that_come_later_reach_every_screen(monkeypatch):
    """Nobody but data_sets is told of them."""
    known = data_sets.info
    info = data_sets.Info("A visitor's own", 6, 4, "softmax")
    monkeypatch.setattr(data_sets, "names", lambda: (*gc.DATASETS, "own"))
    monkeypatch.setattr(data_sets, "info", lambda name: info if name == "own" else known(name))
    monkeypatch.setattr(data_sets, "load", lambda name, noise=None: OWN)
    assert SETTINGS["data"].read("own") == COMMON["data"][0].read("own") == read_inputs("own") == "own"
    assert data_sets.labels()["own"] == "A visitor's own"
    experiment = experiment_from({"data": "own", "depth": 2})
    assert experiment.spec.sizes == (6, 32, 32, 4)
    one = checked(Setup((Variant(depth=1),), data="own", width=8))
    assert specs(one)[0].sizes == (6, 8, 4)
    assert one.target_loss == pytest.approx(np.log(4) / 2, abs=1e-3)
    assert inputs()["own"].features == 6
    run, runs = LiveRun(experiment), ComparedRuns(one)
    run.advance(frame=True)
    runs.advance(0)
    assert run.history.course().loss[0] > 0
    assert (runs.comparison.specs, runs.trained) == (specs(one), 0)
