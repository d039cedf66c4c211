"""The screen of backprop by hand drawn without a browser: its default, its extremes, bad input, its links."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.explorers.by_hand.setup import PRESETS

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "pages/backprop_by_hand.py")


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.switch_page(PAGE).run()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"v": "1", "inputs": "1", "layers": "1", "units": "1", "outputs": "1"},
        {"v": "1", "inputs": "4", "layers": "4", "units": "4", "outputs": "4", "activation": "gelu", "rate": "100"},
        {"v": "1", "x": "1000,-1000", "activation": "relu", "output": "identity"},
    ],
)
def test_the_screen_opens(query):
    app = opened(**query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title[0].value == "Backprop by hand"


def test_a_link_sets_the_widgets():
    app = opened(v="1", activation="tanh", layers="3", rate="0.125")
    assert app.selectbox(key="kept.by_hand.activation").value == "tanh"
    assert app.number_input(key="kept.by_hand.layers").value == 3
    assert app.number_input(key="kept.by_hand.rate").value == 0.125


@pytest.mark.parametrize(
    "query", [{"v": "1", "layers": "0"}, {"v": "2"}, {"w": "1"}, {"v": "1", "x": "1,a"}, {"v": "1", "w": "1e99,1"}]
)
def test_a_bad_link_is_told_and_the_default_is_there(query):
    app = opened(**query)
    assert not app.exception
    assert app.warning[0].value.startswith("This link can't be restored: ")
    assert app.number_input(key="kept.by_hand.layers").value == 1


def test_bad_input_is_refused_in_words_and_nothing_is_lost():
    app = opened()
    app.number_input(key="kept.by_hand.units").set_value(3).run()
    app.number_input(key="kept.by_hand.layers").set_value(5).run()
    assert app.error[0].value == "Hidden layers must be a whole number from 1 to 4, got 5"
    app.number_input(key="kept.by_hand.layers").set_value(4).run()
    assert not app.error
    assert app.number_input(key="kept.by_hand.units").value == 3


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens(name):
    app = opened()
    app.selectbox(key="by_hand.preset").set_value(name).run()
    assert not app.exception
    assert not app.error


def test_settings_survive_a_page_switch():
    app = opened()
    app.number_input(key="kept.by_hand.inputs").set_value(4).run()
    app.switch_page(str(ROOT / "app.py")).run()
    app.switch_page(PAGE).run()
    assert app.number_input(key="kept.by_hand.inputs").value == 4
