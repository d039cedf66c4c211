"""Damaged links on the screens themselves: never a traceback, always its title, and a notice where it is bad."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.fuzzed_links import SCREENS, hostile, parts_of
from ui.plain import JOINER

ROOT = Path(__file__).parents[2]
# Links of each screen: the screen itself is drawn for each of them, a restored run computed again up to its step.
# What is read of a link is tested with far more (tests/ui/test_fuzzed_links.py).
EACH = 36
NOTICE = "This link can't be restored: "
# What a notice may not let through as it came: Markdown would act on it.
MARKUP = re.compile(r"(?<!\\)[<>\[\]*_`$&:]")


def arrived(page, parts):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, text in parts.items():
        app.query_params[name] = text
    return app.run() if page == "app.py" else app.switch_page(str(ROOT / page)).run()


def is_bad(screen, parts):
    try:
        screen.read(parts)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("screen", SCREENS, ids=[screen.page for screen in SCREENS])
def test_a_damaged_link_shows_the_screen_and_says_what_is_wrong(screen):
    for query in hostile(screen, EACH, seed=1):
        parts = parts_of(query)
        app = arrived(screen.page, parts)
        assert not app.exception, query[:500]
        assert not app.error, query[:500]
        assert [one.value for one in app.title] == [screen.title], query[:500]
        notices = [one.value for one in app.warning if one.value.startswith(NOTICE)]
        assert bool(notices) == (bool(parts) and is_bad(screen, parts)), query[:500]
        for notice in notices:
            assert notice.replace(JOINER, "").isprintable(), query[:500]
            assert not MARKUP.search(notice.removeprefix(NOTICE)), query[:500]
