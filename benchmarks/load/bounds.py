"""What the load command will not do: go to another machine, come in hundreds, go on for ever."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

MOST_VISITORS = 50
MOST_SECONDS = 300


def loopback(address: str) -> str:
    """Return an address of this machine without what follows its port.

    Raises
    ------
    ValueError
        If it is any other.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if parts.scheme != "http" or not inside:
        raise ValueError(f"only this machine may be loaded, at http://localhost:PORT, got {address!r}")
    return f"http://{parts.netloc}"


def visitors(text: str) -> int:
    """Return a number of visitors as the command takes it."""
    return _within(text, MOST_VISITORS, "visitors")


def seconds(text: str) -> int:
    """Return a time in seconds as the command takes it."""
    return _within(text, MOST_SECONDS, "seconds")


def _within(text: str, most: int, what: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise ValueError(f"{what} must be from 1 to {most}, got {text[:20]!r}")
    return int(text)
