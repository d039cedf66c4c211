"""What a playing panel tells the server, read strictly: it comes from a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Steps between two drawn frames until the panel says otherwise, and what it may say.
SPEED = 5
MAX_SPEED = 100
# A browser's time that is no mistake: whole milliseconds that a double can count.
LATEST_MS = 2**53


@dataclass(frozen=True)
class Tick:
    """A panel that plays.

    Attributes
    ----------
    run : int
        The identity of what it plays.
    shown : int
        The last step that it has shown, −1 if none.
    received : int or None
        The last step that it has.
    speed : int
        Steps between two frames of what it asks for; 0: it asks for nothing, it only tells.
    at : float
        When, in the browser's own time: the answer repeats it.
    """

    run: int
    shown: int
    received: int | None
    speed: int
    at: float


def read_tick(event: Any) -> Tick | None:
    """Return what a panel told, None if it told nothing."""
    run = whole(event, "run")
    if run is None:
        return None
    shown, received, speed = (whole(event, name) for name in ("shown", "received", "speed"))
    at = event.get("at")
    return Tick(
        run,
        -1 if shown is None else shown,
        received,
        SPEED if speed is None else min(MAX_SPEED, max(0, speed)),
        float(at) if isinstance(at, int | float) and 0 <= at < LATEST_MS else 0.0,
    )


def whole(event: Any, name: str) -> int | None:
    """Return a whole number out of what came from the browser, None if it is none."""
    value = event.get(name) if isinstance(event, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
