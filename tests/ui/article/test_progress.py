"""What was tried is kept: the first prediction counts, whatever is run afterwards."""

import pytest

from ui.article import progress
from ui.article.claims import CLAIMS
from ui.article.progress import Asked


class Kept(dict):
    """A visitor's state without a session."""

    def put(self, name, value):
        self[name] = value


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(progress, "state", Kept())


def test_a_new_visitor_has_tried_nothing_and_sees_the_first_claim_run():
    assert progress.count() == (0, 18, 0, 0)
    assert progress.chosen().name == "bias"
    assert progress.is_shown_unasked("bias")
    assert progress.asked("bias") == Asked(None, 0)
    assert progress.asked("blame") is None


def test_once_something_was_opened_or_asked_nothing_shows_itself():
    progress.ask("blame", 1, 4)
    assert not progress.is_shown_unasked("bias")
    assert progress.asked("bias") is None
    assert progress.asked("blame") == Asked(1, 4)


def test_the_first_prediction_counts():
    progress.note("blame", True)
    progress.note("blame", False)
    progress.note("bias", False)
    progress.note("bias", True)
    progress.note("zeros", None)
    assert progress.tried() == {"blame": True, "bias": False, "zeros": None}
    assert progress.count() == (3, 18, 2, 1)


def test_claims_follow_each_other_round():
    names = list(CLAIMS)
    assert [progress.next_after(name) for name in names] == [*names[1:], names[0]]
