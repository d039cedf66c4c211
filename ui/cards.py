"""A paused run as cards: each a figure, a sentence that says what it shows, and a table with its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from gradcore.numbers import percent, readable
from ui.figures import layers, training
from ui.history import Course
from ui.snapshots import Snapshot

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Card:
    """One figure with what belongs to it.

    Attributes
    ----------
    name : str
        For keys and file names.
    figure : go.Figure
    sentence : str
    table : mapping
        Column name → values.
    """

    name: str
    figure: go.Figure
    sentence: str
    table: Columns


def run_cards(course: Course, snapshot: Snapshot | None) -> list[Card]:
    """Return the cards of a run up to a course's last record; `snapshot` is of that step or shortly before."""
    over_steps = _step_table(course)
    curves = zip(training.loss_and_accuracy(course), ("loss", "accuracy"), strict=False)
    cards = [
        Card(
            "gradient_by_layer", training.gradient_by_layer(course), _gradient_sentence(course), _gradient_table(course)
        ),
        Card("gradient_over_time", training.gradient_over_time(course), _course_sentence(course), _ratio_table(course)),
        *(Card(name, figure, _curve_sentence(course), over_steps) for figure, name in curves),
        Card("update_ratio", layers.update_ratio(course), _update_sentence(course), _layer_table(course)),
    ]
    if course.grad_rms.shape[1] > 1:
        cards.append(Card("saturated", layers.saturated(course), _saturated_sentence(course), _layer_table(course)))
    if snapshot is not None:
        cards.append(
            Card("activations", layers.activations(snapshot), _activations_sentence(snapshot), _bins_table(snapshot))
        )
    return cards


def _gradient_table(course: Course) -> Columns:
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


def _layer_table(course: Course) -> Columns:
    names = ("saturated_fraction", "dead_fraction", "activation_std", "update_ratio")
    layer = training.layer_names(course.grad_rms.shape[1])
    return {"layer": layer} | {name: getattr(course, name)[-1].tolist() for name in names}


def _bins_table(snapshot: Snapshot) -> Columns:
    middles = layers.bin_middles(snapshot)
    columns = {f"layer_{layer}": row.tolist() for layer, row in enumerate(snapshot.histogram, start=1)}
    return {"activation": middles.tolist()} | columns


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
    return (
        f"Mini-batch loss {readable(course.loss[0])} at the start, {readable(course.loss[-1])} now; test loss "
        f"{_last(course.test_loss)}, test accuracy {_last(course.test_accuracy)}."
    )


def _last(values: npt.NDArray[np.float64]) -> str:
    known = values[~np.isnan(values)]
    return readable(known[-1]) if len(known) else "none"


def _update_sentence(course: Course) -> str:
    ratios = course.update_ratio[-1]
    return (
        f"One update changes layer 1's weights by {readable(ratios[0])} of their spread, the output's by "
        f"{readable(ratios[-1])}; around {readable(layers.RULE)} is a common rule of thumb (Karpathy, CS231n notes)."
    )


def _saturated_sentence(course: Course) -> str:
    saturated, dead = course.saturated_fraction[-1][:-1], course.dead_fraction[-1][:-1]
    return (
        f"At most {percent(float(saturated.max()))} of a hidden layer is saturated (slope below 1 % of its largest), "
        f"at most {percent(float(dead.max()))} of its units for every input of the batch."
    )


def _activations_sentence(snapshot: Snapshot) -> str:
    return (
        f"Each column is one layer's histogram at step {snapshot.step:,}: the darker, the more of its activations are "
        "there (√ of the share, against the layer's fullest bin)."
    )
