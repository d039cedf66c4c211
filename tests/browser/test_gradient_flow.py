"""The gradient-flow explorer in the browser: dragging, the keyboard, what is kept, a phone, the dark."""

import pytest

from tests.browser.explorer import Explorer
from tests.browser.panel import PATIENCE, wait_until_at_rest

GENEROUS_MS = 2000
KEPT = "Exact figures, CSV and link"


def ratio(explorer):
    return explorer.root.locator("output.ratio").inner_text()


def test_dragging_depth_and_weights_changes_the_ratio_at_once(visit):
    explorer = Explorer(visit("gradient_flow"))
    before = ratio(explorer)
    assert explorer.headline.startswith("Vanished")
    assert explorer.drag("depth", 3) < GENEROUS_MS
    assert ratio(explorer) != before
    wait_until_at_rest(explorer.page)
    before = ratio(explorer)
    explorer.drag("gain", 0.6)
    assert ratio(explorer) != before


def test_the_keyboard_moves_the_depth_and_the_table_follows(visit):
    explorer = Explorer(visit("gradient_flow?v=1&depth=4"))
    explorer.root.locator("summary").click()
    explorer.control("depth").focus()
    explorer.page.keyboard.press("ArrowRight")
    explorer.page.keyboard.press("ArrowRight")
    wait_until_at_rest(explorer.page)
    rows = explorer.root.locator("table.layers tbody tr")
    assert rows.count() == 7
    assert rows.nth(6).locator("th").inner_text() == "output"


def test_the_cures_come_once_nothing_is_dragged(visit):
    explorer = Explorer(visit("gradient_flow?v=1&depth=8"))
    rows = explorer.root.locator("table.cures tbody tr")
    rows.nth(10).wait_for(timeout=PATIENCE)
    found = {row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in rows.all()}
    assert found["as it is"] == "vanished"
    assert found["ReLU and He normal"] == "healthy"
    explorer.control("gain").fill("0.7")
    wait_until_at_rest(explorer.page)
    assert "before this drag" not in explorer.root.locator("[data-chart=curves] figcaption").inner_text()


def test_what_is_kept_stays_while_something_else_is_dragged(visit):
    page = visit("gradient_flow?v=1&depth=5")
    explorer = Explorer(page)
    explorer.root.get_by_role("button", name=KEPT).click()
    page.get_by_role("button", name="CSV").nth(3).wait_for(timeout=PATIENCE)
    link = page.locator("code", has_text="gradient_flow?v=1")
    assert "depth=5" in link.inner_text()
    explorer.drag("depth", 7)
    wait_until_at_rest(page)
    assert "depth=5" in link.inner_text()
    assert explorer.charts() == ["waterfall", "gradients", "curves", "stretched"]


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1440, 900), "dark")])
def test_a_phone_and_the_dark_show_all_and_scroll_one_way(visit, size, scheme):
    explorer = Explorer(visit("gradient_flow", size=size, scheme=scheme))
    assert explorer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("waterfall", "gradients", "curves", "stretched"):
        box = explorer.plot(name).bounding_box()
        assert box["width"] > 150
        assert box["x"] + box["width"] <= size[0] + 1
        assert explorer.plot(name).get_attribute("aria-label")


def test_a_verdict_that_needs_another_line_keeps_it_and_the_picture_does_not_jump_back(visit):
    page = visit("talk?v=1&scene=4&present=1", size=(1000, 900))
    explorer = Explorer(page)
    picture, heights, tops = explorer.plot("waterfall"), [], []
    for depth in (1, 20, 1, 30):
        explorer.drag("depth", depth)
        heights.append(explorer.root.locator(".headline").bounding_box()["height"])
        tops.append(picture.bounding_box()["y"])
    assert min(heights) < max(heights)
    assert tops == sorted(tops)
    # At another width it is measured anew.
    explorer.drag("depth", 1)
    assert explorer.root.locator(".headline").bounding_box()["height"] == min(heights)
    verdict = explorer.root.locator(".verdict")
    kept = verdict.bounding_box()["height"]
    page.set_viewport_size({"width": 1040, "height": 900})
    wait_until_at_rest(page)
    assert verdict.bounding_box()["height"] < kept
