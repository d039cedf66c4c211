"""The gradient-flow screen drawn without a browser: its default, its extremes, bad input, its links."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.explorers.flow.setup import PRESETS

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "pages/gradient_flow.py")


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.switch_page(PAGE).run()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"v": "1", "depth": "1", "width": "1", "gain": "0.05"},
        {"v": "1", "depth": "50", "gain": "20", "activation": "relu"},
        {"v": "1", "normalization": "batch", "residual": "1"},
    ],
)
def test_the_screen_opens(query):
    app = opened(**query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title[0].value == "Gradient flow"


@pytest.mark.parametrize("query", [{"v": "1", "depth": "51"}, {"v": "1", "seed": "-1"}, {"v": "1", "clip": "inf"}])
def test_a_bad_link_is_told_and_the_default_is_there(query):
    app = opened(**query)
    assert not app.exception
    assert app.warning[0].value.startswith("This link can't be restored: ")
    assert app.selectbox(key="kept.flow.activation").value == "sigmoid"


def test_bad_input_is_refused_in_words_and_nothing_is_lost():
    app = opened()
    app.selectbox(key="kept.flow.activation").set_value("tanh").run()
    app.number_input(key="kept.flow.width").set_value(129).run()
    assert app.error[0].value == "Width must be a whole number from 1 to 128, got 129"
    app.number_input(key="kept.flow.width").set_value(128).run()
    assert not app.error
    assert app.selectbox(key="kept.flow.activation").value == "tanh"


@pytest.mark.parametrize("name", PRESETS)
def test_every_question_opens(name):
    app = opened()
    app.selectbox(key="flow.preset").set_value(name).run()
    assert not app.exception
    assert not app.error
