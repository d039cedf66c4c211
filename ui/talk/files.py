"""Talks as small JSON files. Whatever comes from outside is read strictly, and what is wrong with it is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from ui.talk.scene import Scene, Talk
from ui.talk.screens import check

FORMAT, VERSION = "gradcore talk", 1
# Forty scenes with the longest texts, every character escaped, are less.
MAX_BYTES = 500_000
_NAMES = {field.name for field in fields(Scene)}


def write(talk: Talk, indent: int | None = 1) -> str:
    """Return a talk as JSON; what is empty is left out."""
    scenes = [{name: text for name, text in asdict(scene).items() if text} for scene in talk.scenes]
    parts = {FORMAT: VERSION, "title": talk.title, "scenes": scenes}
    return json.dumps(parts, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))


def read(raw: bytes) -> Talk:
    """Return the talk that a file holds.

    Raises
    ------
    ValueError
        If it is no talk, or a scene of it makes no sense; the message says which and why.
    """
    if len(raw) > MAX_BYTES:
        raise ValueError(f"a talk is at most {MAX_BYTES:,} bytes, got {len(raw):,}")
    try:
        parts = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole
        )
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    _expect(parts, {FORMAT, "title", "scenes"}, {FORMAT, "title", "scenes"}, "the file")
    # True == 1 in Python.
    if parts[FORMAT] != VERSION or isinstance(parts[FORMAT], bool):
        raise ValueError(f"{FORMAT!r} must be {VERSION}: another version wrote it")
    if not isinstance(parts["scenes"], list):
        raise ValueError("scenes must be a list")
    return Talk(parts["title"], tuple(_scene(number, one) for number, one in enumerate(parts["scenes"], start=1)))


def _scene(number: int, parts: Any) -> Scene:
    try:
        _expect(parts, {"screen"}, _NAMES, "it")
        scene = Scene(**parts)
        check(scene)
    except ValueError as refusal:
        raise ValueError(f"scene {number}: {refusal}") from None
    return scene


def _expect(parts: Any, needed: set[str], known: set[str], what: str) -> None:
    if not isinstance(parts, dict):
        raise ValueError(f"{what} must be an object with names")
    for name in parts:
        if name not in known:
            raise ValueError(f"{name[:40]!r} is not known; known are {', '.join(sorted(known))}")
    if missing := sorted(needed - set(parts)):
        raise ValueError(f"{what} lacks {', '.join(missing)}")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:40]!r} is there twice")
    return found


def _whole(text: str) -> int:
    if len(text) > 20:
        raise ValueError(f"{text[:20]}… is a number of {len(text):,} digits")
    return int(text)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")
