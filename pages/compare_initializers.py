"""Compare initializers: one network from several starts, on the same data, batches and draws, with several seeds."""

import streamlit as st

from ui import frame
from ui.comparison import controls
from ui.comparison.arrival import arrive_compared
from ui.comparison.kept import kept_comparison
from ui.comparison.panel import compare_panel
from ui.comparison.why import starts_explained

frame.page("Compare initializers", frame.text("compare_initializers"))
arrive_compared("compared")
setup = controls.compared_setup()
if setup is not None:
    compare_panel("compared", setup)
    with st.container(key="below"):
        kept_comparison("compared")
        starts_explained(setup)
