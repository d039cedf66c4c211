"""The claim that is open: what is said, what one predicts, what happened."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ui import frame, state
from ui.article import links, progress
from ui.article.claim import VERDICTS, Claim
from ui.article.claims import CLAIMS
from ui.article.progress import Asked
from ui.article.result import Result
from ui.article.running import run
from ui.card_view import draw_cards, show_link
from ui.ways import Way

ICONS = {
    "true": ":green[:material/check_circle:]",
    "true with a condition": ":green[:material/rule:]",
    "loose": ":orange[:material/contrast:]",
    "wrong": ":red[:material/cancel:]",
}


def claim_tested() -> None:
    """Draw the claim, its question, and its experiment once it was asked for."""
    claim = progress.chosen()
    asked = progress.asked(claim.name)
    with st.container(key="tested"):
        st.header(claim.title, anchor=False)
        st.markdown(f"{claim.says}   \n:small[:gray[{claim.place}]]")
        if asked is None:
            _question(claim)
            return
        with st.spinner("Running the networks …"):
            result = run(claim.name, asked.seed)
        _happened(claim, asked, result)


def _question(claim: Claim) -> None:
    key = state.widget_key(progress.guess_widget(claim.name), None)
    guess = st.radio(f"**{claim.question}**", range(len(claim.options)), None, claim.options.__getitem__, key=key)
    with st.container(horizontal=True):
        st.button(
            "Run the experiment", type="primary", icon=":material/science:", disabled=guess is None,
            on_click=progress.ask, args=(claim.name, guess), help="Pick what will happen first.",
        )  # fmt: skip
        st.button("Just show me", icon=":material/visibility:", on_click=progress.ask, args=(claim.name, None))
        _next(claim)


def _happened(claim: Claim, asked: Asked, result: Result) -> None:
    came_true = None if asked.predicted is None else asked.predicted == result.outcome
    if not progress.is_shown_unasked(claim.name):
        progress.note(claim.name, came_true)
    st.markdown(f"**{claim.question}** {_prediction(claim, asked, result)}")
    st.subheader(result.headline, anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if result.code:
            st.code(result.code, language="python", wrap_lines=True)
        draw_cards([result.card], f"article.{claim.name}", f"{claim.title}; draws {asked.seed}", drawn=True)
    with right:
        st.subheader(f"{ICONS[claim.verdict]} {VERDICTS[claim.verdict]}", anchor=False)
        st.markdown(claim.holds)
        for way in claim.ways:
            _way(way)
        with st.container(horizontal=True):
            _next(claim, "primary")
            st.button(
                "Other draws", icon=":material/casino:", on_click=progress.ask,
                args=(claim.name, asked.predicted, asked.seed + 1), help="The same with other random numbers.",
            )  # fmt: skip
            st.button(
                "Predict again", icon=":material/replay:", on_click=progress.take_back, args=(claim.name,),
                help="The question anew; the first prediction stays counted.",
            )  # fmt: skip
        show_link(links.write(claim.name), "This link opens the claim:", "")


def _prediction(claim: Claim, asked: Asked, result: Result) -> str:
    happened = claim.options[result.outcome]
    if asked.predicted is None:
        return f"What happened: *{happened}*."
    if asked.predicted == result.outcome:
        return f":green[:material/check_circle: You predicted it: *{happened}*.]"
    return f":orange[:material/cancel: You predicted: *{claim.options[asked.predicted]}*. What happened: *{happened}*.]"


def _way(way: Way) -> None:
    """Draw the way into a screen, if this app has that screen."""
    if way.page in {entry[0] for entry in frame.PAGES}:
        st.page_link(way.page, label=way.label, icon=":material/arrow_forward:", query_params=way.parts or None)


def _next(claim: Claim, kind: Literal["primary", "secondary"] = "secondary") -> None:
    name = progress.next_after(claim.name)
    st.button(
        "Next claim", key="article.next", icon=":material/skip_next:", on_click=progress.choose, args=(name,),
        type=kind, help=CLAIMS[name].title,
    )  # fmt: skip
