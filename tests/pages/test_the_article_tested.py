"""The article's screen drawn without a browser: every claim, predictions, progress, links."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.stills import stills
from ui.article.claims import CLAIMS

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "pages/the_article_tested.py")


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.switch_page(PAGE).run()


def claim(name):
    return opened(v="1", claim=name)


def press(app, label):
    return next(button for button in app.main.button if button.label == label).click().run()


def words(app):
    return " ".join(one.value for one in [*app.main.markdown, *app.main.header, *app.main.subheader])


def progress(app):
    return next(one.proto.text for one in app.get("progress"))


def mark(app, name):
    return app.button(key=f"article.open.{name}").help


def test_the_screen_opens_with_the_first_experiment_and_nothing_tried():
    app = opened()
    assert not app.exception
    assert app.title[0].value == "The article, tested"
    assert app.main.header[0].value == "A bias is always 1"
    assert app.main.subheader[0].value.startswith("Of 74 biases none is 1")
    assert len(stills(app)) == 1
    assert progress(app) == "**0 of 18 tried**"
    assert not app.main.radio


@pytest.mark.parametrize("name", CLAIMS)
def test_each_claim_is_predicted_and_run(name):
    app = claim(name)
    assert not app.exception
    assert app.main.header[0].value == CLAIMS[name].title
    assert CLAIMS[name].says in words(app)
    assert CLAIMS[name].place in words(app)
    assert app.radio[0].value is None
    assert not stills(app)
    app.radio[0].set_value(0).run()
    press(app, "Run the experiment")
    assert not app.exception
    assert len(stills(app)) == 1
    assert CLAIMS[name].holds in words(app)
    # The first option is never what happens.
    assert f"You predicted: *{CLAIMS[name].options[0]}*. What happened: " in words(app)
    assert progress(app) == "**1 of 18 tried** · 0 of 1 predicted right"
    assert len(app.main.get("page_link")) >= 1


def test_nothing_can_be_run_as_predicted_before_one_predicts():
    app = claim("blame")
    run = next(button for button in app.main.button if button.label == "Run the experiment")
    assert run.disabled
    app.radio[0].set_value(2).run()
    assert not next(button for button in app.main.button if button.label == "Run the experiment").disabled


def test_a_right_prediction_is_told_and_marked():
    app = claim("blame")
    app.radio[0].set_value(2).run()
    press(app, "Run the experiment")
    assert "You predicted it: *That depends on the activation*" in words(app)
    assert progress(app) == "**1 of 18 tried** · 1 of 1 predicted right"
    assert mark(app, "blame") == "Tried: your prediction came true."
    assert mark(app, "product") == "Not tried yet."


def test_a_claim_can_be_shown_without_a_prediction():
    app = press(claim("printed_line"), "Just show me")
    assert "What happened: *Zeros or NaN*" in words(app)
    assert "RuntimeWarning: invalid value encountered in sqrt" in app.main.code[0].value
    assert progress(app) == "**1 of 18 tried**"
    assert mark(app, "printed_line") == "Seen without a prediction."


def test_other_draws_give_other_numbers_and_keep_the_mark():
    app = claim("blame")
    app.radio[0].set_value(0).run()
    press(app, "Run the experiment")
    before = app.main.subheader[0].value
    press(app, "Other draws")
    assert app.main.subheader[0].value != before
    assert "You predicted: *It explodes in all four*" in words(app)
    assert progress(app) == "**1 of 18 tried** · 0 of 1 predicted right"


@pytest.mark.parametrize("name", list(CLAIMS)[:2])
def test_a_claim_can_be_predicted_again_and_the_first_prediction_counts(name):
    app = claim(name)
    if not app.radio:  # the first claim shows itself
        press(app, "Predict again")
    app.radio[0].set_value(0).run()
    press(app, "Run the experiment")
    before = progress(app)
    press(app, "Predict again")
    assert app.radio[0].value is None
    assert not app.main.subheader
    app.radio[0].set_value(1).run()
    press(app, "Run the experiment")
    assert progress(app) == before
    assert CLAIMS[name].options[1] in words(app)


def test_next_goes_through_all_claims_and_round():
    app, seen = opened(), []
    for _ in CLAIMS:
        seen.append(app.main.header[0].value)
        press(app, "Next claim")
    assert seen == [one.title for one in CLAIMS.values()]
    assert app.main.header[0].value == seen[0]
    # Having been shown as the screen opened is not having been tried.
    assert app.main.radio[0].value is None


def test_a_click_on_the_list_opens_a_claim():
    app = opened()
    app.button(key="article.open.zeros").click().run()
    assert app.main.header[0].value == CLAIMS["zeros"].title


def test_progress_and_a_prediction_are_kept_over_a_page_switch():
    app = claim("blame")
    app.radio[0].set_value(2).run()
    press(app, "Run the experiment")
    app.button(key="article.open.product").click().run()
    app.radio[0].set_value(1).run()
    app.switch_page(str(ROOT / "app.py")).run()
    app.query_params.clear()
    app.switch_page(PAGE).run()
    assert progress(app) == "**1 of 18 tried** · 1 of 1 predicted right"
    assert app.main.header[0].value == CLAIMS["product"].title
    assert app.radio[0].value == 1


@pytest.mark.parametrize("query", [{"v": "1", "claim": "<b>"}, {"v": "2"}, {"claim": "bias"}, {"v": "1", "x": "1"}])
def test_a_bad_link_is_told_and_the_first_claim_is_there(query):
    app = opened(**query)
    assert not app.exception
    assert app.warning[0].value.startswith("This link can't be restored: ")
    assert "Below is the first claim instead" in app.warning[0].value
    assert "<b>" not in app.warning[0].value
    assert app.main.header[0].value == CLAIMS["bias"].title
