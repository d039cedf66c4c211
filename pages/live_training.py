"""Live training: a network of the visitor's choice, its gradients and its verdict, while it learns."""

import streamlit as st

from ui import controls, frame
from ui.arrival import arrive_live
from ui.kept_figures import kept_figures
from ui.live_panel import live_panel

frame.page("Live training", frame.text("live_training"))
arrive_live("live")
experiment = controls.live_experiment()
if experiment is not None:
    live_panel("live", [experiment], controls.thresholds())
    with st.container(key="below"):
        kept_figures("live")
