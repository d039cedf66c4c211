"""Widgets that keep their value across pages and show it wherever they are drawn.

Streamlit sends a value that the program set to the browser once, in the run that set it. A widget in a popover or a tab
that is put up later would show its own default instead, so every one is also told its value as its default.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from ui import state


def choice(
    name: str, label: str, options: Mapping[Any, str] | Collection[str], default: Any, width: Any = "stretch"
) -> None:
    """Draw a choice among options, with their words if it is a mapping."""
    words = options.__getitem__ if isinstance(options, Mapping) else str
    keys, key = list(options), state.widget_key(name, default)
    current = state.widget(name, default)
    index = keys.index(current) if current in keys else 0
    st.selectbox(label, keys, index, format_func=words, key=key, width=width)


def whole(
    name: str, label: str, low: int, high: int, default: int, width: Any = "stretch", explanation: str | None = None
) -> None:
    """Draw a whole number between low and high."""
    key = state.widget_key(name, default)
    value = min(high, max(low, int(state.widget(name, default))))
    st.number_input(label, low, high, value, step=1, key=key, width=width, help=explanation)


def number(
    name: str, label: str, low: float, high: float, step: float, default: float, explanation: str | None = None
) -> None:
    """Draw a number between low and high."""
    key = state.widget_key(name, default)
    value = min(high, max(low, float(state.widget(name, default))))
    st.number_input(label, low, high, value, step=step, format="%g", key=key, help=explanation)


def flag(name: str, label: str, default: bool, explanation: str | None = None) -> None:
    """Draw a switch."""
    st.toggle(label, bool(state.widget(name, default)), key=state.widget_key(name, default), help=explanation)


def line(name: str, label: str, default: str, explanation: str, longest: int) -> None:
    """Draw a line of text."""
    key = state.widget_key(name, default)
    st.text_input(label, str(state.widget(name, default)), key=key, help=explanation, max_chars=longest)
