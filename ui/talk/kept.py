"""Where a visitor is in a talk, and the talk of his own: kept for the visit."""

from __future__ import annotations

from dataclasses import replace

from ui import state
from ui.talk.scene import MAX_SCENES, Scene, Talk

# What a scene's picture keeps is gone with the scene.
SLOT = f"{state.PASSING}talk."
_OWN, _BEFORE, _SHOWS_OWN, _AT, _VISIT = "talk.own", "talk.before", "talk.shows_own", "talk.at", "talk.visit"
_PRESENTING, _REVEALED, _NOTE = "talk.presenting", "talk.revealed", "talk.note"
TITLE = "My talk"


def own() -> Talk | None:
    """Return the visitor's own talk; None if he has none."""
    talk: Talk | None = state.get(_OWN)
    return talk


def put_own(talk: Talk | None) -> None:
    """Keep this as the visitor's own talk, and the one before it for `back`."""
    state.put(_BEFORE, own())
    state.put(_OWN, talk)


def before() -> Talk | None:
    """Return the own talk that there was before the last change."""
    talk: Talk | None = state.get(_BEFORE)
    return talk


def is_full() -> bool:
    """Say whether the own talk has no room for another scene."""
    talk = own()
    return talk is not None and len(talk.scenes) >= MAX_SCENES


def add(scene: Scene) -> None:
    """Put a scene at the end of the own talk, which begins with it if there is none."""
    talk = own()
    if not is_full():
        put_own(replace(talk, scenes=(*talk.scenes, scene)) if talk else Talk(TITLE, (scene,)))


def shows_own() -> bool:
    """Say whether it is the own talk that is on the stage."""
    return bool(state.get(_SHOWS_OWN, False)) and own() is not None


def show(own_one: bool, scene: int = 0) -> None:
    """Put the own talk or the built-in one on the stage."""
    state.put(_SHOWS_OWN, own_one)
    go(scene)


def at() -> int:
    """Return the scene's place, from 0."""
    return int(state.get(_AT, 0))


def go(scene: int) -> None:
    """Open a scene, which starts anew."""
    state.forget(SLOT)
    state.put(_AT, scene)
    state.put(_VISIT, int(state.get(_VISIT, 0)) + 1)
    state.put(_REVEALED, False)


def slot() -> str:
    """Return the name under which the scene's picture keeps its runs and values."""
    return f"{SLOT}{state.get(_VISIT, 0)}"


def presenting() -> bool:
    """Say whether nothing but the picture and its sentence is on the screen."""
    return bool(state.get(_PRESENTING, False))


def present(on: bool) -> None:
    """Begin or end presenting."""
    state.put(_PRESENTING, on)


def revealed() -> bool:
    """Say whether the scene's answer is shown."""
    return bool(state.get(_REVEALED, False))


def reveal() -> None:
    """Show the scene's answer, or hide it again."""
    state.put(_REVEALED, not revealed())


def noting() -> bool:
    """Say whether the speaker's note is shown."""
    return bool(state.get(_NOTE, False))


def note() -> None:
    """Show the speaker's notes, or hide them again."""
    state.put(_NOTE, not noting())
