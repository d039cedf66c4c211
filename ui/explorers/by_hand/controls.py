"""The small network's widgets."""

from __future__ import annotations

import streamlit as st

from ui import widgets
from ui.controls import ACTIVATION_LABELS
from ui.explorers.by_hand.setup import LOSSES, MAX_RATE, OUTPUTS, SCREEN, Settings
from ui.explorers.controls import explored, name_of

# What can be typed: what is too large is refused in words.
TYPED = 99


def by_hand_settings() -> Settings | None:
    """Draw the controls and return what they say, None where that makes no sense."""
    settings: Settings | None = explored(SCREEN, _draw)
    return settings


def _draw() -> None:
    for setting in ("inputs", "layers", "units", "outputs"):
        name, default = name_of(SCREEN, setting)
        widgets.whole(name, SCREEN.settings[setting].label, 1, TYPED, default, 112)
    _choice("activation", ACTIVATION_LABELS, 125)
    with st.popover("More", icon=":material/tune:"):
        _choice("output", OUTPUTS)
        _choice("loss", LOSSES)
        name, default = name_of(SCREEN, "rate")
        widgets.number(name, "Learning rate", 0.0, MAX_RATE, 0.1, default)


def _choice(setting: str, options: dict[str, str], width: int | str = "stretch") -> None:
    name, default = name_of(SCREEN, setting)
    widgets.choice(name, SCREEN.settings[setting].label, options, default, width)
