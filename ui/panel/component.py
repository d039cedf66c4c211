"""A panel as a Streamlit component: its HTML, CSS and JavaScript in one piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from ui import glossary
from ui.figures.chart import Chart
from ui.figures.colors import PAPER, THEMES

HERE = Path(__file__).parent
# Packets and numbers in words, charts, when to ask; then what asks for what is dragged.
SHARED = ("wire.js", "words.js", "texts.js", "figures.js", "saving.js", "asking.js")
EXPLORING, PLAYING = (*SHARED, "explorer.js"), (*SHARED, "player.js")


def explorer_component(name: str, html: Path) -> Callable[..., Any]:
    """Return a component that asks for what its controls say and shows the answers in the places that `html` names."""
    return component_of(name, html.read_text(encoding="utf-8"), EXPLORING)


def playing_component(name: str, html: Path) -> Callable[..., Any]:
    """Return a component that plays runs in the places that `html` names."""
    return component_of(name, html.read_text(encoding="utf-8"), PLAYING)


def described(charts: Sequence[Chart]) -> list[dict[str, Any]]:
    """Return what the browser needs of charts, as plain JSON."""
    return [{**chart.described(), "hint": glossary.hint(chart.caption)} for chart in charts]


def form_of(*what: Any) -> str:
    """Return what tells charts of one form, which stay up, from those of another."""
    return "·".join(map(str, what))


def noted() -> None:
    """Streamlit keeps an event's value for the rerun only if a callback is registered for it."""


def component_of(name: str, html: str, scripts: Sequence[str]) -> Callable[..., Any]:
    """Return a component of HTML and of scripts in this folder."""
    # At the mount, Streamlit (1.67) ignores the option: Plotly puts its styles into the document's head.
    return st.components.v2.component(name, html=html, css=_styles(), js=_script(scripts), isolate_styles=False)


def _script(names: Sequence[str]) -> str:
    """Return JavaScript as one module, without comments and indents: it travels with every message."""
    lines = [line.strip() for name in names for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("//")]
    return "\n".join([f"const COLORS = {json.dumps({**THEMES, 'paper': PAPER})};", *kept])


def _styles() -> str:
    lines = (line.strip() for line in (HERE / "panel.css").read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line)
