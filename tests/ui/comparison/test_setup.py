"""A comparison's setup is refused in words where it makes no sense, and its variants' names say how they differ."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradcore as gc
from tests.ui.comparisons_by_hand import setup
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.setup import (
    MAX_BYTES,
    MAX_MULTIPLICATIONS,
    MAX_VARIANTS,
    Setup,
    Variant,
    checked,
    names,
    specs,
    swept,
    training,
    work,
)

LARGE = Setup((Variant(depth=20),) * 3, width=128, seeds=16)


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ([{"initializer": "zeros"}, {"initializer": "he_normal"}], ["zeros", "He normal"]),
        ([{"gain": 0.5}, {}], ["Xavier normal × 0.5", "Xavier normal"]),
        ([{"activation": "relu"}, {}], ["ReLU", "tanh"]),
        ([{"depth": 1}, {}], ["1 layer", "10 layers"]),
        ([{"optimizer": "adam"}, {}], ["Adam", "SGD"]),
        ([{"rate": 1e-4}, {"rate": 0}], ["rate 10⁻⁴", "rate 0"]),
        ([{"optimizer": "adam", "rate": 0.001}, {}], ["Adam", "SGD"]),
        ([{"rate": 0.1}, {}, {"optimizer": "adam"}], ["SGD, rate 0.1", "SGD, rate 0.05", "Adam, rate 0.05"]),
        ([{}], ["Xavier normal"]),
        ([{}, {}, {"depth": 2}], ["10 layers (1)", "10 layers (2)", "2 layers"]),
        (
            [{"initializer": "zeros", "activation": "relu", "depth": 3}, {}],
            ["zeros, ReLU, 3 layers", "Xavier normal, tanh, 10 layers"],
        ),
    ],
)
def test_names_say_in_what_variants_differ_and_nothing_else(variants, expected):
    assert names([Variant(**changes) for changes in variants]) == expected


@pytest.mark.parametrize(
    ("initializer", "gain", "name"),
    [
        ("normal", 1.0, "N(0, 1)"),
        ("normal", 0.01, "N(0, 0.01²)"),
        ("normal", 0.0, "N(0, 0²)"),
        ("constant", 1.0, "constant 0.5"),
        ("constant", 0.25, "constant 0.25"),
        ("constant", 0.0, "constant 0"),
        ("lecun_normal", 1.0, "LeCun normal"),
        ("lecun_normal", 1e-7, "LeCun normal × 10⁻⁷"),
        ("lecun_normal", 0.0, "LeCun normal × 0"),
    ],
)
def test_an_initializers_name_has_its_gain(initializer, gain, name):
    assert names([Variant(initializer, gain)]) == [name]


VARIANTS = st.builds(
    Variant,
    initializer=st.sampled_from([name for name in gc.INITIALIZERS if name != "constant"]),
    gain=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    activation=st.sampled_from(list(gc.ACTIVATIONS)),
    depth=st.sampled_from([0, 1, 10]),
    optimizer=st.sampled_from(["sgd", "adam"]),
    rate=st.sampled_from([0.0, 0.001, 0.05]),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(VARIANTS, min_size=1, max_size=MAX_VARIANTS))
def test_names_are_unique_and_only_equal_variants_are_numbered(variants):
    found = names(variants)
    assert len(set(found)) == len(variants) == len(found)
    for name, variant in zip(found, variants, strict=True):
        assert bool(re.search(r" \(\d\)$", name)) == (variants.count(variant) > 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"variants": ()}, "1 to 8 variants, got 0"),
        ({"variants": (Variant(),) * 9}, "1 to 8 variants, got 9"),
        ({"seeds": 17}, "Seeds must be a whole number from 1 to 16, got 17"),
        ({"seeds": 0}, "Seeds must be"),
        ({"seeds": 2.0}, "Seeds must be"),
        ({"first_seed": -1}, "First seed must be"),
        ({"first_seed": 2**32}, "First seed must be"),
        ({"data": "mnist"}, "Data must be one of"),
        ({"noise": float("nan")}, "Extra noise must be"),
        ({"noise": -0.1}, "Extra noise must be"),
        ({"width": 0}, "Width must be"),
        ({"width": 1025}, "Width must be"),
        ({"width": True}, "Width must be"),
        ({"batch": 0}, "Batch size must be"),
        ({"batch": "32"}, "Batch size must be"),
        ({"steps": 0}, "Steps must be"),
        ({"steps": 20_001}, "Steps must be"),
        ({"target": float("inf")}, "Loss to reach must be"),
        ({"target": -1.0}, "Loss to reach must be"),
        ({"normalization": "group"}, "Normalization must be one of"),
        ({"normalization": "batch", "batch": 1}, "Batch normalization needs a batch size of at least 2, got 1"),
        ({"residual": "yes"}, "residual must be True or False"),
        ({"variants": (Variant(), Variant(depth=101))}, "Hidden layers of variant 2 must be"),
        ({"variants": (Variant(gain=float("nan")),)}, "Gain of variant 1 must be"),
        ({"variants": (Variant(gain=-1.0),)}, "Gain of variant 1 must be"),
        ({"variants": (Variant(rate=float("inf")),)}, "Learning rate of variant 1 must be"),
        ({"variants": (Variant(rate=1e7),)}, "Learning rate of variant 1 must be"),
        ({"variants": (Variant(optimizer="lion"),)}, "Optimizer of variant 1 must be one of"),
        ({"variants": (Variant("he"),)}, "initializer must be one of"),
        ({"variants": (Variant(activation="ReLU"),)}, "hidden must be one of"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_name(changes, message):
    with pytest.raises(ValueError, match=message):
        checked(replace(Setup((Variant(),)), **changes))


@pytest.mark.parametrize(
    "one",
    [
        LARGE,
        replace(LARGE, width=64),
        # Buffers that all seeds share count, too: what fits is not the seeds over the share.
        Setup((Variant(depth=60, optimizer="adam"),) * 8, width=16, batch=1024, seeds=8),
        Setup((Variant(depth=40, optimizer="adam"),) * 8, width=16, batch=1, seeds=16),
    ],
)
def test_too_much_work_is_refused_with_the_estimate_and_with_the_most_seeds_that_fit(one):
    estimate = work(one)
    with pytest.raises(ValueError, match="runs of these networks would take") as refusal:
        checked(one)
    words = str(refusal.value)
    assert words.startswith(f"{len(one.variants) * one.seeds} runs of these networks would take about ")
    assert f"{estimate.bytes / 1e6:.0f} MB" in words
    assert f"{estimate.multiplications / 1e6:,.0f} million multiplications a step" in words
    seeds = int(re.search(r"With (\d+) seeds? it would fit\.$", words)[1])
    assert checked(replace(one, seeds=seeds))
    with pytest.raises(ValueError, match="would take"):
        checked(replace(one, seeds=seeds + 1))


def test_what_no_number_of_seeds_makes_fit_gets_another_suggestion():
    with pytest.raises(ValueError, match=r"1 runs? of .* Choose a smaller width, depth or batch\.$"):
        checked(Setup((Variant(depth=100),), width=1024, seeds=1))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits(name):
    preset = checked(PRESETS[name])
    estimate = work(preset)
    assert estimate.bytes <= MAX_BYTES
    assert estimate.multiplications <= MAX_MULTIPLICATIONS
    assert len(set(names(preset.variants))) == len(preset.variants) >= 3


def test_the_story_is_the_articles():
    assert names(PRESETS[STORY].variants) == [
        "zeros", "N(0, 1)", "N(0, 0.01²)", "PyTorch's default", "He normal", "Xavier normal", "orthogonal",
    ]  # fmt: skip


@pytest.mark.parametrize(("factor", "values"), [("gain", [0.5, 1, 2]), ("depth", [0, 3.0, 100]), ("rate", [0, 0.1, 1])])
def test_a_sweep_changes_one_factor(factor, values):
    first = Variant("he_normal", 1.5, "relu", 7, "adam", 0.002)
    found = swept(first, factor, values)
    assert [getattr(one, factor) for one in found] == values
    kinds = {type(getattr(one, factor)) for one in found}
    assert kinds == ({int} if factor == "depth" else {float})
    for one in found:
        assert replace(one, **{factor: getattr(first, factor)}) == first


def test_every_second_layer_is_a_quarter_as_wide():
    one = setup((Variant(depth=5), Variant(depth=0)), width=20, alternating=True)
    assert [spec.sizes for spec in specs(one)] == [(2, 20, 5, 20, 5, 20, 3), (2, 3)]
    assert specs(replace(one, width=2))[0].sizes == (2, 2, 1, 2, 1, 2, 3)
    assert specs(replace(one, alternating=False))[0].sizes == (2, *[20] * 5, 3)


def test_networks_and_training_are_what_the_setup_says():
    one = setup(
        (Variant("he_normal", 2.0, "relu", 3, "adam", 0.001), Variant("constant")),
        normalization="layer", residual=True, batch=17, steps=23,
    )  # fmt: skip
    first, second = specs(one)
    assert (first.initializers, first.activations) == (("he_normal",) * 4, ("relu",) * 3)
    assert (first.gains[0], second.gains[0]) == (2, 0.5)
    assert {spec.dtype for spec in (first, second)} == {"float32"}
    assert {(spec.normalization, spec.residual) for spec in (first, second)} == {("layer", True)}
    assert [spec.normalization for spec in specs(replace(one, normalization="none"))] == [None, None]
    assert [(t.optimizer, t.learning_rate) for t in training(one)] == [("adam", 0.001), ("sgd", 0.05)]
    assert {(t.batch_size, t.steps) for t in training(one)} == {(17, 23)}


def test_the_loss_that_is_waited_for_is_half_of_guessing():
    expected = {"softmax": lambda outputs: np.log(outputs) / 2, "sigmoid": lambda _: np.log(2) / 2}
    for name, info in gc.DATASETS.items():
        half = expected[info.output](info.outputs) if info.output in expected else 0.25
        assert Setup(data=name).target_loss == pytest.approx(half, abs=5e-4)
        assert Setup(data=name, target=0.7).target_loss == 0.7


def test_seeds_follow_on_the_first():
    assert list(Setup(seeds=3, first_seed=5).all_seeds) == [5, 6, 7]


def test_equal_setups_are_the_same_run_and_any_difference_makes_another():
    one = setup()
    assert hash(one) == hash(setup())
    for field in fields(Setup):
        changed = {"variants": (Variant(),), "data": "moons", "normalization": "layer"}.get(field.name)
        value = getattr(one, field.name)
        assert replace(one, **{field.name: changed or (not value if isinstance(value, bool) else value + 1)}) != one
