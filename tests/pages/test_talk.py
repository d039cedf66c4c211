"""The talk's screen without a browser: going through it, one's own talk, files and links good and bad."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.stills import stills
from ui.talk import files, kept, links
from ui.talk.built_in import BUILT_IN
from ui.talk.scene import Scene, Talk

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "pages/talk.py")
OWN = Talk("Mine", (Scene("saturation", "v=1&depth=7", "First *of* two"), Scene("home", headline="Second")))
NOTICE = "This link can't be restored: "


def opened(page=PAGE, **query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.switch_page(page).run()


def arrived(link):
    query = dict(part.split("=", 1) for part in links.write(link).split("&"))
    return opened(**query)


def press(app, label):
    app = next(button for button in app.main.button if button.label == label).click().run()
    assert not app.exception
    return app


def labels(app):
    return [button.label for button in app.main.button]


def headline(app):
    return app.main.header[0].value.replace("\\", "")


def everything(app):
    """Return what is said, without the signs that keep Markdown from acting on it."""
    return "".join(one.value for one in [*app.main.markdown, *app.error]).replace("\\", "")


def own(app):
    return app.session_state["talk.own"]


def test_it_opens_with_the_first_scene_and_goes_to_the_last():
    app = opened()
    assert headline(app) == BUILT_IN.scenes[0].headline
    assert app.button(key="talk.back").disabled
    for scene in BUILT_IN.scenes[1:]:
        app = press(app, "Next")
        assert headline(app) == scene.headline
        assert not app.error
    assert app.button(key="talk.next").disabled
    assert "12 of 12" in [one.value for one in app.main.markdown]


def test_a_scene_leaves_nothing_behind():
    app = opened()
    for _ in range(6):
        app = press(app, "Next")
    kept_of = [f"{kept.SLOT}{visit}{what}" in app.session_state for visit in range(7) for what in ("", ".dragged")]
    assert kept_of == [False] * 12 + [True, False]


def test_the_answer_and_the_note_are_shown_on_demand():
    app = opened()
    scene, said = BUILT_IN.scenes[0], everything(app)
    assert scene.answer[:20] not in said
    assert scene.note[:20] not in said
    app = press(press(app, "The answer"), "Note")
    said = everything(app)
    assert scene.answer[:20] in said
    assert scene.note[:20] in said
    app = press(app, "Next")
    assert BUILT_IN.scenes[1].answer[:20] not in everything(app)


def test_presenting_shows_the_scene_alone_and_ends():
    app = press(opened(), "Present")
    assert not app.main.subheader
    assert "Present" not in labels(app)
    app = press(press(app, "Next"), "Leave")
    assert app.main.subheader
    assert headline(app) == BUILT_IN.scenes[1].headline


@pytest.mark.parametrize("number", [1, 5, 12])
def test_a_link_starts_in_the_middle(number):
    app = arrived(links.Link(None, number, presenting=True))
    assert headline(app) == BUILT_IN.scenes[number - 1].headline
    assert "Leave" in labels(app)


def test_a_link_brings_a_talk_and_the_visitors_own_can_be_had_back():
    app = arrived(links.Link(OWN, 2))
    assert own(app) == OWN
    assert headline(app) == "Second"
    app = press(app, "Show instead: The built-in talk")
    assert headline(app) == BUILT_IN.scenes[0].headline
    app = press(app, "Show instead: My own (2)")
    assert headline(app) == "First *of* two"


@pytest.mark.parametrize(
    "query", [{"v": "1", "scene": "99"}, {"v": "1", "talk": "AAAA"}, {"v": "2"}, {"v": "1", "talk": "<b>"}]
)
def test_a_bad_link_shows_the_built_in_talk_and_a_notice(query):
    app = opened(**query)
    assert not app.exception
    assert app.title[0].value == "Talk"
    assert headline(app) == BUILT_IN.scenes[0].headline
    assert app.warning[0].value.startswith(NOTICE)


def test_the_built_in_talk_is_copied_and_changed():
    app = press(press(opened(), "Next"), "Copy this talk")
    assert own(app) == BUILT_IN
    app = press(app, "Earlier")
    assert own(app).scenes[:2] == BUILT_IN.scenes[1::-1]
    assert headline(app) == BUILT_IN.scenes[1].headline
    app = press(app, "Undo")
    assert own(app) == BUILT_IN
    app = press(app, "Remove")
    assert len(own(app).scenes) == 11
    words = next(one for one in app.main.text_input if one.label == "Headline")
    app = words.set_value("Another <b>one</b>").run()
    assert own(app).scenes[0].headline == "Another <b>one</b>"
    assert app.main.header[0].value == "Another \\<b\\>one\\</b\\>"
    app = next(one for one in app.main.text_input if one.label == "The talk's title").set_value("Mine").run()
    assert own(app).title == "Mine"


def test_a_screen_is_added_as_a_scene_and_shown_with_its_settings():
    app = opened(str(ROOT / "pages/the_article_tested.py"))
    app.session_state[kept._OWN] = Talk("Mine", (Scene("the_article_tested", "v=1&claim=blame"),))
    app = app.switch_page(PAGE).run()
    app = press(app, "Show instead: My own (1)")
    assert not stills(app)
    app = press(app, "Run it")
    assert len(stills(app)) == 1


def test_a_scene_that_stands_at_a_step_is_computed_up_to_it_and_can_begin_at_the_first():
    app = arrived(links.Link(Talk("t", (Scene("live_training", "v=1&depth=2&rates=2:0.5&step=7"),))))
    (run,) = app.session_state[f"{kept.SLOT}{app.session_state[kept._VISIT]}"]
    assert (run.shown, run.changes) == (7, [(2, 0.5)])
    app = press(app, "From its first step")
    assert own(app).scenes[0].settings == "v=1&depth=2"
    assert "From its first step" not in labels(app)


@pytest.mark.parametrize(
    ("raw", "message"), [(b"{", "no JSON"), (files.write(OWN).replace("home", "attic").encode(), "scene 2: screen")]
)
def test_a_bad_file_is_refused_and_nothing_is_lost(raw, message):
    app = arrived(links.Link(OWN))
    app = app.get("file_uploader")[0].upload("talk.json", raw).run()
    assert message in everything(app)
    assert "Nothing was changed" in everything(app)
    assert own(app) == OWN


def test_a_file_is_loaded_and_shown():
    app = opened()
    app = app.get("file_uploader")[0].upload("talk.json", files.write(OWN).encode()).run()
    assert own(app) == OWN
    assert headline(app) == "First *of* two"
