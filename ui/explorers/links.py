"""Links that restore an explorer: every value that differs from its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ui.arrival import arrive
from ui.explorers.screen import Screen, Values
from ui.settings import MAX_LINK, VERSION, Setting


def write(screen: Screen, values: Values) -> str | None:
    """Return the query string that restores the values; None if it is too long for a link."""
    parts = {
        name: setting.write(values[name]) for name, setting in _all(screen).items() if values[name] != setting.default
    }
    text = urlencode({"v": VERSION, **parts}, safe=",:*;")
    return text if len(text) <= MAX_LINK else None


def read(screen: Screen, parts: Mapping[str, str]) -> dict[str, Any]:
    """Return what a link's parts say.

    Raises
    ------
    ValueError
        If any part is unknown, malformed or makes no sense; the message says which.
    """
    if sum(len(name) + len(text) + 2 for name, text in parts.items()) > MAX_LINK:
        raise ValueError(f"it is longer than {MAX_LINK:,} characters")
    rest, known, values = dict(parts), _all(screen), {}
    if rest.pop("v", None) != VERSION:
        raise ValueError(f"its version v must be {VERSION}, got {parts.get('v', 'none')[:20]!r}")
    for name, text in rest.items():
        if name not in known:
            raise ValueError(f"{name[:40]!r} is no setting of this screen")
        try:
            values[name] = known[name].read(text)
        except ValueError as refusal:
            raise ValueError(f"{name}: {refusal}") from None
    screen.checked({name: values.get(name, one.default) for name, one in screen.settings.items()})
    return values


def arrive_exploring(screen: Screen) -> None:
    """Restore a screen from a link; call it before the controls."""
    arrive(lambda parts: read(screen, parts), screen.put, lambda: screen.put({}), screen.what)


def _all(screen: Screen) -> dict[str, Setting]:
    return {**screen.settings, **{name: drag.setting(name) for name, drag in screen.drags.items()}}
