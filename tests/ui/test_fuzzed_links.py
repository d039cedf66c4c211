"""Hundreds of damaged links a screen: each is read whole or refused in words, and what is read writes itself again."""

import pytest

from tests.ui.fuzzed_links import SCREENS, hostile, parts_of
from ui.settings import MAX_LINK, VERSION

EACH = 500
LONGEST_REFUSAL = 700
ids = [screen.page for screen in SCREENS]


def verdict(screen, parts):
    """Return what a link says, and the words in which it is refused; one of them is None."""
    try:
        return screen.read(parts), None
    except ValueError as refusal:
        return None, str(refusal)


@pytest.mark.parametrize("screen", SCREENS, ids=ids)
def test_damaged_links_are_read_whole_or_refused_in_words(screen):
    refused = 0
    for query in hostile(screen, EACH):
        link, words = verdict(screen, parts_of(query))
        if words is None:
            again = screen.again(link)
            assert again is not None, query
            assert len(again) <= MAX_LINK
            assert screen.read(parts_of(again)) == link, (query, again)
            continue
        refused += 1
        assert 15 < len(words) < LONGEST_REFUSAL, (query[:300], words)
        assert words.isprintable(), (query[:300], words)
    # Most are bad, and not all: or nothing would have been tried.
    assert refused > EACH / 2
    assert refused < EACH or screen.page == "app.py"


@pytest.mark.parametrize("screen", SCREENS[1:], ids=ids[1:])
def test_good_links_are_short_and_say_their_version(screen):
    for query in screen.good:
        assert query.startswith(f"v={VERSION}")
        assert len(query) <= MAX_LINK
        link, words = verdict(screen, parts_of(query))
        assert words is None, query
        assert screen.read(parts_of(screen.again(link))) == link


def test_the_same_seed_makes_the_same_links():
    for screen in SCREENS:
        assert list(hostile(screen, 20)) == list(hostile(screen, 20)) != list(hostile(screen, 20, 1))
