"""The comparison's panel: all variants in motion, on the player that live training has."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import state
from ui.comparison import controls, packets
from ui.comparison.runs import ComparedRuns, compared_runs, start, train
from ui.comparison.setup import Setup
from ui.live_panel import MAX_SPEED, SPEED, noted, whole
from ui.live_panel.component import HERE, panel_component
from ui.turns import alone, turn

SCRIPTS = ("charts.js", "layers.js", "compare_charts.js", "compare_view.js")
_component = panel_component("compare_panel", HERE / "compare.html", [HERE / script for script in SCRIPTS])


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
    """Run alone when the panel asks for more steps; the whole page runs when it was paused or a control changed."""
    if state.widgets_changed():
        st.rerun()
    key = f"panel.{slot}"
    known: ComparedRuns | None = state.get(slot)
    if known is None or known.setup != setup:
        text = f"Drawing the weights of {len(setup.variants) * setup.seeds} networks …"
        with turn(text), st.spinner(text), alone():
            runs = compared_runs(slot, setup)
            _begin(runs)
    else:
        runs = known
    tick = state.panel_event(key, "tick")
    if state.panel_event(key, "restart"):
        with turn("Drawing the weights again …"), alone():
            runs = start(slot, setup, "From the start again.")
            _begin(runs)
    if state.panel_event(key, "reseed"):
        controls.other_seeds()
        st.rerun()
    if (paused := state.panel_event(key, "paused")) is not None and (step := whole(paused, "step")) is not None:
        runs.shown, runs.paused = step, True
        state.put(f"{slot}.paused", (runs.identity, step))
        st.rerun()
    _component(
        key=key,
        data=_packet(runs, tick),
        on_tick_change=noted,
        on_restart_change=noted,
        on_reseed_change=noted,
        on_paused_change=noted,
    )


def _begin(runs: ComparedRuns) -> None:
    """Train up to the first frame, if there is none: the page is there at once, and its panel asks for more."""
    if runs.store.count == 0:
        train(runs, SPEED, frames=1)


def _packet(runs: ComparedRuns, tick: Any) -> bytes:
    if whole(tick, "run") != runs.identity:
        with alone():  # it may have been left while it was being prepared
            _begin(runs)
        return packets.replay(runs)
    shown, speed = whole(tick, "shown"), whole(tick, "speed")
    runs.shown, runs.paused = max(runs.shown, -1 if shown is None else shown), False
    with alone():
        return packets.chunk(runs, train(runs, min(MAX_SPEED, max(1, speed or SPEED))))
