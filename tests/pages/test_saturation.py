"""The saturation screen drawn without a browser: its default, its extremes, bad input, its links."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.explorers.saturation.setup import PRESETS

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "pages/saturation.py")


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.switch_page(PAGE).run()


@pytest.mark.parametrize("query", [{}, {"v": "1", "depth": "1", "width": "1"}, {"v": "1", "depth": "30", "gain": "20"}])
def test_the_screen_opens(query):
    app = opened(**query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title[0].value == "Saturation"


def test_a_link_sets_the_widgets():
    app = opened(v="1", activation="tanh", depth="7", seed="4294967295")
    assert app.selectbox(key="kept.saturation.activation").value == "tanh"
    assert app.number_input(key="kept.saturation.depth").value == 7
    assert app.number_input(key="kept.saturation.seed").value == 4294967295


@pytest.mark.parametrize("query", [{"v": "1", "gain": "0"}, {"v": "2"}, {"gain": "1"}, {"v": "1", "depth": "<b>"}])
def test_a_bad_link_is_told_and_the_default_is_there(query):
    app = opened(**query)
    assert not app.exception
    assert app.warning[0].value.startswith("This link can't be restored: ")
    assert app.number_input(key="kept.saturation.depth").value == 10


def test_bad_input_is_refused_in_words_and_nothing_is_lost():
    app = opened()
    app.number_input(key="kept.saturation.width").set_value(50).run()
    app.number_input(key="kept.saturation.depth").set_value(31).run()
    assert app.error[0].value == "Hidden layers must be a whole number from 1 to 30, got 31"
    app.number_input(key="kept.saturation.depth").set_value(30).run()
    assert not app.error
    assert app.number_input(key="kept.saturation.width").value == 50


@pytest.mark.parametrize("name", PRESETS)
def test_every_question_opens(name):
    app = opened()
    app.selectbox(key="saturation.preset").set_value(name).run()
    assert not app.exception
    assert not app.error


def test_all_activations_come_on_demand():
    app = opened()
    assert not app.dataframe
    app.toggle(key="kept.activations.shown").set_value(True).run()
    assert not app.exception
    assert len(app.dataframe) == 1
    assert any("Small is not zero" in one.value for one in app.markdown)


def test_settings_survive_a_page_switch():
    app = opened()
    app.selectbox(key="kept.saturation.activation").set_value("relu").run()
    app.switch_page(str(ROOT / "app.py")).run()
    app.switch_page(PAGE).run()
    assert app.selectbox(key="kept.saturation.activation").value == "relu"
