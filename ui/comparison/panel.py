"""The comparison's panel: all variants in motion, on the player that live training has."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import state
from ui.comparison import controls, packets
from ui.comparison.runs import ComparedRuns, catch_up, compared_runs, start, train
from ui.comparison.setup import Setup
from ui.live_panel.playing import Source, answer, find_recording, rest_at
from ui.live_panel.ticks import SPEED, read_tick, whole
from ui.panel.component import noted, playing_component
from ui.turns import alone, turn

_component = playing_component("compare_panel", Path(__file__).parent / "panel.html")


def compare_panel(slot: str, setup: Setup) -> None:
    """Show the visitor's comparison in `slot`, training while it is watched; call it after the controls.

    Parameters
    ----------
    slot : str
        Name of the comparison among the visitor's.
    setup : Setup
        Another one starts anew.
    """
    state.note_widgets()
    _panel(slot, setup)


@st.fragment
def _panel(slot: str, setup: Setup) -> None:
    """Run alone when the panel asks for more steps; the whole page when it was paused or something else changed."""
    key = f"panel.{slot}"
    if state.page_is_stale(key):
        st.rerun()
    known: ComparedRuns | None = state.get(slot)
    recording = None
    if known is None or known.setup != setup:
        text = f"Drawing the weights of {len(setup.variants) * setup.seeds} networks …"
        with turn(text), st.spinner(text), alone():
            runs = compared_runs(slot, setup)
            if known is None:
                recording = find_recording(_source(runs))
            _begin(runs)
    else:
        runs = known
    tick = read_tick(state.panel_event(key, "tick"))
    if state.panel_event(key, "restart"):
        with turn("Drawing the weights again …"), alone():
            runs = start(slot, setup, "From the start again.")
            _begin(runs)
    if state.panel_event(key, "reseed"):
        controls.other_seeds()
        st.rerun()
    if (paused := state.panel_event(key, "paused")) is not None and (step := whole(paused, "step")) is not None:
        rest_at(_source(runs), step)
        state.put(f"{slot}.paused", (runs.identity, step))
        st.rerun()
    _component(
        key=key,
        data=answer(_source(runs), tick, recording),
        on_tick_change=noted,
        on_restart_change=noted,
        on_reseed_change=noted,
        on_paused_change=noted,
        on_page_change=noted,
    )


def _source(runs: ComparedRuns) -> Source:
    return Source(
        [runs],
        runs.setup,
        trained=lambda: runs.trained,
        is_behind=runs.is_behind,
        catch_up=lambda last: catch_up(runs, last),
        begin=lambda: _begin(runs),  # it may have been left while it was being prepared
        train=lambda speed: train(runs, speed),
        chunk=lambda new, at: packets.chunk(runs, new, at),
        replay=lambda: packets.replay(runs),
        with_charts=lambda: [packets.with_charts(runs)],
    )


def _begin(runs: ComparedRuns) -> None:
    """Train up to the first frame, if there is none: the page is there at once, and its panel asks for more."""
    if runs.trained < 0 and runs.recorded < 0:
        train(runs, SPEED, frames=1)
