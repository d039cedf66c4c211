"""Backprop by hand: one step of a small network, moment by moment, each number with its formula."""

import streamlit as st

from ui import frame
from ui.explorers.by_hand.controls import by_hand_settings
from ui.explorers.by_hand.kept import kept_by_hand
from ui.explorers.by_hand.panel import by_hand_panel
from ui.explorers.by_hand.setup import SCREEN
from ui.explorers.links import arrive_exploring

frame.page("Backprop by hand", frame.text("backprop_by_hand"))
arrive_exploring(SCREEN)
settings = by_hand_settings()
if settings is not None:
    by_hand_panel(settings)
    with st.container(key="below"):
        kept_by_hand()
