"""What a visitor can keep of a paused run: each figure with its sentence, its table and its CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from gradcore.numbers import readable
from ui import state
from ui.figures import training
from ui.history import Course
from ui.runs import LiveRun

Columns = Mapping[str, Sequence[Any]]


def kept_figures(slot: str) -> None:
    """Draw the paused run of `slot` as figures at rest; say how to get them while there is none."""
    st.subheader("The run so far, exactly")
    run: LiveRun | None = state.get(slot)
    identity, step = state.get(f"{slot}.paused", (None, -1))
    if run is None or identity != run.identity:
        st.markdown("Pause, and the same records appear here as figures with exact numbers, zoom, tables and CSV.")
        return
    course = run.history.course().until(step)
    thinned = " Older steps are thinned out to keep the memory small." if run.history.thinned else ""
    st.markdown(f"Up to step {step:,}, where you paused.{thinned}")
    by_layer = _layer_table(course)
    over_steps = _step_table(course)
    figures = [
        (training.gradient_by_layer(course), _gradient_sentence(course), by_layer, "gradient_by_layer"),
        (training.gradient_over_time(course), _course_sentence(course), _ratio_table(course), "gradient_over_time"),
        *(
            (figure, _curve_sentence(course), over_steps, name)
            for figure, name in zip(training.loss_and_accuracy(course), ("loss", "accuracy"), strict=False)
        ),
    ]
    columns = st.columns(2)
    for index, (figure, sentence, table, name) in enumerate(figures):
        with columns[index % 2]:
            _card(figure, sentence, table, f"{slot}.{name}")


def _card(figure: go.Figure, sentence: str, table: Columns, name: str) -> None:
    st.plotly_chart(figure, key=f"figure.{name}", alt=sentence)
    st.markdown(sentence)
    left, right = st.columns([1, 1])
    left.download_button(
        "CSV",
        data=lambda: _csv(table),
        file_name=f"{name.rsplit('.', 1)[-1]}.csv",
        mime="text/csv",
        key=f"csv.{name}",
        icon=":material/download:",
        on_click="ignore",
    )
    if right.toggle("Table", key=f"table.{name}"):
        st.dataframe(dict(table), hide_index=True, height=260)


def _layer_table(course: Course) -> Columns:
    rms, norm = course.grad_rms[-1], course.grad_norm[-1]
    return {
        "layer": training.layer_names(len(rms)),
        "gradient_rms": rms.tolist(),
        "gradient_norm": norm.tolist(),
        "against_last_hidden": training.against_last_hidden(rms).tolist(),
    }


def _ratio_table(course: Course) -> Columns:
    ratios = training.against_last_hidden(course.grad_rms)
    names = training.layer_names(ratios.shape[1])
    return {"step": course.step.tolist()} | {
        f"layer_{name}": column.tolist() for name, column in zip(names, ratios.T, strict=True)
    }


def _step_table(course: Course) -> Columns:
    names = ("step", "loss", "accuracy", "test_loss", "test_accuracy")
    return {name: getattr(course, name).tolist() for name in names}


def _gradient_sentence(course: Course) -> str:
    rms = course.grad_rms[-1]
    if len(rms) == 1:
        return f"The only layer's gradient per weight is {readable(rms[0])}."
    ratio = training.against_last_hidden(rms)[0]
    return (
        f"Layer 1 gets {readable(rms[0])} per weight, layer {len(rms) - 1} gets {readable(rms[-2])}: "
        f"{readable(ratio)} times."
    )


def _course_sentence(course: Course) -> str:
    ratios = training.against_last_hidden(course.grad_rms)[:, 0]
    return f"Layer 1 against the last hidden layer: {readable(ratios[0])} at the start, {readable(ratios[-1])} now."


def _curve_sentence(course: Course) -> str:
    def last(values: Any) -> str:
        known = values[~np.isnan(values)]
        return readable(known[-1]) if len(known) else "none"

    return (
        f"Mini-batch loss {readable(course.loss[0])} at the start, {readable(course.loss[-1])} now; test loss "
        f"{last(course.test_loss)}, test accuracy {last(course.test_accuracy)}."
    )


def _csv(table: Columns) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return text.getvalue()
