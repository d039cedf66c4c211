"""The talk in a browser: by keys as a presenter's remote sends them, its pictures, one's own talk, a phone."""

import json

import pytest

from tests.browser.panel import PATIENCE, Panel, wait_until_at_rest, wait_until_in_place
from ui.talk import files, links
from ui.talk.built_in import BUILT_IN
from ui.talk.scene import Scene, Talk

SCENES = BUILT_IN.scenes
# A picture has to be there within a second (the number); three, so that a loaded machine fails no build.
SOON = 3000
# Of what is written in an element, without its padding.
TEXTS_BOTTOM = "e => { const r = new Range(); r.selectNodeContents(e); return r.getBoundingClientRect().bottom }"


def headline(page, scene):
    page.get_by_role("heading", name=scene.headline, exact=True).wait_for(timeout=PATIENCE)


def test_page_down_goes_through_all_scenes_and_each_has_its_picture(visit):
    page = visit("talk")
    for number, scene in enumerate(SCENES):
        headline(page, scene)
        picture = page.locator("section.panel .js-plotly-plot").first
        picture.wait_for(timeout=SOON if number else PATIENCE)
        assert page.locator("[data-testid=stException]").count() == 0
        page.get_by_text(f"{number + 1} of {len(SCENES)}", exact=True).wait_for(timeout=PATIENCE)
        page.keyboard.press("PageDown")
    page.keyboard.press("PageUp")
    headline(page, SCENES[-2])


def test_presenting_shows_the_picture_and_its_sentence_only(visit):
    page = visit("talk?v=1&scene=5")
    headline(page, SCENES[4])
    Panel(page).wait_until_step(5)
    page.keyboard.press("p")
    page.get_by_role("button", name="Leave").wait_for(timeout=PATIENCE)
    headline(page, SCENES[4])
    for gone in ("[data-testid=stSidebar]", "[data-testid=stHeader]", "h1"):
        assert not page.locator(gone).first.is_visible()
    page.keyboard.press("PageDown")
    headline(page, SCENES[5])
    assert not page.get_by_text(SCENES[5].answer[:30]).is_visible()
    page.keyboard.press("a")
    page.get_by_text(SCENES[5].answer[:30]).wait_for(timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Talk", exact=True).wait_for(timeout=PATIENCE)


def fits(page, number):
    """Wait for a presented scene, and check that nothing of it lies over another or below what one sees."""
    headline(page, SCENES[number - 1])
    page.locator("section.panel .js-plotly-plot").first.wait_for(timeout=PATIENCE)
    wait_until_in_place(page, "h1, h2, [data-testid=stMain] p, section.panel, section.panel .plot")
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    said = page.locator("[data-testid=stHeading] h2").evaluate(TEXTS_BOTTOM)
    question = page.locator(".st-key-question")
    assert question.locator("p").first.bounding_box()["y"] >= said
    assert question.get_by_role("button").bounding_box()["y"] >= said
    picture = page.locator("section.panel .plot:visible").first.bounding_box()
    strip, height = page.locator(".st-key-strip").bounding_box(), page.viewport_size["height"]
    assert picture["y"] + picture["height"] <= strip["y"]
    assert strip["y"] + strip["height"] <= height


@pytest.mark.parametrize("number", range(1, len(SCENES) + 1))
def test_presented_a_scene_fits_the_screen(visit, number):
    fits(visit(f"talk?v=1&scene={number}&present=1", scheme="dark" if number % 2 else "light"), number)


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)])
def test_a_scene_fits_small_beamers_and_large_ones(visit, size):
    page = visit("talk?v=1&scene=1&present=1", size=size)
    for number in (1, 5, 11):  # the tallest
        page.goto(page.url.replace(page.url[page.url.index("scene=") :], f"scene={number}&present=1"))
        fits(page, number)


def test_a_scene_trains_and_its_numbers_are_the_engines(visit):
    panel = Panel(visit("talk?v=1&scene=7"))
    panel.wait_until_step(60)
    panel.wait_for_headline("Symmetric")


def test_a_screen_becomes_a_scene_and_the_talk_a_file_that_can_be_loaded(visit, tmp_path):
    page = visit("live_training?v=1&depth=3&width=9&step=4")
    page.get_by_role("button", name="Add to my talk").click(timeout=PATIENCE)
    page.get_by_text("Scene 1 of your talk").first.wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="Talk", exact=True).click()
    page.get_by_role("button", name="Show instead: My own (1)").click(timeout=PATIENCE)
    page.get_by_role("textbox", name="Headline").fill("Three layers")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Three layers").wait_for(timeout=PATIENCE)
    assert Panel(page).step == 4
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("button", name="The talk as a file").click()
    file = tmp_path / "talk.json"
    download.value.save_as(file)
    talk = files.read(file.read_bytes())
    assert talk.scenes[0].headline == "Three layers"
    assert json.loads(file.read_text())["gradcore talk"] == 1
    other = visit("talk")
    other.locator("input[type=file]").set_input_files(file, timeout=PATIENCE)
    other.get_by_role("heading", name="Three layers").wait_for(timeout=PATIENCE)
    # A talk that was loaded leaves an empty place for the next file, a moment after its first heading.
    one, empty = "document.querySelectorAll('input[type=file]').length === 1", "[data-testid=stFileChip]"
    other.wait_for_function(f"{one} && !document.querySelector('{empty}')", timeout=PATIENCE)
    file.write_text(file.read_text().replace("live_training", "<b>attic</b>"))
    other.locator("input[type=file]").set_input_files(file)
    other.get_by_text("Nothing was changed").wait_for(timeout=PATIENCE)
    other.get_by_role("heading", name="Three layers").wait_for(timeout=PATIENCE)


def test_a_talk_in_a_link_is_shown_and_acts_on_nothing_in_it(visit):
    evil = "<img src=x onerror=alert(1)> [a](https://evil.example) https://evil.example"
    talk = Talk(evil, (Scene("saturation", "", evil, evil, evil + "?", evil),))
    page = visit(f"talk?{links.write(links.Link(talk, 1))}")
    page.get_by_role("heading").filter(has_text="onerror").first.wait_for(timeout=PATIENCE)
    page.keyboard.press("n")
    page.keyboard.press("a")
    wait_until_at_rest(page)
    assert page.locator("[data-testid=stMain] a[href*=evil], [data-testid=stMain] img[src=x]").count() == 0


def test_on_a_phone_it_is_gone_through_by_touch(visit):
    page = visit("talk?v=1&scene=6&present=1", size=(390, 844))
    headline(page, SCENES[5])
    page.locator(".st-key-strip").get_by_role("button", name="Next").click()
    headline(page, SCENES[6])
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
