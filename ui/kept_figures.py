"""What a visitor can keep of a paused run: its link, its figures with sentences, tables and CSV, all as one page."""

from __future__ import annotations

import streamlit as st

from ui import controls, links, state
from ui.cards import Card, run_cards
from ui.downloads import origin, page_html, settings_table, table_csv
from ui.runs import MAX_CHANGES, LiveRun


def kept_figures(slot: str) -> None:
    """Draw the paused run of `slot` as figures at rest; say how to get them while there is none."""
    st.subheader("The run so far, exactly")
    runs: list[LiveRun] = state.get(slot, [])
    identity, step = state.get(f"{slot}.paused", (None, -1))
    if not runs or identity != runs[0].identity or runs[0].history.count == 0:
        st.markdown("Pause, and the same records appear here as figures with exact numbers, zoom, tables and CSV.")
        return
    run = runs[0]
    course = run.history.course().until(step)
    snapshot = next((each for each in reversed(run.album.snapshots) if each.step <= step), None)
    cards = run_cards(course, snapshot)
    thinned = " Older steps are thinned out to keep the memory small." if run.history.thinned else ""
    summary = f"Up to step {step:,}, where you paused.{thinned}"
    st.markdown(summary)
    _link(run, step)
    lines = [summary, run.verdict().headline]
    settings = settings_table(run.experiment, run.changes)
    st.download_button(
        "All figures as one page (HTML)",
        data=lambda: page_html("A network in training", lines, cards, settings),
        file_name="training.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
    )
    columns = st.columns(2)
    for index, card in enumerate(cards):
        with columns[index % 2]:
            _draw(card, slot, origin(run.experiment, step))


def _link(run: LiveRun, step: int) -> None:
    query = links.write(controls.values(), run, step)
    if query is None:
        st.markdown(
            f"This run is not restorable by a link: its learning rate was changed more than {MAX_CHANGES} times, or "
            "its settings are too long."
        )
        return
    st.markdown("This link restores the run at this step, on the same machine bit for bit:")
    st.code(f"{state.page_address()}?{query}", language=None, wrap_lines=True)


def _draw(card: Card, slot: str, source: str) -> None:
    st.plotly_chart(card.figure, key=f"figure.{slot}.{card.name}", alt=card.sentence)
    st.markdown(card.sentence)
    left, right = st.columns([1, 1])
    left.download_button(
        "CSV",
        data=lambda: table_csv(card.table, source),
        file_name=f"{card.name}.csv",
        mime="text/csv",
        key=f"csv.{slot}.{card.name}",
        icon=":material/download:",
        on_click="ignore",
    )
    if right.toggle("Table", key=state.widget_key(f"table.{slot}.{card.name}", False)):
        st.dataframe(dict(card.table), hide_index=True, height=260)
