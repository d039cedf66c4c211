"""The live panel: runs in training, played in the browser, which asks for more when it runs low.

The browser keeps a queue of steps and plays it at its own pace: play, pause, single steps and scrubbing never
wait for the server, and the server trains only while somebody watches.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

import gradcore as gc
from ui import controls, state
from ui.experiment import Experiment
from ui.live_panel import packets
from ui.live_panel.playing import Source, answer, find_recording, rest_at
from ui.live_panel.ticks import SPEED, read_tick, whole
from ui.panel.component import noted, playing_component
from ui.runs import LiveRun, catch_up, is_behind, live_runs, start, train, trained

_component = playing_component("live_panel", Path(__file__).parent / "panel.html")


def live_panel(
    slot: str,
    experiments: Sequence[Experiment],
    thresholds: gc.Thresholds | None = None,
    remedy_page: str | None = None,
    rests_at: int | None = None,
) -> None:
    """Show the visitor's runs in `slot`, training while they are watched; call it after the controls.

    Parameters
    ----------
    slot : str
        Name of the runs among the visitor's.
    experiments : sequence of Experiment
        What runs, one in full or several side by side: others start anew, another learning rate holds from the next
        step on.
    thresholds : Thresholds, optional
        Of the verdict.
    remedy_page : str, optional
        Page that shows a remedy; this one if not given.
    rests_at : int, optional
        Step at which the panel rests once.
    """
    state.note_widgets()
    _panel(slot, tuple(experiments), thresholds, remedy_page, rests_at)


@st.fragment
def _panel(
    slot: str,
    experiments: tuple[Experiment, ...],
    thresholds: gc.Thresholds | None,
    remedy_page: str | None,
    rests_at: int | None,
) -> None:
    """Run alone when the panel asks for more steps ("tick") or a fresh start ("restart").

    The whole page runs when the panel was paused ("paused"), when a remedy or other weights were chosen ("remedy",
    "reseed"), or when something else on it changed ("page").
    """
    key = f"panel.{slot}"
    if state.page_is_stale(key):
        st.rerun()
    is_new = state.get(slot) is None
    runs = live_runs(slot, experiments, thresholds, rests_at)
    tick = read_tick(state.panel_event(key, "tick"))
    recording = None
    if is_new and (thresholds or gc.Thresholds()) == gc.Thresholds():
        recording = find_recording(_source(runs))
    if state.panel_event(key, "restart"):
        runs = start(slot, experiments, thresholds, "The same weights again.", rests_at)
    if state.panel_event(key, "reseed"):
        controls.new_weights()
        st.rerun()
    if (remedy := state.panel_event(key, "remedy")) is not None:
        controls.apply_remedy(remedy, from_default=remedy_page is not None)
        if remedy_page is not None:
            st.switch_page(remedy_page)
        st.rerun()
    if (paused := state.panel_event(key, "paused")) is not None and (step := whole(paused, "step")) is not None:
        rest_at(_source(runs), step)
        state.put(f"{slot}.paused", (runs[0].identity, step))
        st.rerun()
    _component(
        key=key,
        data=answer(_source(runs), tick, recording),
        on_tick_change=noted,
        on_restart_change=noted,
        on_reseed_change=noted,
        on_remedy_change=noted,
        on_paused_change=noted,
        on_page_change=noted,
    )


def _source(runs: list[LiveRun]) -> Source:
    return Source(
        runs,
        tuple(run.experiment for run in runs),
        trained=lambda: trained(runs),
        is_behind=lambda last: is_behind(runs, last),
        catch_up=lambda last: catch_up(runs, last),
        begin=lambda: train(runs, SPEED),
        train=lambda speed: train(runs, speed),
        chunk=lambda new, at: packets.chunk(runs, new, at),
        replay=lambda: packets.replay(runs),
        with_charts=lambda: [packets.with_charts(run, runs) for run in runs],
    )
