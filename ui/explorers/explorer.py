"""The mechanism of every explorer: controls in the browser ask, the engine answers, one fragment a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui import state
from ui.explorers.screen import Screen, Values
from ui.figures.chart import Chart, Frame
from ui.live_panel.ticks import whole
from ui.panel.component import described, noted
from ui.panel.wire import as_arrays, packed
from ui.turns import alone


@dataclass(frozen=True)
class Question:
    """What the panel asks.

    Attributes
    ----------
    values : mapping
        Of its controls, by name.
    settled : bool
        Whether nothing has been dragged for a moment: time for what takes longer.
    part : int
        Which part of that, from 0: each is a question of its own, so that a drag waits for one part at most.
    event : mapping
        Whatever else came with it.
    slot : str
        Of the panel that asks.
    """

    values: Values
    settled: bool = True
    part: int = 0
    event: Mapping[str, Any] = field(default_factory=dict)
    slot: str = ""


@dataclass(frozen=True)
class Answer:
    """What the panel shows.

    Attributes
    ----------
    charts : sequence of Chart
    form : str
        Of the charts: they stay up as long as it stays the same.
    frame : mapping
        What goes into them: arrays, texts, lists.
    texts : mapping
        Name of a place → what it says.
    tables : mapping
        Name of a table → its rows.
    more : mapping
        What else the browser asks for: "verdict" (a color), "limits" (of sliders), "grows" (the step of a training),
        "ended", "moments", "put".
    parts : int
        How many parts what takes longer has.
    """

    charts: Sequence[Chart]
    form: str
    frame: Frame
    texts: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Sequence[Any]]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    parts: int = 0


Answers = Callable[[Any, Question], Answer]


def explorer(screen: Screen, component: Callable[..., Any], settings: Any, answer: Answers) -> None:
    """Show an explorer's panel; call it after the controls.

    Parameters
    ----------
    screen : Screen
    component : callable
        Of `explorer_component`.
    settings : Any
        What the widgets say, checked.
    answer : callable
        answer(settings, question) → Answer.
    """
    state.note_widgets()
    _explorer(screen, component, settings, answer)


@st.fragment
def _explorer(screen: Screen, component: Callable[..., Any], settings: Any, answer: Answers) -> None:
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
    part = max(0, whole(event, "part") or 0)
    question = Question(values, not event or event.get("settled") is True, part, event, screen.slot)
    with alone():
        found = answer(settings, question)
    if isinstance(put := found.more.get("values"), Mapping):
        screen.drag({name: drag.sent(put.get(name), values[name]) for name, drag in screen.drags.items()})
    component(
        key=key,
        data=_packet(found, question, screen.epoch, event),
        on_change_change=noted,
        on_page_change=noted,
    )


def _packet(found: Answer, question: Question, epoch: int, event: Mapping[str, Any]) -> bytes:
    plain, arrays = as_arrays(found.frame)
    told: dict[str, Any] = {
        "values": dict(question.values),
        "n": whole(event, "n") or 0,
        "epoch": epoch,
        "settled": question.settled,
        "part": min(question.part, max(0, found.parts - 1)) if question.settled else -1,
        "parts": found.parts,
        "form": found.form,
        "frame": plain,
        "texts": dict(found.texts),
        "tables": dict(found.tables),
        **found.more,
    }
    # A panel that shows charts of this form already keeps them.
    if event.get("form") != found.form:
        told["charts"] = described(found.charts)
    return packed(told, arrays)
