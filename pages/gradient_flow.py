"""Gradient flow: each layer's factor split into the weights' part and the slopes', and what the cures do to it."""

import streamlit as st

from ui import frame
from ui.explorers.flow.controls import flow_settings
from ui.explorers.flow.kept import kept_flow
from ui.explorers.flow.panel import flow_panel
from ui.explorers.flow.setup import SCREEN
from ui.explorers.links import arrive_exploring

frame.page("Gradient flow", frame.text("gradient_flow"))
arrive_exploring(SCREEN)
settings = flow_settings()
if settings is not None:
    flow_panel(settings)
    with st.container(key="below"):
        kept_flow()
