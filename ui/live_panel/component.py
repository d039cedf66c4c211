"""A panel as a Streamlit component: its HTML, CSS and JavaScript in one piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from ui import theme

HERE = Path(__file__).parent
# What every panel has: numbers in words, canvases, what is kept of a run, the player.
SHARED = ("format.js", "canvas.js", "tracks.js", "player.js")


def panel_component(name: str, html: str, scripts: Sequence[str]) -> Callable[..., Any]:
    """Return a component that shows `html` and draws with `scripts`, files of this folder.

    The scripts say newView, drawTrack, describe and verdictOf, which the player calls.
    """
    body = (HERE / html).read_text(encoding="utf-8")
    return st.components.v2.component(name, html=body, css=_styles(), js=_script([*SHARED, *scripts]))


def _script(names: Sequence[str]) -> str:
    """Return JavaScript as one module, without comments and indents: it travels with every message."""
    lines = [line.strip() for name in names for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("//")]
    return "\n".join([f"const THEME = {json.dumps(theme.palette())};", *kept])


def _styles() -> str:
    lines = (line.strip() for line in (HERE / "panel.css").read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line)
