"""The saturation explorer's widgets: which network."""

from __future__ import annotations

import streamlit as st

from gradcore.checks import MAX_SEED
from ui import widgets
from ui.controls import ACTIVATION_LABELS, INITIALIZER_LABELS
from ui.explorers.controls import explored, name_of
from ui.explorers.inputs import inputs
from ui.explorers.saturation.setup import MAX_RATE, SCREEN, Settings

# What can be typed. What is too large is refused with its limit, where a widget of that limit would only turn red.
TYPED = 9999


def saturation_settings() -> Settings | None:
    """Draw the controls and return what they say, None where that makes no sense."""
    settings: Settings | None = explored(SCREEN, _draw)
    return settings


def _draw() -> None:
    _choice("activation", "Activation", ACTIVATION_LABELS, 125)
    _choice("initializer", "Initializer", INITIALIZER_LABELS, 170)
    _whole("depth", "Hidden layers", 1, TYPED)
    _whole("width", "Width", 1, TYPED)
    with st.popover("More", icon=":material/tune:"):
        _choice("inputs", "Inputs", {name: info.label for name, info in inputs().items()})
        name, default = name_of(SCREEN, "rate")
        widgets.number(name, "Learning rate when it trains", 0.0, MAX_RATE, 0.1, default)
        _whole("seed", "Seed", 0, MAX_SEED)


def _choice(setting: str, label: str, options: dict[str, str], width: int | str = "stretch") -> None:
    name, default = name_of(SCREEN, setting)
    widgets.choice(name, label, options, default, width)


def _whole(setting: str, label: str, low: int, high: int) -> None:
    name, default = name_of(SCREEN, setting)
    widgets.whole(name, label, low, high, default, 115 if setting != "seed" else "stretch")
