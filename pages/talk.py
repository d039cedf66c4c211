"""Talk: scenes for a lecture, each one picture with its sentence and a question; one's own can be made and kept."""

import streamlit as st

from ui import frame
from ui.talk import kept
from ui.talk.arrival import arrive_at_talk
from ui.talk.own_talk import own_talk
from ui.talk.stage import stage

frame.page("Talk", frame.text("talk"))
arrive_at_talk()
stage()
if not kept.presenting():
    with st.container(key="below"):
        own_talk()
