"""Every page runs on its own, opens with one sentence, and answers bad settings in words."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAGES = {
    "app.py": "Why does a deep network stop learning?",
    "pages/live_training.py": "Live training",
}
PATIENCE = 60


def opened(page):
    return (
        AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()
        if page == "app.py"
        else (AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).switch_page(str(ROOT / page)).run())
    )


def test_every_page_is_listed_here():
    assert {"app.py", *(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))} == set(PAGES)


@pytest.mark.parametrize(("page", "title"), PAGES.items())
def test_a_page_opens_with_its_title_and_a_sentence(page, title):
    app = opened(page)
    assert not app.exception
    assert [element.value for element in app.title] == [title]
    assert len(app.main.markdown[0].value) > 40


def test_a_network_too_large_is_refused_in_words_and_nothing_is_lost():
    app = opened("pages/live_training.py")
    app.number_input(key="kept.width").set_value(1024)
    app.number_input(key="kept.depth").set_value(100).run()
    assert not app.exception
    assert "Choose fewer layers or a smaller width" in app.error[0].value
    assert app.number_input(key="kept.width").value == 1024
    app.number_input(key="kept.width").set_value(16).run()
    assert not app.error
    assert app.number_input(key="kept.depth").value == 100


@pytest.mark.parametrize("depth", [0, 1, 100])
def test_extreme_depths_are_taken(depth):
    app = opened("pages/live_training.py")
    app.number_input(key="kept.depth").set_value(depth).run()
    assert not app.exception
    assert not app.error


def test_settings_survive_a_page_switch():
    app = opened("pages/live_training.py")
    app.selectbox(key="kept.activation").set_value("tanh").run()
    app.switch_page(str(ROOT / "app.py")).run()
    app.switch_page(str(ROOT / "pages/live_training.py")).run()
    assert app.selectbox(key="kept.activation").value == "tanh"
