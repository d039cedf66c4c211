"""What is dragged is clamped or ignored, what a link says is read strictly, and both come back as they went."""

import contextlib
import math
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.explorers import links
from ui.explorers.saturation.setup import DRAGS, PRESETS, SCREEN, SETTINGS
from ui.explorers.screen import Drag
from ui.settings import MAX_LINK

SEVERAL = Drag((1.0, 2.0), -10, 10, longest=4)


@pytest.mark.parametrize(
    ("drag", "value", "taken"),
    [
        (DRAGS["gain"], 2.5, 2.5),
        (DRAGS["gain"], 1e9, 20.0),
        (DRAGS["gain"], -1, 0.05),
        (DRAGS["gain"], 10**400, 7.0),
        (DRAGS["gain"], math.nan, 7.0),
        (DRAGS["gain"], True, 7.0),
        (DRAGS["gain"], "2", 7.0),
        (DRAGS["gain"], None, 7.0),
        (DRAGS["layer"], 4.4, 4),
        (DRAGS["source"], "normal", "normal"),
        (DRAGS["source"], "<b>", 7.0),
        (DRAGS["source"], ["layer"], 7.0),
        (Drag(False), True, True),
        (Drag(False), 1, 7.0),
    ],
)
def test_what_comes_from_the_browser_is_clamped_or_ignored(drag, value, taken):
    assert drag.sent(value, 7.0) == taken


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ([3, 4.5, 99], (3.0, 4.5, 10.0)),
        ([None, "x"], (1.0, 2.0)),
        ([0.5, None, None], (0.5, 2.0, 0.0)),
        ([], ()),
        ([1, 2, 3, 4, 5], (1.0, 2.0)),
        ("12", (1.0, 2.0)),
    ],
)
def test_of_several_numbers_each_is_judged_alone(value, taken):
    assert SEVERAL.sent(value, SEVERAL.default) == taken


def test_several_numbers_go_into_a_link_and_come_back():
    setting = SEVERAL.setting("w")
    for values in ((), (0.1,), (1e-7, -10.0, 3.0000000000000004)):
        assert setting.read(setting.write(values)) == values
    for text in ("1,2,3,4,5", "1,,2", "11", "nan", "1;2"):
        with pytest.raises(ValueError, match="must"):
            setting.read(text)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_makes_sense_and_goes_into_a_link(name):
    values = {**SCREEN.defaults, **PRESETS[name]}
    assert set(PRESETS[name]) <= set(SETTINGS) | set(DRAGS)
    SCREEN.checked({setting: values[setting] for setting in SETTINGS})
    query = links.write(SCREEN, values)
    assert {**SCREEN.defaults, **links.read(SCREEN, dict(parse_qsl(query)))} == values


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "its version v must be"),
        ({"v": "99"}, "its version v must be"),
        ({"v": "1", "colour": "red"}, "is no setting of this screen"),
        ({"v": "1", "gain": "1e99"}, "gain: must be from 0.05 to 20"),
        ({"v": "1", "gain": "nan"}, "gain: must be"),
        ({"v": "1", "layer": "2.5"}, "layer: must be"),
        ({"v": "1", "source": "elsewhere"}, "source: must be"),
        ({"v": "1", "depth": "31"}, "Hidden layers must be"),
        ({"v": "1", "width": "0"}, "Width must be"),
        ({"v": "1", "activation": "x" * 5000}, "longer than"),
    ],
)
def test_a_wrong_link_is_refused_in_words(parts, message):
    with pytest.raises(ValueError, match=message):
        links.read(SCREEN, parts)


@given(st.dictionaries(st.sampled_from([*SETTINGS, *DRAGS, "v", "x"]), st.text(max_size=30), max_size=6))
def test_no_link_does_anything_but_be_read_or_refused(parts):
    values = {}
    with contextlib.suppress(ValueError):
        values = links.read(SCREEN, {"v": "1", **parts})
    assert len(links.write(SCREEN, {**SCREEN.defaults, **values})) <= MAX_LINK
