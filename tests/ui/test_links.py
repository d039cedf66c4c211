"""A link says all that restores a run, and a wrong one is refused in words, whatever is in it."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.runs_by_hand import experiment
from ui import links
from ui.experiment import experiment_from
from ui.runs import MAX_CHANGES, LiveRun
from ui.settings import DEFAULTS, SETTINGS

UNUSUAL = {
    "data": "spirals",
    "depth": 3,
    "width": 7,
    "activation": "tanh",
    "initializer": "orthogonal",
    "rate": 0.05,
    "seed": 4294967295,
    "gain": 1.3,
    "activations": "2*relu, tanh",
    "initializers": "he_normal, 3*lecun_uniform",
    "normalization": "layer",
    "residual": True,
    "noise": 0.125,
    "batch": 17,
    "optimizer": "sgd",
    "momentum": 0.9,
    "nesterov": True,
    "decay": 1e-4,
    "clip": 0.1,
    "precision": "float32",
}


def parts_of(query):
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_every_setting_goes_into_a_link_and_comes_back():
    assert set(UNUSUAL) == set(SETTINGS)
    run = LiveRun(experiment_from(UNUSUAL))
    run.changes = [(10, 0.5), (200, 0.001)]
    link = links.read(parts_of(links.write({**UNUSUAL, "rate": 0.001}, run, 321)))
    assert experiment_from(link.values) == experiment_from(UNUSUAL)
    assert (link.step, link.changes) == (321, ((10, 0.5), (200, 0.001)))


def test_defaults_stay_out_of_a_link():
    run = LiveRun(experiment_from({}))
    assert links.write(DEFAULTS, run, 7) == "v=1&step=7"


def test_changes_after_the_step_are_not_in_its_link():
    run = LiveRun(experiment())
    run.changes = [(5, 0.5), (50, 0.2)]
    assert "rates=5:0.5&" in links.write(DEFAULTS, run, 49)


def test_too_many_changes_make_no_link():
    run = LiveRun(experiment())
    run.changes = [(step, 0.1) for step in range(MAX_CHANGES + 1)]
    assert links.write(DEFAULTS, run, 100) is None
    assert links.write(DEFAULTS, run, MAX_CHANGES - 1) is not None


def test_a_step_that_takes_too_long_to_compute_again_makes_no_link():
    large = {**DEFAULTS, "width": 512, "batch": 1024}
    run = LiveRun(experiment_from(large))
    assert links.write(large, run, 200) is not None
    assert links.write(large, run, 2_000) is None


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "version v must be 1"),
        ({"v": "2"}, "version v must be 1, got '2'"),
        ({"v": "1", "depht": "3"}, "'depht' is no setting"),
        ({"v": "1", "depth": "-1"}, "depth: must be a whole number"),
        ({"v": "1", "depth": "101"}, "Hidden layers must be a whole number from 0 to 100, got 101"),
        ({"v": "1", "depth": "９"}, "depth: must be a whole number"),
        ({"v": "1", "depth": "1_0"}, "depth: must be a whole number"),
        ({"v": "1", "depth": "9" * 1000}, "depth: must be a whole number"),
        ({"v": "1", "width": "1024", "depth": "100"}, "Choose fewer layers or a smaller width"),
        ({"v": "1", "rate": "nan"}, "rate: must be a number"),
        ({"v": "1", "rate": "1e999"}, "rate: must be a number"),
        ({"v": "1", "rate": "-1"}, "learning_rate must be a number at least 0"),
        ({"v": "1", "activation": "__import__"}, "activation: must be one of"),
        ({"v": "1", "activations": "3*relu"}, "must name all 10 hidden layers, got 3"),
        ({"v": "1", "activations": "999*relu"}, "names 999 layers"),
        ({"v": "1", "step": "20000"}, "step must be below 20,000"),
        ({"v": "1", "rates": "1:0.1,1:0.2"}, "order of their steps"),
        ({"v": "1", "rates": ",".join(f"{i}:0.1" for i in range(17))}, "at most 16 changes"),
        ({"v": "1", "rates": "5:inf"}, "must be a number"),
        ({"v": "1", "rates": "5:0.1"}, "rates change at step 5, so step must be there or later, got None"),
        ({"v": "1", "rates": "2:0.2,5:0.1", "step": "4"}, "rates change at step 5, so step must be there or later"),
        ({"v": "1", "activations": "\u00a0"}, "is no layer"),
        ({"v": "1", "width": "512", "batch": "1024", "step": "19999"}, "billion multiplications to compute again"),
        ({"v": "1", "batch": "1", "normalization": "batch"}, "at least 2"),
        ({"v": "1", "seed": "4294967296"}, "Seed must be"),
        ({"v": "1", "initializers": "x" * 3000}, "longer than 2,000"),
    ],
)
def test_a_wrong_link_is_refused_with_its_part(parts, message):
    with pytest.raises(ValueError, match=message):
        links.read(parts)


NAMES = st.sampled_from([*SETTINGS, "v", "step", "rates"])
PLAIN = st.sampled_from(["1", "relu", "0", "5:0.1", "2*relu"])
TEXTS = st.one_of(st.text(max_size=60), st.integers().map(str), st.floats().map(str), PLAIN)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.dictionaries(NAMES, TEXTS, max_size=6), st.booleans())
def test_whatever_comes_is_read_or_refused_in_words(parts, versioned):
    link = None
    try:
        link = links.read({**parts, "v": "1"} if versioned else parts)
    except ValueError as refusal:
        words = str(refusal)
    if link is None:
        assert len(words) > 10
    else:
        experiment_from(link.values)
