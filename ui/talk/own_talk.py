"""Below the stage: the scenes in order, the visitor's own talk and its words, and what can be taken along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from ui import state
from ui.card_view import show_link
from ui.plain import plain
from ui.talk import edits, files, kept
from ui.talk.arrival import shown_talk
from ui.talk.built_in import BUILT_IN
from ui.talk.scene import LONGEST, MAX_TITLE, Talk
from ui.talk.screens import SCREENS
from ui.talk.stage import link_here

REFUSED = "talk.refused"
WORDS = {"headline": "Headline", "question": "Question", "answer": "Answer", "note": "Note for the speaker"}


def own_talk() -> None:
    """Draw it; call it after the stage."""
    left, right = st.columns(2, gap="large")
    with left:
        _scenes()
    with right:
        if kept.shows_own():
            _words()
        else:
            _begin()
        _take_along()


def _scenes() -> None:
    talk, own = shown_talk(), kept.own()
    st.subheader(plain(talk.title), anchor=False)
    if own is not None:
        name = "The built-in talk" if kept.shows_own() else f"My own ({len(own.scenes)})"
        st.button(f"Show instead: {name}", key="talk.other", on_click=kept.show, args=(not kept.shows_own(),))
    for number, scene in enumerate(talk.scenes):
        words = plain(scene.headline) or SCREENS[scene.screen].title
        st.button(
            f"{number + 1}. {words}", key=f"talk.scene.{number}", on_click=kept.go, args=(number,),
            type="secondary" if number == kept.at() else "tertiary", wrap=True,
        )  # fmt: skip


def _begin() -> None:
    st.subheader("A talk of your own", anchor=False)
    if kept.own() is None:
        st.markdown(
            "Every screen has **Add to my talk** beside its link: it makes a scene of what is set there. Or begin with "
            "the scenes on the left and change them."
        )
        st.button("Copy this talk", icon=":material/content_copy:", on_click=_copy)
    _load()


def _words() -> None:
    talk, number, edit = shown_talk(), kept.at(), edits.epoch()
    st.subheader(f"Scene {number + 1}", anchor=False)
    with st.container(horizontal=True):
        last = len(talk.scenes) - 1
        st.button("Earlier", icon=":material/arrow_upward:", on_click=edits.move, args=(-1,), disabled=number == 0)
        st.button("Later", icon=":material/arrow_downward:", on_click=edits.move, args=(1,), disabled=number == last)
        st.button("Remove", icon=":material/delete:", on_click=edits.remove, disabled=last == 0)
        if edits.has_step():
            st.button("From its first step", icon=":material/first_page:", on_click=edits.from_the_start)
        if kept.before() is not None:
            st.button("Undo", icon=":material/undo:", on_click=edits.undo, help="Take back the last change.")
    for name, label in WORDS.items():
        key, value = f"talk.words.{edit}.{number}.{name}", getattr(talk.scenes[number], name)
        draw: Callable[..., str] = st.text_area if name == "note" else st.text_input
        draw(label, value, max_chars=LONGEST[name], key=key, on_change=_take, args=(name, key))
    key = f"talk.words.{edit}.title"
    st.text_input("The talk's title", talk.title, max_chars=MAX_TITLE, key=key, on_change=_entitle, args=(key,))
    _load()


def _take(name: str, key: str) -> None:
    try:
        edits.put({name: state.get(key)})
        state.put(REFUSED, None)
    except ValueError as refusal:
        state.put(REFUSED, f"Not taken: {refusal}.")


def _entitle(key: str) -> None:
    talk = kept.own()
    try:
        kept.put_own(replace(talk, title=state.get(key)) if talk else None)
        state.put(REFUSED, None)
    except ValueError as refusal:
        state.put(REFUSED, f"Not taken: {refusal}.")


def _copy() -> None:
    edits.begin(BUILT_IN, kept.at())


def _load() -> None:
    key = f"talk.load.{edits.epoch()}"
    st.file_uploader("Load a talk", type="json", key=key, on_change=_read, args=(key,), max_upload_size=1)
    if refused := state.get(REFUSED):
        st.error(plain(refused), icon=":material/error:")


def _read(key: str) -> None:
    file = state.get(key)
    if file is None:
        return
    try:
        edits.begin(files.read(file.getvalue()))
        state.put(REFUSED, None)
    except ValueError as refusal:
        state.put(REFUSED, f"This file can't be loaded: {refusal}. Nothing was changed.")


def _take_along() -> None:
    talk = shown_talk()
    st.subheader("To take along", anchor=False)
    st.download_button(
        "The talk as a file", data=_file(talk), file_name="talk.json", mime="application/json",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    show_link(
        link_here(kept.at()),
        "This link opens the talk at this scene, presenting:",
        "This talk is too long for a link; its file holds all of it.",
        addable=False,
    )


def _file(talk: Talk) -> Callable[[], str]:
    return lambda: files.write(talk)
