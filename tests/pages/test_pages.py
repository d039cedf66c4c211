"""Every page runs on its own, opens with one sentence, and answers bad settings in words."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAGES = {
    "app.py": "Why does a deep network stop learning?",
    "pages/live_training.py": "Live training",
    "pages/compare_initializers.py": "Compare initializers",
    "pages/saturation.py": "Saturation",
    "pages/gradient_flow.py": "Gradient flow",
    "pages/backprop_by_hand.py": "Backprop by hand",
    "pages/the_article_tested.py": "The article, tested",
    "pages/talk.py": "Talk",
}
COMPARE = "pages/compare_initializers.py"
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


def test_homes_networks_go_when_another_page_is_opened_and_start_anew():
    app = opened("app.py")
    assert "passing.home" in app.session_state
    app.switch_page(str(ROOT / "pages/live_training.py")).run()
    assert "passing.home" not in app.session_state
    app.switch_page(str(ROOT / "app.py")).run()
    assert "passing.home" in app.session_state
    assert not app.exception


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


STORY = ["zeros", "N(0, 1)", "N(0, 0.01²)", "PyTorch's default", "He normal", "Xavier normal", "orthogonal"]


def group(app, key):
    return next(one for one in app.get("button_group") if one.key == key)


def variants(app):
    """Return the names of what is compared, as the choice below the panel has them."""
    return group(app, "kept.c.explained").options


def arrived(page, **query):
    """Open a page by a link."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    for name, text in query.items():
        app.query_params[name] = text
    return app.switch_page(str(ROOT / page)).run()


def test_a_comparison_too_large_is_refused_in_words_and_nothing_is_lost():
    app = opened(COMPARE)
    assert variants(app) == STORY
    app.number_input(key="kept.c.width").set_value(20).run()
    app.number_input(key="kept.c.3.gain").set_value(1.5).run()
    app.number_input(key="kept.c.seeds").set_value(17).run()
    assert not app.exception
    assert [error.value for error in app.error] == ["Seeds must be a whole number from 1 to 16, got 17"]
    app.number_input(key="kept.c.seeds").set_value(4).run()
    assert not app.error
    values = [app.number_input(key=f"kept.c.{key}").value for key in ("width", "3.gain", "seeds")]
    assert values == [20, 1.5, 4]
    assert variants(app)[3] == "PyTorch's default × 1.5"


def test_too_much_work_is_refused_with_what_would_fit():
    app = opened(COMPARE)
    app.number_input(key="kept.c.width").set_value(1024).run()
    assert not app.exception
    assert "56 runs of these networks would take about" in app.error[0].value
    app.number_input(key="kept.c.width").set_value(16).run()
    assert not app.error


def test_a_question_brings_its_variants_and_its_settings():
    app = opened(COMPARE)
    app.selectbox(key="compared.preset").set_value("Rectangular layers: LeCun or Glorot").run()
    assert not app.exception
    assert variants(app) == ["LeCun normal", "Xavier normal", "He normal"]
    assert app.number_input(key="kept.c.width").value == 60
    assert app.toggle(key="kept.c.alternating").value
    assert [app.number_input(key=f"kept.c.{number}.depth").value for number in range(3)] == [12] * 3
    app.selectbox(key="compared.preset").set_value("Ten tanh layers: which start trains?").run()
    assert variants(app) == STORY
    assert app.number_input(key="kept.c.width").value == 32
    assert not app.toggle(key="kept.c.alternating").value


def test_variants_are_added_duplicated_and_removed():
    app = opened(COMPARE)
    app.button(key="remove.0").click().run()
    assert variants(app) == STORY[1:]
    app.button(key="duplicate.1").click().run()
    assert variants(app) == ["N(0, 1)", "N(0, 0.01²) (1)", "N(0, 0.01²) (2)", *STORY[3:]]
    add = next(button for button in app.button if button.label == "Add a variant")
    add.click().run()
    assert variants(app)[-2:] == ["orthogonal (1)", "orthogonal (2)"]
    assert next(button for button in app.button if button.label == "Add a variant").disabled
    assert app.button(key="duplicate.0").disabled
    for _ in range(7):
        app.button(key="remove.0").click().run()
    assert variants(app) == ["orthogonal"]
    assert app.button(key="remove.0").disabled
    assert not app.exception


