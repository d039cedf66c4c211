"""A paused run as cards: each chart of the panel with its sentence and a table with its numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ui.cards import Card, Columns, chart_card
from ui.figures.layout import layer_names
from ui.history import Course
from ui.live_panel.frames import frames_of
from ui.live_panel.packets import charts
from ui.runs import LiveRun
from ui.snapshots import Snapshot


def run_cards(run: LiveRun, course: Course, snapshot: Snapshot | None) -> list[Card]:
    """Return the cards of a run up to a course's last record; `snapshot` is of that step or shortly before."""
    frames = frames_of(run, course, snapshot)
    found = []
    for chart in charts(run, alone=True):
        if (table := _table(chart.name, course, snapshot)) is not None:
            found.append(chart_card(chart, frames, table))
    return found


def against_last_hidden(rms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ratios to the last hidden layer's; the only layer's own if there is no hidden one."""
    with np.errstate(all="ignore"):
        return np.asarray(rms / rms[..., [max(0, rms.shape[-1] - 2)]])


def _table(name: str, course: Course, snapshot: Snapshot | None) -> Columns | None:
    """Return a chart's numbers; None where another chart has the same, or there are none."""
    if name == "gradients":
        return _gradient_table(course)
    if name == "course":
        return _ratio_table(course)
    if name == "loss":
        return _step_table(course)
    if name in ("shares", "update"):
        return _layer_table(course) if name == "update" else None
    return _bins_table(snapshot) if name == "histogram" and snapshot is not None else None


def _gradient_table(course: Course) -> Columns:
    rms, norm = course.grad_rms[-1], course.grad_norm[-1]
    return {
        "layer": layer_names(len(rms)),
        "gradient_rms": rms.tolist(),
        "gradient_norm": norm.tolist(),
        "against_last_hidden": against_last_hidden(rms).tolist(),
    }


def _ratio_table(course: Course) -> Columns:
    ratios = against_last_hidden(course.grad_rms)
    names = layer_names(ratios.shape[1])
    return {"step": course.step.tolist()} | {
        f"layer_{name}": column.tolist() for name, column in zip(names, ratios.T, strict=True)
    }


def _step_table(course: Course) -> Columns:
    names = ("step", "loss", "accuracy", "test_loss", "test_accuracy")
    return {name: getattr(course, name).tolist() for name in names}


def _layer_table(course: Course) -> Columns:
    names = ("saturated_fraction", "dead_fraction", "activation_std", "update_ratio")
    layer = layer_names(course.grad_rms.shape[1])
    return {"layer": layer} | {name: getattr(course, name)[-1].tolist() for name in names}


def _bins_table(snapshot: Snapshot) -> Columns:
    wide = (snapshot.high - snapshot.low) / snapshot.histogram.shape[1]
    middles = snapshot.low + (np.arange(snapshot.histogram.shape[1]) + 0.5) * wide
    columns = {f"layer_{layer}": row.tolist() for layer, row in enumerate(snapshot.histogram, start=1)}
    return {"activation": middles.tolist()} | columns
