"""A visitor arrives at a talk: at a scene of the built-in one, or with one's own in the link."""

from __future__ import annotations

from ui.arrival import arrive
from ui.talk import kept, links
from ui.talk.built_in import BUILT_IN
from ui.talk.scene import Talk


def arrive_at_talk() -> None:
    """Restore what the address says; call it before anything is drawn."""
    arrive(links.read, _restore, lambda: kept.show(False), "the built-in talk")


def shown_talk() -> Talk:
    """Return the talk on the stage."""
    talk = kept.own() if kept.shows_own() else None
    return talk or BUILT_IN


def _restore(link: links.Link) -> None:
    if link.talk is not None and link.talk != kept.own():
        kept.put_own(link.talk)
    kept.show(link.talk is not None, link.scene - 1)
    kept.present(link.presenting)