def swept_by(app, factor, text):
    group(app, "compared.factor").set_value(factor).run()
    app.text_input(key=f"compared.values.{factor}").set_value(text).run()
    return app


@pytest.mark.parametrize(
    ("factor", "text", "message"),
    [
        ("gain", "1, two", "must be a number, got 'two'"),
        ("gain", "1, nan", "must be a number, got 'nan'"),
        ("gain", "", "Values must be 1 to 8 numbers"),
        ("gain", "1,2,3,4,5,6,7,8,9", "Values must be 1 to 8 numbers with commas between them, got 9"),
        ("gain", "1, -1", "Gain must be"),
        ("gain", "1, 1001", "Gain must be"),
        ("depth", "2, 2.5", "Hidden layers must be whole numbers from 0 to 100"),
        ("depth", "101", "Hidden layers must be whole numbers from 0 to 100"),
        ("rate", "-0.1", "Learning rate must be"),
        ("rate", "1e7", "Learning rate must be"),
    ],
)
def test_values_of_a_sweep_that_make_no_sense_are_refused_in_words(factor, text, message):
    app = swept_by(opened(COMPARE), factor, text)
    assert not app.exception
    assert message in app.error[0].value
    assert "Compare these" not in [button.label for button in app.button]
    assert variants(app) == STORY


def test_a_sweep_takes_the_place_of_all_variants():
    app = swept_by(opened(COMPARE), "depth", "2, 5, 10")
    next(button for button in app.button if button.label == "Compare these").click().run()
    assert variants(app) == ["2 layers", "5 layers", "10 layers"]
    assert [app.selectbox(key=f"kept.c.{number}.initializer").value for number in range(3)] == ["zeros"] * 3


def test_a_link_sets_every_control_of_a_comparison():
    app = arrived(COMPARE, v="1", width="9", seeds="2", seed="4000000000", variants="normal,g1000,d3;zeros,arelu,r0.3")
    assert not app.exception
    assert not app.warning
    assert variants(app)[0].startswith("N(0, 1000²)")
    values = [app.number_input(key=f"kept.c.{key}").value for key in ("width", "seeds", "seed", "0.gain", "0.depth")]
    assert values == [9, 2, 4_000_000_000, 1000, 3]
    assert app.selectbox(key="kept.c.1.rate").value == 0.3


@pytest.mark.parametrize("query", [{"v": "1", "variants": "normal,g1001"}, {"v": "1", "step": "<b>"}, {"x": "1"}])
def test_a_link_that_cannot_be_restored_is_told_and_the_default_is_there(query):
    app = arrived(COMPARE, **query)
    assert not app.exception
    assert app.warning[0].value.startswith("This link can't be restored: ")
    assert "<b>" not in app.warning[0].value
    assert variants(app) == STORY


def test_each_start_is_explained_with_its_numbers_and_its_code():
    app = opened(COMPARE)
    group(app, "kept.c.explained").set_value(4).run()
    assert not app.exception
    words = " ".join(element.value for element in app.main.markdown)
    assert "**He normal**: normal, std √(2/fan_in), gain 1" in words
    assert "| 1 | 64 → 32 | 0.177 |" in words
    assert "| 2–10 | 32 → 32 | 0.25 |" in words
    snippets = [element.value for element in app.main.code]
    assert ["import numpy" in snippets[0], "import torch" in snippets[1]] == [True, True]
    assert ["import keras" in snippets[2], "import jax" in snippets[3]] == [True, True]


def test_a_comparison_survives_a_page_switch():
    app = opened(COMPARE)
    app.button(key="remove.0").click().run()
    app.selectbox(key="kept.c.0.activation").set_value("relu").run()
    app.switch_page(str(ROOT / "app.py")).run()
    app.switch_page(str(ROOT / COMPARE)).run()
    assert app.selectbox(key="kept.c.0.activation").value == "relu"
    assert variants(app)[0] == "N(0, 1), ReLU"
