"""Links into a talk: ?v=1&scene=3 for the built-in one, with &talk=… for one's own, small enough to fit."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from ui.settings import MAX_LINK, VERSION, read_flag, read_whole
from ui.talk import files
from ui.talk.built_in import BUILT_IN
from ui.talk.scene import Talk

Value = TypeVar("Value")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,2000}", re.ASCII)


@dataclass(frozen=True)
class Link:
    """What a link says.

    Attributes
    ----------
    talk : Talk or None
        None: the built-in one.
    scene : int
        From 1.
    presenting : bool
    """

    talk: Talk | None = None
    scene: int = 1
    presenting: bool = False


def write(link: Link) -> str | None:
    """Return the query string that opens a talk at a scene; None if the talk is too long for a link."""
    parts = {"v": VERSION, "scene": str(link.scene)}
    if link.presenting:
        parts["present"] = "1"
    if link.talk is not None:
        packed = zlib.compress(files.write(link.talk, indent=None).encode(), 9)
        parts["talk"] = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    text = urlencode(parts)
    return text if len(text) <= MAX_LINK else None


def read(parts: Mapping[str, str]) -> Link:
    """Return what a link's parts say.

    Raises
    ------
    ValueError
        If any part is unknown, malformed or makes no sense; the message says which.
    """
    if sum(len(name) + len(text) + 2 for name, text in parts.items()) > MAX_LINK:
        raise ValueError(f"it is longer than {MAX_LINK:,} characters")
    rest = dict(parts)
    if rest.pop("v", None) != VERSION:
        raise ValueError(f"its version v must be {VERSION}, got {parts.get('v', 'none')[:20]!r}")
    talk = _talk(rest.pop("talk")) if "talk" in rest else None
    presenting = _named("present", read_flag, rest.pop("present")) if "present" in rest else False
    scene = _named("scene", read_whole, rest.pop("scene")) if "scene" in rest else 1
    if rest:
        raise ValueError(f"{next(iter(rest))[:40]!r} is no setting of this screen")
    count = len((talk or BUILT_IN).scenes)
    if not 1 <= scene <= count:
        raise ValueError(f"scene must be from 1 to {count}, got {scene}")
    return Link(talk, scene, presenting)


def _named(name: str, reader: Callable[[str], Value], text: str) -> Value:
    try:
        return reader(text)
    except ValueError as refusal:
        raise ValueError(f"{name}: {refusal}") from None


def _talk(code: str) -> Talk:
    if not _CODE.fullmatch(code):
        raise ValueError("talk is no talk: it was cut or changed")
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        # Not a byte more than a talk may have, whatever the few bytes claim to hold.
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(packed, files.MAX_BYTES)
        whole = unpacker.eof and not unpacker.unused_data
    except (binascii.Error, zlib.error):
        whole = False
    if not whole:
        raise ValueError("talk is no talk: it was cut or changed")
    try:
        return files.read(raw)
    except ValueError as refusal:
        raise ValueError(f"talk: {refusal}") from None
