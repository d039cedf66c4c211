"""A link says all that restores a comparison, and a wrong one is refused in words, whatever is in it."""

from dataclasses import fields, replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradcore as gc
from ui.comparison import links
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.setup import MAX_VARIANTS, Setup, Variant, checked
from ui.settings import MAX_LINK, NORMALIZATIONS

# The longest that numbers and names get.
LONG = Variant("article_xavier", 0.00012345678901234567, "hard_sigmoid", 2, "adam", 0.00098765432109876543)
UNUSUAL = Setup(
    (Variant("orthogonal", 1.3, "relu", 3, "adam", 0.002), Variant()),
    "spirals", 0.125, 7, 17, 1234, 3, 4_000_000_000, "layer", True, True, 0.7,
)  # fmt: skip


def parts_of(query):
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def there_and_back(setup, step=None):
    query = links.write(setup, step)
    assert len(query) <= MAX_LINK
    return links.read(parts_of(query))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_goes_into_a_link_and_comes_back(name):
    preset = PRESETS[name]
    assert there_and_back(preset) == links.Link(preset, None)
    assert there_and_back(preset, preset.steps - 1) == links.Link(preset, preset.steps - 1)


def test_every_setting_goes_into_a_link_and_comes_back():
    default = Setup()
    assert all(getattr(UNUSUAL, field.name) != getattr(default, field.name) for field in fields(Setup))
    assert there_and_back(UNUSUAL, 77) == links.Link(UNUSUAL, 77)


def test_defaults_stay_out_of_a_link():
    assert links.write(Setup((Variant(), Variant("zeros", depth=2))), 7) == "v=1&variants=xavier_normal;zeros,d2&step=7"


def test_without_variants_a_link_is_the_storys():
    assert links.read({"v": "1", "width": "20"}).setup == replace(PRESETS[STORY], width=20)


def test_eight_long_variants_fit_into_a_link():
    one = Setup(tuple(replace(LONG, depth=depth) for depth in range(1, MAX_VARIANTS + 1)), seeds=2)
    assert there_and_back(one, 599).setup == one


def test_a_setup_too_long_makes_no_link():
    assert links.write(Setup((LONG,) * 40), 1) is None


