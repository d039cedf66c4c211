"""The live panel: a component that plays recorded steps in the browser and asks for more when it runs low.

Streamlit redraws a Plotly chart from scratch whenever its data change, so what moves is drawn here, on canvases that
stay. The browser keeps a queue of steps and plays it at its own pace: play, pause, single steps and scrubbing never
wait for the server, and the server trains only while somebody watches.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui import controls, state, theme
from ui.experiment import Experiment
from ui.live_panel import packets
from ui.runs import LiveRun, live_run, start

HERE = Path(__file__).parent
SCRIPTS = ("format.js", "canvas.js", "charts.js", "player.js")

# Steps between two verdicts and two drawn frames, until the panel says otherwise.
SPEED = 5


def _script() -> str:
    """Return the panel's JavaScript as one module, without comments and indents: it travels with every message."""
    lines = [line.strip() for name in SCRIPTS for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("//")]
    return "\n".join([f"const THEME = {json.dumps(theme.palette())};", *kept])


def _styles() -> str:
    lines = (line.strip() for line in (HERE / "panel.css").read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line)


_component: Callable[..., Any] = st.components.v2.component(
    "live_panel", html=(HERE / "panel.html").read_text(encoding="utf-8"), css=_styles(), js=_script()
)


def live_panel(slot: str, experiment: Experiment, remedy_page: str | None = None) -> None:
    """Show the visitor's run in `slot`, training while it is watched; call it after the controls.

    Parameters
    ----------
    slot : str
        Name of the run among the visitor's.
    experiment : Experiment
        What runs: another one starts anew, another learning rate holds from the next step on.
    remedy_page : str, optional
        Page that shows a remedy; this one if not given.
    """
    state.note_widgets()
    _panel(slot, experiment, remedy_page)


@st.fragment
def _panel(slot: str, experiment: Experiment, remedy_page: str | None) -> None:
    """Run alone when the panel asks for more steps ("tick") or a fresh start ("restart").

    The whole page runs when the panel was paused ("paused"), a remedy was chosen ("remedy"), or a control changed.
    """
    if state.widgets_changed():
        st.rerun()
    key = f"panel.{slot}"
    run = live_run(slot, experiment)
    tick = state.panel_event(key, "tick")
    if state.panel_event(key, "restart"):
        run = start(slot, run.experiment)
    if (remedy := state.panel_event(key, "remedy")) is not None:
        controls.apply_remedy(remedy)
        if remedy_page is not None:
            st.switch_page(remedy_page)
        st.rerun()
    if (paused := state.panel_event(key, "paused")) is not None:
        run.shown = int(paused["step"])
        state.put(f"{slot}.paused", (run.identity, run.shown))
        st.rerun()
    _component(
        key=key,
        data=_packet(run, tick),
        on_tick_change=_noted,
        on_restart_change=_noted,
        on_remedy_change=_noted,
        on_paused_change=_noted,
    )


def _noted() -> None:
    """Streamlit keeps an event's value for the rerun only if a callback is registered for it."""


def _packet(run: LiveRun, tick: dict[str, Any] | None) -> bytes:
    if tick is None or tick.get("run") != run.identity:
        if run.history.count == 0:
            run.train(SPEED)
        return packets.replay(run)
    run.shown = max(run.shown, int(tick["shown"]))
    return packets.chunk(run, run.train(int(tick["speed"])))
