"""Links that open a claim: ?v=1&claim=its name."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from ui.arrival import arrive
from ui.article import progress
from ui.article.claims import CLAIMS
from ui.settings import MAX_LINK, VERSION, among


def write(name: str) -> str:
    """Return the query string that opens a claim."""
    return urlencode({"v": VERSION, "claim": name})


def read(parts: Mapping[str, str]) -> str:
    """Return the claim that a link's parts name.

    Raises
    ------
    ValueError
        If any part is unknown or missing; the message says which.
    """
    if sum(len(name) + len(text) + 2 for name, text in parts.items()) > MAX_LINK:
        raise ValueError(f"it is longer than {MAX_LINK:,} characters")
    rest = dict(parts)
    if rest.pop("v", None) != VERSION:
        raise ValueError(f"its version v must be {VERSION}, got {parts.get('v', 'none')[:20]!r}")
    if "claim" not in rest:
        raise ValueError("it names no claim")
    name = rest.pop("claim")
    if rest:
        raise ValueError(f"{next(iter(rest))[:40]!r} is no setting of this screen")
    try:
        return among(CLAIMS)(name)
    except ValueError as refusal:
        raise ValueError(f"claim: {refusal}") from None


def arrive_at_claim() -> None:
    """Open the claim that the address names; call it before anything is drawn."""
    arrive(read, progress.choose, lambda: progress.choose(progress.FIRST), "the first claim")
