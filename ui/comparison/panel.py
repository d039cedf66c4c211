"""The comparison's panel: all variants in motion, on the player that live training has."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.comparison import controls, packets
from ui.comparison.runs import ComparedRuns, catch_up, compared_runs, start, train
from ui.comparison.setup import Setup
from ui.live_panel import noted
from ui.live_panel.component import HERE, panel_component
from ui.live_panel.ticks import SPEED, Tick, read_tick, whole
from ui.live_panel.wire import last_step
from ui.recordings import files
from ui.turns import alone, caught_up, turn

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
            if known is None:
                _find_recording(runs)
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
        runs.shown, runs.paused = step, True
        last = min(step, runs.recorded)
        caught_up(last, lambda: catch_up(runs, last), lambda: runs.trained)
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


def _find_recording(runs: ComparedRuns) -> None:
    """Note of a new comparison up to which step there is a recording of it, if there is one."""
    recording = files.find(runs.setup)
    if recording:
        runs.recorded = last_step(recording)
        runs.note = f"Recorded up to step {runs.recorded:,}, live from there on."


def _begin(runs: ComparedRuns) -> None:
    """Train up to the first frame, if there is none: the page is there at once, and its panel asks for more."""
    if runs.trained < 0 and runs.recorded < 0:
        train(runs, SPEED, frames=1)


def _packet(runs: ComparedRuns, tick: Tick | None) -> bytes:
    if tick is None or tick.run != runs.identity:
        recording = files.find(runs.setup) if runs.is_behind(runs.recorded) else None
        if recording:
            return packets.recorded(runs, recording)
        with alone():  # it may have been left while it was being prepared
            _begin(runs)
        return packets.replay(runs)
    received = runs.trained if tick.received is None else tick.received
    runs.shown, runs.paused = max(runs.shown, tick.shown), False
    if received < runs.recorded:  # the visitor wants no more of it
        runs.recorded, runs.note = received, f"Live from step {received + 1:,} on."
    with alone():
        if runs.is_behind(runs.recorded):
            catch_up(runs, runs.recorded)
            return packets.chunk(runs, 0, tick.at)
        if runs.trained > received:
            return packets.replay(runs)
        return packets.chunk(runs, train(runs, tick.speed) if tick.speed else 0, tick.at)
