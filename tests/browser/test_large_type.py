"""Large type on every screen: readable from the back row, sharp, nothing sideways, kept across pages, off again."""

import pytest
from panel import PATIENCE

from ui.theme import FONT_SIZE

SCREENS = ("", "live_training", "compare_initializers", "saturation", "gradient_flow", "backprop_by_hand", "talk")
BACK_ROW = 22
CANVAS = "section.panel canvas, section.panel svg[role=img]"


def zoom(page):
    return page.locator(CANVAS).first.evaluate("element => element.currentCSSZoom")


def switch(page):
    page.locator(CANVAS).first.wait_for(timeout=PATIENCE)
    page.get_by_text("Large type", exact=True).click()


def wait_for_zoom(page, value):
    page.locator(CANVAS).first.wait_for(timeout=PATIENCE)
    for _ in range(100):
        if zoom(page) == value:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the zoom stays {zoom(page)}")


@pytest.mark.parametrize("screen", SCREENS)
def test_large_type_reaches_the_back_row(visit, screen):
    page = visit(screen)
    switch(page)
    wait_for_zoom(page, 1.5)
    assert FONT_SIZE * zoom(page) >= BACK_ROW
    page.wait_for_timeout(1500)
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    for canvas in page.locator("section.panel canvas:visible").all():
        drawn, shown = canvas.evaluate("c => [c.width, c.getBoundingClientRect().width]")
        assert drawn == pytest.approx(shown, abs=2)


def test_it_is_kept_on_other_pages_and_goes_again(visit):
    page = visit("live_training")
    switch(page)
    wait_for_zoom(page, 1.5)
    page.get_by_role("link", name="Saturation").click()
    page.get_by_role("heading", name="Saturation", exact=True).wait_for(timeout=PATIENCE)
    wait_for_zoom(page, 1.5)
    switch(page)
    wait_for_zoom(page, 1)
