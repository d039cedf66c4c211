"""Saturation: an activation's slope on the inputs that it really gets, through all layers, and in training."""

import streamlit as st

from ui import frame
from ui.explorers.links import arrive_exploring
from ui.explorers.saturation.all_activations import all_activations
from ui.explorers.saturation.controls import saturation_settings
from ui.explorers.saturation.kept import kept_saturation
from ui.explorers.saturation.panel import saturation_panel
from ui.explorers.saturation.setup import SCREEN

frame.page("Saturation", frame.text("saturation"))
arrive_exploring(SCREEN)
settings = saturation_settings()
if settings is not None:
    saturation_panel(settings)
    with st.container(key="below"):
        kept_saturation()
        all_activations()
