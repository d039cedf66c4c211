"""The gradient-flow explorer's widgets: which network, and which cures it has."""

from __future__ import annotations

import streamlit as st

from gradcore.checks import MAX_SEED
from ui import widgets
from ui.controls import ACTIVATION_LABELS, INITIALIZER_LABELS
from ui.explorers.controls import explored, name_of
from ui.explorers.flow.setup import SCREEN, SEEDS, Settings
from ui.explorers.inputs import inputs
from ui.settings import NORMALIZATIONS

# What can be typed: what is too large is refused in words.
TYPED = 9999


def flow_settings() -> Settings | None:
    """Draw the controls and return what they say, None where that makes no sense."""
    settings: Settings | None = explored(SCREEN, _draw)
    return settings


def _draw() -> None:
    _choice("activation", "Activation", ACTIVATION_LABELS, 125)
    _choice("initializer", "Initializer", INITIALIZER_LABELS, 170)
    _choice("normalization", "Normalization", list(NORMALIZATIONS), 125)
    name, default = name_of(SCREEN, "residual")
    widgets.flag(name, "Residual connections", default)
    with st.popover("More", icon=":material/tune:"):
        name, default = name_of(SCREEN, "width")
        widgets.whole(name, "Width", 1, TYPED, default)
        _choice("inputs", "Inputs", {name: info.label for name, info in inputs().items()})
        name, default = name_of(SCREEN, "clip")
        widgets.number(name, "Clip the gradient's norm at", 0.0, 1e6, 0.1, default)
        name, default = name_of(SCREEN, "seed")
        widgets.whole(name, "First seed", 0, MAX_SEED - SEEDS, default)


def _choice(setting: str, label: str, options: dict[str, str] | list[str], width: int | str = "stretch") -> None:
    name, default = name_of(SCREEN, setting)
    widgets.choice(name, label, options, default, width)
