"""Large type on every screen: readable from the back row, sharp, nothing sideways, kept across pages, off again."""

import time

import pytest

from tests.browser.panel import PATIENCE, wait_for_frames, wait_until_in_place
from ui.theme import FONT_SIZE

SCREENS = ("", "live_training", "compare_initializers", "saturation", "gradient_flow", "backprop_by_hand", "talk")
BACK_ROW = 22
PICTURE = "section.panel .js-plotly-plot"
# How much larger than usual a figure's type is, as one sees it.
TYPE = "plot => plot._fullLayout.font.size * plot.currentCSSZoom / 15"


def zoom(page):
    return page.locator(PICTURE).first.evaluate(TYPE)


def switch(page):
    page.locator(PICTURE).first.wait_for(timeout=PATIENCE)
    page.get_by_text("Large type", exact=True).click()


def wait_for_zoom(page, value):
    page.locator(PICTURE).first.wait_for(timeout=PATIENCE)
    end = time.monotonic() + PATIENCE / 1000
    while zoom(page) != value:
        assert time.monotonic() < end, f"the zoom stays {zoom(page)}"
        wait_for_frames(page, 6)


@pytest.mark.parametrize("screen", SCREENS)
def test_large_type_reaches_the_back_row(visit, screen):
    page = visit(screen)
    switch(page)
    wait_for_zoom(page, 1.5)
    assert FONT_SIZE * zoom(page) >= BACK_ROW
    wait_until_in_place(page, "section.panel, section.panel .plot")
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    for plot in page.locator("section.panel .js-plotly-plot:visible").all():
        drawn, shown = plot.evaluate("e => [e._fullLayout.width, e.getBoundingClientRect().width]")
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


NOTE_SENT = """() => {
    window.lastSent = Infinity;
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...data) {
        window.lastSent = performance.now();
        return send.apply(this, data);
    };
}"""
CLICK = """
    const labels = [...document.querySelectorAll("[data-testid=stSidebar] label")];
    const click = () => labels.find(one => one.textContent.includes("Large type")).querySelector("input").click();
"""
# While a recording plays, the panel tells every half second where it is. Streamlit collects what it is told until a
# timer of 0 ms. A machine so slow that this moment does not come clicks at some other.
WITH_THE_PANELS_QUESTION = f"""() => new Promise(done => {{
    {CLICK}
    const turn = now => {{
        if (now - window.lastSent < 480 && now < 8000) return requestAnimationFrame(turn);
        click();
        done();
    }};
    requestAnimationFrame(turn);
}})"""
BETWEEN_QUESTION_AND_MESSAGE = f"""() => new Promise(done => {{
    {CLICK}
    const setTimer = window.setTimeout;
    window.setTimeout = (...given) => {{
        const now = performance.now();
        if (given[1] === 0 && (now - window.lastSent > 400 || now > 8000)) {{
            window.setTimeout = setTimer;
            queueMicrotask(() => {{ click(); done(); }});
        }}
        return setTimer(...given);
    }};
}})"""


@pytest.mark.parametrize("click", [WITH_THE_PANELS_QUESTION, BETWEEN_QUESTION_AND_MESSAGE], ids=["with", "after"])
def test_a_click_in_the_moment_in_which_the_panel_asks_is_not_lost(visit, click):
    for _ in range(3):
        page = visit()
        page.evaluate(NOTE_SENT)
        page.locator(PICTURE).first.wait_for(timeout=PATIENCE)
        page.evaluate(click)
        wait_for_zoom(page, 1.5)
