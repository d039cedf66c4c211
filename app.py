"""Home: the problem in one sentence, a network that has it, and the same network made healthy, training."""

import streamlit as st

from ui import controls, frame
from ui.arrival import arrive_without_settings
from ui.live_panel import live_panel

frame.page("Why does a deep network stop learning?", frame.text("home"))
arrive_without_settings()
live_panel(
    "passing.home",  # the same two for everybody: they start anew when one comes back
    [controls.default_experiment(), controls.healthy_experiment()],
    remedy_page="pages/live_training.py",
    rests_at=controls.STORY_ENDS,
)
st.page_link("pages/live_training.py", label="Change this network yourself", icon=":material/tune:")