# The middle ones have the most decimals.
GAINS = st.floats(0, 1000) | st.floats(1e-4, 1e-2) | st.sampled_from([0.0, 5e-324, 1000.0])
MADE = st.builds(
    Setup,
    variants=st.lists(
        st.builds(
            Variant,
            initializer=st.sampled_from(list(gc.INITIALIZERS)),
            gain=GAINS,
            activation=st.sampled_from(list(gc.ACTIVATIONS)),
            depth=st.integers(0, 100),
            optimizer=st.sampled_from(["sgd", "adam"]),
            rate=GAINS | st.floats(0, 1e6),
        ),
        min_size=1,
        max_size=MAX_VARIANTS,
    ).map(tuple),
    data=st.sampled_from(["clouds", "moons", "surface"]),
    noise=st.floats(0, 5),
    width=st.integers(1, 4),
    batch=st.integers(2, 20),
    steps=st.integers(1, 20_000),
    seeds=st.integers(1, 2),
    first_seed=st.integers(0, 2**32 - 17),
    normalization=st.sampled_from(NORMALIZATIONS),
    residual=st.booleans(),
    alternating=st.booleans(),
    target=GAINS | st.floats(0, 1e6),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(MADE, st.data())
def test_whatever_can_be_set_goes_into_a_link_and_comes_back(setup, data):
    step = data.draw(st.none() | st.integers(0, setup.steps - 1))
    assert there_and_back(checked(setup), step) == links.Link(setup, step)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "version v must be 1, got 'none'"),
        ({"v": "2"}, "version v must be 1, got '2'"),
        ({"v": "1", "widht": "3"}, "'widht' is no setting"),
        ({"v": "1", "rates": "1:2"}, "'rates' is no setting"),
        ({"v": "1", "<script>": "1"}, "'<script>' is no setting"),
        ({"v": "1", "width": "nan"}, "width: must be a whole number"),
        ({"v": "1", "width": "1025"}, "Width must be a whole number from 1 to 1024, got 1025"),
        ({"v": "1", "width": "-3"}, "width: must be a whole number"),
        ({"v": "1", "width": ""}, "width: must be a whole number"),
        ({"v": "1", "width": "1_000"}, "width: must be a whole number"),
        ({"v": "1", "width": "３２"}, "width: must be a whole number"),
        ({"v": "1", "width": " 32"}, "width: must be a whole number"),
        ({"v": "1", "width": "0x10"}, "width: must be a whole number"),
        ({"v": "1", "noise": "nan"}, "noise: must be a number"),
        ({"v": "1", "noise": "inf"}, "noise: must be a number"),
        ({"v": "1", "noise": "1e309"}, "noise: must be a number"),
        ({"v": "1", "noise": "6"}, "Extra noise must be"),
        ({"v": "1", "target": "-1"}, "Loss to reach must be"),
        ({"v": "1", "seeds": "17"}, "Seeds must be a whole number from 1 to 16, got 17"),
        ({"v": "1", "seeds": "0"}, "Seeds must be"),
        ({"v": "1", "seed": "4294967296"}, "First seed must be"),
        ({"v": "1", "steps": "20001"}, "Steps must be"),
        ({"v": "1", "data": "__import__"}, "data: must be one of"),
        ({"v": "1", "residual": "True"}, "residual: must be 0 or 1"),
        ({"v": "1", "normalization": "batch", "batch": "1"}, "at least 2"),
        ({"v": "1", "width": "1024"}, "would take about"),
        (
            {"v": "1", "width": "90", "seeds": "3", "steps": "20000", "step": "19999"},
            "billion multiplications to compute again",
        ),
        ({"v": "1", "step": "600"}, "step must be below 600, got 600"),
        ({"v": "1", "steps": "10", "step": "10"}, "step must be below 10, got 10"),
        ({"v": "1", "step": "-1"}, "step: must be a whole number"),
        ({"v": "1", "step": "1e3"}, "step: must be a whole number"),
        ({"v": "1", "variants": ""}, "variants: must be one of zeros"),
        ({"v": "1", "variants": "normal;"}, "variants: must be one of zeros"),
        ({"v": "1", "variants": "he"}, "variants: must be one of zeros, .*; got 'he'"),
        ({"v": "1", "variants": "<script>alert(1)</script>"}, "variants: must be one of"),
        ({"v": "1", "variants": ";".join(["zeros"] * 9)}, "variants must be at most 8, got 9"),
        ({"v": "1", "variants": "normal,g2,g2"}, "'g2' is no part of a variant"),
        ({"v": "1", "variants": "normal,g2,g3"}, "'g3' is no part of a variant"),
        ({"v": "1", "variants": "normal,"}, "'' is no part of a variant"),
        ({"v": "1", "variants": "normal,x2"}, "'x2' is no part of a variant"),
        ({"v": "1", "variants": "normal,g"}, "'g' is no part of a variant"),
        ({"v": "1", "variants": "normal,gnan"}, "'gnan' in variants must be a number, got 'nan'"),
        ({"v": "1", "variants": "normal,ginf"}, "'ginf' in variants must be a number"),
        ({"v": "1", "variants": "normal,g1e309"}, "'g1e309' in variants must be a number"),
        ({"v": "1", "variants": "normal,g1_000"}, "'g1_000' in variants must be a number"),
        ({"v": "1", "variants": "normal,g１"}, "'g１' is no part of a variant"),
        ({"v": "1", "variants": "normal,g-1"}, "Gain of variant 1 must be"),
        ({"v": "1", "variants": "normal,g1001"}, "Gain of variant 1 must be a number at least 0 and at most 1000"),
        ({"v": "1", "variants": "zeros;normal,d101"}, "Hidden layers of variant 2 must be"),
        ({"v": "1", "variants": "normal,d1.5"}, "'d1.5' in variants must be a whole number"),
        ({"v": "1", "variants": "normal,d" + "9" * 31}, "is no part of a variant"),
        ({"v": "1", "variants": "normal,aReLU"}, "is no part of a variant"),
        ({"v": "1", "variants": "normal,arelu6"}, "'arelu6' in variants must be one of"),
        ({"v": "1", "variants": "normal,olion"}, "'olion' in variants must be one of"),
        ({"v": "1", "variants": "normal,r1e7"}, "Learning rate of variant 1 must be"),
        ({"v": "1", "variants": "x" * 2_000}, "longer than 2,000 characters"),
        ({"v": "1", "x" * 3_000: ""}, "longer than 2,000 characters"),
        ({"v": "9" * 1_000}, "version v must be"),
    ],
)
def test_a_wrong_link_is_refused_with_its_part(parts, message):
    with pytest.raises(ValueError, match=message):
        links.read(parts)


NAMES = st.sampled_from([*links.COMMON, "v", "step", "variants"]) | st.text(max_size=10)
PLAIN = st.sampled_from(["1", "0", "2", "600", "normal", "zeros;he_normal,g2,d3", "batch", "clouds", "1e-3", "-0"])
PIECES = st.sampled_from([*gc.INITIALIZERS, *gc.ACTIVATIONS, *"gador;,.-_e0123456789", "nan", "inf", "１", "\n"])
TEXTS = st.one_of(PLAIN, st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join), st.floats().map(str))


@settings(max_examples=700, deadline=None, derandomize=True)
@given(st.dictionaries(NAMES, TEXTS, max_size=6), st.booleans())
def test_whatever_comes_is_read_or_refused_in_words(parts, versioned):
    link = None
    try:
        link = links.read({**parts, "v": "1"} if versioned else parts)
    except ValueError as refusal:
        words = str(refusal)
    if link is None:
        assert len(words) > 20
    else:
        assert there_and_back(checked(link.setup), link.step) == link
