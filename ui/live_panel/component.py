"""A panel as a Streamlit component: its HTML, CSS and JavaScript in one piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from ui import theme

HERE = Path(__file__).parent
# Numbers in words, canvases, when to ask; then what is kept of a run, and the player; or what asks for what is dragged.
SHARED = ("format.js", "canvas.js", "asking.js")
PLAYING = (*SHARED, "tracks.js", "player.js")
EXPLORING = (*SHARED, "explorer.js")


def panel_component(name: str, html: Path, scripts: Sequence[Path]) -> Callable[..., Any]:
    """Return a component that plays runs, shows `html` and draws with `scripts`.

    The scripts say newView, drawTrack, describe and verdictOf, which the player calls.
    """
    return _component(name, html, [*(HERE / shared for shared in PLAYING), *scripts])


def explorer_component(name: str, html: Path, scripts: Sequence[Path]) -> Callable[..., Any]:
    """Return a component that asks for what its controls say, shows `html` and draws with `scripts`.

    The scripts say newExplorer and drawExplorer, which explorer.js calls.
    """
    return _component(name, html, [*(HERE / shared for shared in EXPLORING), *scripts])


def _component(name: str, html: Path, scripts: Sequence[Path]) -> Callable[..., Any]:
    body = html.read_text(encoding="utf-8")
    return st.components.v2.component(name, html=body, css=_styles(), js=_script(scripts))


def _script(files: Sequence[Path]) -> str:
    """Return JavaScript as one module, without comments and indents: it travels with every message."""
    lines = [line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("//")]
    return "\n".join([f"const THEME = {json.dumps(theme.palette())};", *kept])


def _styles() -> str:
    lines = (line.strip() for line in (HERE / "panel.css").read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line)
