"""The stage: one scene's headline, its question, its picture, and the way to the next."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import frame
from ui.plain import plain
from ui.talk import kept, links
from ui.talk.arrival import shown_talk
from ui.talk.scene import Scene
from ui.talk.screens import SCREENS, read, way

STYLE = Path(__file__).parent / "talk.css"


def stage() -> None:
    """Draw the scene that is open."""
    st.html(STYLE)
    talk = shown_talk()
    number = min(kept.at(), len(talk.scenes) - 1)
    scene = talk.scenes[number]
    if kept.presenting():
        frame.present()
    with st.container(key="strip", horizontal=True, vertical_alignment="center"):
        _strip(number, len(talk.scenes), scene)
    with st.container(key="stage"):
        st.header(plain(scene.headline) or SCREENS[scene.screen].title, anchor=False)
        _question(scene)
        SCREENS[scene.screen].draw(kept.slot(), read(scene))
    if kept.noting():
        with st.container(key="note"):
            st.markdown(plain(scene.note).replace("\n", "  \n") or "This scene has no note.")


def _question(scene: Scene) -> None:
    """Draw the question and, once it was asked for, its answer: in a place of one height, so that nothing jumps."""
    if not scene.question:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="question"):
        answer = f" **{plain(scene.answer)}**" if kept.revealed() else ""
        st.markdown(f"{plain(scene.question)}{answer}", width="stretch")
        if scene.answer:
            st.button(
                "Hide the answer" if kept.revealed() else "The answer",
                key="talk.reveal", on_click=kept.reveal, shortcut="A",
            )  # fmt: skip


def _strip(number: int, count: int, scene: Scene) -> None:
    st.button(
        "Back", key="talk.back", on_click=kept.go, args=(number - 1,), disabled=number == 0, shortcut="PageUp",
        icon=":material/skip_previous:",
    )  # fmt: skip
    st.button(
        "Next", key="talk.next", on_click=kept.go, args=(number + 1,), disabled=number == count - 1,
        shortcut="PageDown", icon=":material/skip_next:", type="primary",
    )  # fmt: skip
    st.markdown(f"{number + 1} of {count}", width="content")
    st.button("Note", key="talk.note.button", on_click=kept.note, shortcut="N", icon=":material/sticky_note_2:")
    if kept.presenting():
        st.button("Leave", key="talk.leave", on_click=kept.present, args=(False,), shortcut="Esc")
        return
    st.button(
        "Present", key="talk.present", on_click=kept.present, args=(True,), shortcut="P",
        icon=":material/present_to_all:", help="Nothing but the picture and its sentence, in large type; Esc ends it.",
    )  # fmt: skip
    there = way(scene)
    st.page_link(
        there.page, label=f"Open in {there.label}", icon=":material/arrow_forward:", query_params=there.parts or None
    )


def link_here(number: int) -> str | None:
    """Return the query that opens the talk at a scene, presenting."""
    return links.write(links.Link(kept.own() if kept.shows_own() else None, number + 1, presenting=True))
