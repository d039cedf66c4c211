"""The button that makes a scene of the screen one is on."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

import streamlit as st

from ui import state
from ui.talk import kept
from ui.talk.scene import LONGEST, Scene


def add_button(query: str) -> None:
    """Offer to add the screen with this link's query to the visitor's own talk."""
    screen = PurePosixPath(urlsplit(state.page_address()).path).name
    if not screen or len(query) > LONGEST["settings"]:
        return
    talk = kept.own()
    st.button(
        "Add to my talk",
        key="talk.add",
        icon=":material/add_to_queue:",
        on_click=_add,
        args=(Scene(screen, query),),
        disabled=kept.is_full(),
        help=f"As scene {len(talk.scenes) + 1 if talk else 1}; the talk is on the screen Talk.",
    )


def _add(scene: Scene) -> None:
    kept.add(scene)
    talk = kept.own()
    st.toast(f"Scene {len(talk.scenes) if talk else 1} of your talk; see the screen Talk.", icon=":material/done:")
