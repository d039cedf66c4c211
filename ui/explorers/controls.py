"""What every explorer has above its panel: its questions, its settings, and a refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import state
from ui.explorers.screen import Screen


def explored(screen: Screen, draw: Callable[[], None]) -> Any:
    """Draw a screen's questions and its widgets; return what they say, None where that makes no sense.

    Parameters
    ----------
    screen : Screen
    draw : callable
        Draws the widgets, named by `name_of`.
    """
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        key = f"{screen.slot}.preset"
        st.selectbox(
            "A question", list(screen.presets), key=key, index=None, placeholder="Choose one …", width=290,
            on_change=lambda: _take(screen, key),
        )  # fmt: skip
        draw()
    try:
        return screen.checked(screen.values())
    except ValueError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return None


def name_of(screen: Screen, setting: str) -> tuple[str, Any]:
    """Return a setting's widget's name and default."""
    return f"{screen.slot}.{setting}", screen.settings[setting].default


def _take(screen: Screen, key: str) -> None:
    chosen = state.get(key)
    if chosen in screen.presets:
        screen.put(screen.presets[chosen])
