"""What a visitor has predicted and tried: kept for the visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ui import state
from ui.article.claim import Claim
from ui.article.claims import CLAIMS

FIRST = next(iter(CLAIMS))
_OPEN, _ASKED, _TRIED = "article.open", "article.asked", "article.tried"


@dataclass(frozen=True)
class Asked:
    """A claim's experiment that was asked for.

    Attributes
    ----------
    predicted : int or None
        The option that was picked before; None: it was just shown.
    seed : int
        Of its draws.
    """

    predicted: int | None = None
    seed: int = 0


def chosen() -> Claim:
    """Return the claim that is open."""
    return CLAIMS[state.get(_OPEN, FIRST)]


def choose(name: str) -> None:
    """Open a claim."""
    state.put(_OPEN, name)


def next_after(name: str) -> str:
    """Return the name of the claim after this one; after the last comes the first."""
    names = list(CLAIMS)
    return names[(names.index(name) + 1) % len(names)]


def asked(name: str) -> Asked | None:
    """Return what was asked of a claim; None if nothing was."""
    return Asked() if is_shown_unasked(name) else state.get(_ASKED, {}).get(name)


def is_shown_unasked(name: str) -> bool:
    """Say whether a claim shows itself: the first one does until something was chosen, so that the screen has life."""
    return name == FIRST and state.get(_OPEN) is None and not state.get(_ASKED, {})


def ask(name: str, predicted: int | None, seed: int = 0) -> None:
    """Ask for a claim's experiment."""
    state.put(_ASKED, {**state.get(_ASKED, {}), name: Asked(predicted, seed)})


def take_back(name: str) -> None:
    """Ask a claim's question anew; what the first prediction came to stays noted."""
    choose(name)
    state.put(_ASKED, {other: asked for other, asked in state.get(_ASKED, {}).items() if other != name})
    state.set_widgets({guess_widget(name): None})


def guess_widget(name: str) -> str:
    """Return the name of the widget that takes a claim's prediction."""
    return f"article.guess.{name}"


def tried() -> Mapping[str, bool | None]:
    """Return what was tried: name → whether the prediction came true, None without one."""
    return state.get(_TRIED, {})


def note(name: str, came_true: bool | None) -> None:
    """Note what a prediction came to; other draws do not change it."""
    if name not in tried():
        state.put(_TRIED, {**tried(), name: came_true})


def count() -> tuple[int, int, int, int]:
    """Return how many claims were tried, how many there are, how many were predicted, how many of those right."""
    marks = tried().values()
    return len(marks), len(CLAIMS), sum(mark is not None for mark in marks), sum(mark is True for mark in marks)
