"""Damaged links in a real browser: the screen's title, its picture and a notice; nothing to click on, no error."""

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.panel import PATIENCE
from tests.ui.fuzzed_links import SCREENS, hostile, parts_of

# Longer addresses than this no server takes: it answers them itself.
LONGEST = 8_000
EACH = 4
CLICKABLE = "a@evil.example https://evil.example www.evil.example <a href=https://evil.example>"
NOTICE = "This link can't be restored"


def refused(screen, query):
    try:
        screen.read(parts_of(query))
    except ValueError:
        return True
    return False


def damaged(screen):
    """Return some damaged links that are refused, and one that would like to be clicked on."""
    found = (query for query in hostile(screen, 1000, seed=2) if len(query) < LONGEST and refused(screen, query))
    return [next(found) for _ in range(EACH)] + [f"v=1&claim={quote(CLICKABLE)}&width={quote(CLICKABLE)}"]


@pytest.mark.parametrize("screen", SCREENS, ids=[Path(screen.page).stem for screen in SCREENS])
def test_a_damaged_link_shows_the_screen_and_a_notice(visit, server, screen):
    path = "" if screen.page == "app.py" else Path(screen.page).stem
    page = visit(path)
    for query in damaged(screen):
        page.goto(f"{server}/{path}?{query}")
        page.get_by_text(NOTICE).wait_for(timeout=PATIENCE)
        assert page.locator("h1").inner_text() == screen.title, query
        page.locator("section.panel, .st-key-tested").first.wait_for(timeout=PATIENCE)
        assert page.locator("[data-testid=stException]").count() == 0, query
        assert page.locator("[data-testid=stAlert] a").count() == 0, query
        assert page.locator("[data-testid=stAlert]").locator("b, img, script, code").count() == 0, query
