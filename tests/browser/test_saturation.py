"""The saturation explorer in the browser: dragging, the keyboard, training, what is kept, links, a phone, the dark."""

import re

import pytest

from tests.browser.explorer import Explorer
from tests.browser.panel import PATIENCE, wait_until_at_rest

GENEROUS_MS = 2000
KEPT = "Exact figures, CSV and link"


def test_dragging_the_weights_goes_from_linear_to_saturated(visit):
    explorer = Explorer(visit("saturation?v=1&activation=tanh"))
    assert explorer.drag("gain", -1) < GENEROUS_MS
    wait_until_at_rest(explorer.page)
    assert explorer.number("Below 1 %") == "0 %"
    explorer.drag("gain", 1.3)
    wait_until_at_rest(explorer.page)
    assert float(explorer.number("Below 1 %").removesuffix(" %")) > 50
    assert "saturated" in explorer.headline
    assert not explorer.headline.startswith("Next to none")


def test_normal_inputs_can_be_dragged_instead(visit):
    explorer = Explorer(visit("saturation"))
    explorer.root.get_by_label("normal").check()
    explorer.page.wait_for_function("true")
    explorer.drag("mean", 8)
    wait_until_at_rest(explorer.page)
    assert explorer.number("Mean in") == "8"
    assert explorer.root.locator("[data-drag=std]").is_visible()
    assert not explorer.control("layer").is_visible()


def test_the_keyboard_moves_a_slider_and_the_numbers_follow(visit):
    explorer = Explorer(visit("saturation?v=1&layer=1"))
    explorer.control("layer").focus()
    before = explorer.number("Mean in")
    for _ in range(3):
        explorer.page.keyboard.press("ArrowRight")
    wait_until_at_rest(explorer.page)
    assert explorer.control("layer").input_value() == "4"
    assert explorer.number("Mean in") != before
    assert explorer.control("layer").get_attribute("aria-valuetext") == "4"


def test_training_moves_it_and_it_goes_back_to_the_start(visit):
    explorer = Explorer(visit("saturation"))

    def means():
        return explorer.plot("means").get_attribute("aria-label")

    untrained = means()
    explorer.root.get_by_role("button", name="Train").click()
    explorer.page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 10", timeout=PATIENCE)
    explorer.root.get_by_role("button", name="Pause").click()
    assert re.search(r"Trained for [\d,]+ mini-batches", explorer.root.locator(".status").inner_text())
    assert means() != untrained
    wait_until_at_rest(explorer.page)
    explorer.root.get_by_role("button", name="Back to the start").click()
    wait_until_at_rest(explorer.page)
    assert means() == untrained


def test_what_is_kept_stays_while_something_else_is_dragged(visit):
    page = visit("saturation?v=1&depth=5")
    explorer = Explorer(page)
    explorer.drag("gain", 0.5)
    explorer.root.get_by_role("button", name=KEPT).click()
    page.get_by_role("button", name="CSV").nth(4).wait_for(timeout=PATIENCE)
    link = page.locator("code", has_text="saturation?v=1").inner_text()
    assert "depth=5" in link
    assert "gain=3.16" in link
    explorer.drag("gain", -0.5)
    wait_until_at_rest(page)
    assert page.locator("code", has_text="saturation?v=1").inner_text() == link


def test_a_link_restores_what_was_dragged(visit):
    explorer = Explorer(visit("saturation?v=1&gain=2.5&layer=7&source=layer"))
    assert explorer.root.locator("output[data-of=gain]").inner_text() == "2.5"
    assert explorer.control("layer").input_value() == "7"


def test_a_question_turns_the_sliders_too(visit):
    page = visit("saturation")
    explorer = Explorer(page)
    page.get_by_label("A question").click()
    page.get_by_text("small weights").click()
    wait_until_at_rest(explorer.page)
    assert explorer.root.locator("output[data-of=gain]").inner_text() == "0.3"
    assert explorer.control("layer").input_value() == "8"


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1440, 900), "dark")])
def test_a_phone_and_the_dark_show_all_and_scroll_one_way(visit, size, scheme):
    explorer = Explorer(visit("saturation", size=size, scheme=scheme))
    assert explorer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("plane", "slopes", "shades", "path", "means"):
        box = explorer.plot(name).bounding_box()
        assert box["width"] > 150
        assert box["x"] + box["width"] <= size[0] + 1
        assert explorer.plot(name).get_attribute("aria-label")
