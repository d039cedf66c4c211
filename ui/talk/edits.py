"""Changes to the visitor's own talk: every one can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ui import state
from ui.talk import kept
from ui.talk.scene import Scene, Talk

_EPOCH = "talk.epoch"
# Of a link: where its run stands, and how it came there.
STEP = ("step", "rates")


def epoch() -> int:
    """Return how often scenes changed their places: what is typed belongs to a place."""
    return int(state.get(_EPOCH, 0))


def begin(talk: Talk, scene: int = 0) -> None:
    """Make this the own talk and show it."""
    _put(talk, scene)
    kept.show(True, scene)


def put(words: Mapping[str, Any]) -> None:
    """Change texts of the open scene; a ValueError says what is wrong with one."""
    talk = kept.own()
    if talk is not None:
        scenes = list(talk.scenes)
        scenes[kept.at()] = replace(scenes[kept.at()], **words)
        kept.put_own(replace(talk, scenes=tuple(scenes)))


def move(by: int) -> None:
    """Exchange the open scene with a neighbour."""
    talk, at = kept.own(), kept.at()
    if talk is not None and 0 <= at + by < len(talk.scenes):
        scenes = list(talk.scenes)
        scenes[at], scenes[at + by] = scenes[at + by], scenes[at]
        _put(replace(talk, scenes=tuple(scenes)), at + by)


def remove() -> None:
    """Take the open scene out."""
    talk, at = kept.own(), kept.at()
    if talk is not None and len(talk.scenes) > 1:
        _put(replace(talk, scenes=talk.scenes[:at] + talk.scenes[at + 1 :]), min(at, len(talk.scenes) - 2))


def undo() -> None:
    """Take back the last change; once more brings it again."""
    talk = kept.before()
    if talk is not None:
        _put(talk, min(kept.at(), len(talk.scenes) - 1))


def has_step() -> bool:
    """Say whether the open scene stands at a step instead of moving from its first."""
    return any(name in dict(parse_qsl(_open().settings)) for name in STEP)


def from_the_start() -> None:
    """Let the open scene move from its first step."""
    kept_parts = [(name, text) for name, text in parse_qsl(_open().settings) if name not in STEP]
    put({"settings": urlencode(kept_parts, safe=",:*;")})
    kept.go(kept.at())


def _open() -> Scene:
    talk = kept.own()
    if talk is None:
        raise ValueError("there is no talk of one's own")
    return talk.scenes[kept.at()]


def _put(talk: Talk, scene: int) -> None:
    kept.put_own(talk)
    state.put(_EPOCH, epoch() + 1)
    kept.go(scene)
