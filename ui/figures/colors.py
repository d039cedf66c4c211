"""Colors that a figure takes from the page's theme: each named by a color that nothing else has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The text's color, the page's, a line between them, and what is neither good nor bad.
INK, PAPER, QUIET, NEUTRAL = "rgb(1,1,1)", "rgb(2,2,2)", "rgb(3,3,3)", "rgb(4,4,4)"

THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {INK: "#1f1f1f", PAPER: "#ffffff", QUIET: "rgba(31,31,31,0.14)", NEUTRAL: "#77797d"},
    "dark": {INK: "#ececec", PAPER: "#14171a", QUIET: "rgba(236,236,236,0.16)", NEUTRAL: "#9a9da1"},
}


def themed(part: Any, theme: str) -> Any:
    """Return a part of a figure with the colors of "light" or "dark" in it."""
    if isinstance(part, str):
        return THEMES[theme].get(part, part)
    if isinstance(part, dict):
        return {key: themed(value, theme) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [themed(value, theme) for value in part]
    return part
