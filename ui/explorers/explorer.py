"""The mechanism of every explorer: controls in the browser ask, the engine answers, one fragment a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui import state
from ui.explorers.screen import Screen, Values
from ui.live_panel import noted
from ui.live_panel.ticks import whole
from ui.live_panel.wire import packed
from ui.turns import alone

Answer = Callable[[Any, "Question"], tuple[Mapping[str, Any], Mapping[str, Any]]]


@dataclass(frozen=True)
class Question:
    """What the panel asks.

    Attributes
    ----------
    values : mapping
        Of its controls, by name.
    settled : bool
        Whether nothing has been dragged for a moment: time for what takes longer.
    event : mapping
        Whatever else came with it.
    slot : str
        Of the panel that asks.
    """

    values: Values
    settled: bool = True
    event: Mapping[str, Any] = field(default_factory=dict)
    slot: str = ""


def explorer(screen: Screen, component: Callable[..., Any], settings: Any, answer: Answer) -> None:
    """Show an explorer's panel; call it after the controls.

    Parameters
    ----------
    screen : Screen
    component : callable
        Of `explorer_component`.
    settings : Any
        What the widgets say, checked.
    answer : callable
        answer(settings, question) → header and arrays of the packet.
    """
    state.note_widgets()
    _explorer(screen, component, settings, answer)


@st.fragment
def _explorer(screen: Screen, component: Callable[..., Any], settings: Any, answer: Answer) -> None:
    """Run alone when something was dragged ("change").

    The whole page runs when it shall be kept ("keep"), or when something else on it changed ("page").
    """
    key = f"panel.{screen.slot}"
    if state.page_is_stale(key):
        st.rerun()
    event = state.panel_event(key, "change")
    event = event if isinstance(event, Mapping) else {}
    values, sent = screen.dragged(), event.get("values")
    if isinstance(sent, Mapping):
        values = {name: drag.sent(sent.get(name), values[name]) for name, drag in screen.drags.items()}
        screen.drag(values)
    if event.get("keep") is True:
        state.put(f"{screen.slot}.kept", (settings, {**screen.values(), **values}))
        st.rerun()
    question = Question(values, not event or event.get("settled") is True, event, screen.slot)
    with alone():
        header, arrays = answer(settings, question)
    told = {"values": dict(values), "n": whole(event, "n") or 0, "epoch": screen.epoch, "settled": question.settled}
    component(key=key, data=packed({**told, **header}, arrays), on_change_change=noted, on_page_change=noted)
