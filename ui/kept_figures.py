"""What a visitor can keep of a paused run: its link, its figures with sentences, tables and CSV, all as one page."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui import controls, links, state
from ui.card_view import draw_cards, offer_script, show_link, whole_page
from ui.downloads import origin, settings_table
from ui.live_cards import run_cards
from ui.runs import MAX_CHANGES, LiveRun
from ui.scripts import live_script


def kept_figures(slot: str) -> None:
    """Draw the paused run of `slot` as figures at rest; say how to get them while there is none."""
    st.subheader("The run so far, exactly")
    runs: list[LiveRun] = state.get(slot, [])
    identity, step = state.get(f"{slot}.paused", (None, -1))
    if not runs or identity != runs[0].identity or runs[0].history.count == 0:
        st.markdown("Pause, and every chart stands here in a sentence, as a table and as CSV.")
        return
    run = runs[0]
    course = run.history.course().until(step)
    snapshot = next((each for each in reversed(run.album.snapshots) if each.step <= step), None)
    cards = run_cards(run, course, snapshot)
    thinned = " Older steps are thinned out to keep the memory small." if run.history.thinned else ""
    summary = f"Up to step {step:,}, where you paused.{thinned}"
    st.markdown(summary)
    show_link(
        links.write(controls.values(), run, step),
        "This link restores the run at this step, on the same machine bit for bit:",
        f"This run is not restorable by a link: its learning rate was changed more than {MAX_CHANGES} times, its "
        "settings are too long, or this step would take too many minutes to compute again.",
    )
    lines = [summary, run.verdicts_from(step).get(step, run.verdict()).headline]
    with st.container(horizontal=True):
        whole_page("A network in training", lines, cards, settings_table(run.experiment, run.changes), "training.html")
        first = replace(run.experiment, tspec=replace(run.experiment.tspec, learning_rate=run.first_rate))
        offer_script(live_script(first, run.changes, step), "training.py")
    draw_cards(cards, slot, origin(run.experiment, step))
