"""Curves of a comparison: medians with bands over seeds, the spread of activations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui import theme
from ui.figures.chart import Binding, Chart
from ui.figures.layout import figure_of, level

# Below so many px a place is too narrow for the names beside the curves.
NAMES_PX = 430


@lru_cache(maxsize=32)
def bands(quantity: str, caption: str, names: tuple[str, ...], seeds: int, target: float | None = None) -> Chart:
    """Draw medians and quartiles over seeds of each variant's curve.

    Parameters
    ----------
    quantity : str
        "loss", "accuracy" or "test_accuracy".
    caption : str
    names : tuple of str
    seeds : int
    target : float, optional
        The loss that counts as reached.
    """
    is_loss = quantity == "loss"
    form = ".4g" if is_loss else ".1%"
    traces: list[Any] = []
    bindings: list[Binding] = []
    for at, name in enumerate(names):
        color = theme.VARIANTS[at]
        band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "legendgroup": name}
        traces += [
            go.Scatter(**band),
            go.Scatter(**band, fill="tonexty", fillcolor=translucent(color)),
            go.Scatter(
                name=name,
                mode="lines",
                legendgroup=name,
                line={"color": color, "width": 2.5, "dash": theme.PLOTLY_DASHES[at]},
                hovertemplate=f"step %{{x}}<br>{name} %{{y:{form}}}<extra></extra>",
            ),
            go.Scatter(
                name="single runs",
                mode="lines",
                legendgroup="single runs",
                line={"color": color, "width": 1},
                opacity=0.5,
                showlegend=at == 0,
                legendrank=2000,  # below the variants
                visible="legendonly",
                hoverinfo="skip",
            ),
        ]
        for trace, part in ((4 * at, 3 * at), (4 * at + 1, 3 * at + 2), (4 * at + 2, 3 * at + 1)):
            bindings += [
                Binding(f"data.{trace}.x", f"{quantity}_step", "course"),
                Binding(f"data.{trace}.y", f"{quantity}_quartiles", "course", part),
            ]
        each = (at * seeds, (at + 1) * seeds)
        bindings += [
            Binding(f"data.{4 * at + 3}.x", f"{quantity}_single_step", "curves", each),
            Binding(f"data.{4 * at + 3}.y", f"{quantity}_single", "curves", each),
        ]
    legend = {
        "x": 1.01,
        "xanchor": "left",
        "y": 1,
        "yanchor": "top",
        "font": {"size": 13},
        "bgcolor": "rgba(0,0,0,0)",
        "tracegroupgap": 0,
    }
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "step", "standoff": 6}, "nticks": 5, "rangemode": "tozero"},
        shapes=[] if target is None else [level(target, f"loss {target:g}")],
        yaxis={
            "autorange": False,
            "range": [0, 3 if is_loss else 1],
            "nticks": 5,
            "tickformat": "" if is_loss else ".0%",
        },
        showlegend=True,
        legend=legend,
        margin={"l": 56, "t": 6, "b": 42, "r": 150},
    )
    if is_loss:
        bindings.append(Binding("layout.yaxis.range", "loss_range"))
    narrow = {
        "legend": {"orientation": "h", "x": 0, "y": -0.3, "yanchor": "top", "font": {"size": 13}},
        "margin": {"l": 56, "t": 6, "r": 8, "b": 42 + 24 * -(-len(names) // 2)},
    }
    return Chart(
        quantity,
        figure,
        (*bindings, Binding("sentence", f"{{{quantity}_said}}", "text")),
        caption,
        place="half",
        tall=240,
        narrow=(NAMES_PX, narrow, 260 + 24 * -(-len(names) // 2)),
    )


@lru_cache(maxsize=32)
def spreads(names: tuple[str, ...], depths: tuple[int, ...], layers: int) -> Chart:
    """Draw the standard deviation of each hidden layer's activations: at the start thin, now bold."""
    traces: list[Any] = []
    bindings: list[Binding] = []
    for at, (name, depth) in enumerate(zip(names, depths, strict=True)):
        color, part = theme.VARIANTS[at], (at * layers, at * layers + depth)
        for when, width, dash, array in (
            ("at the start", 1, "dot", "spread_start"),
            ("now", 2.5, "solid", "activation_std"),
        ):
            bindings.append(Binding(f"data.{len(traces)}.y", array, part=part))
            traces.append(
                go.Scatter(
                    x=list(range(1, depth + 1)),
                    name=name,
                    legendgroup=name,
                    showlegend=when == "now",
                    mode="lines+markers" if depth == 1 else "lines",
                    line={"color": color, "dash": dash, "width": width},
                    hovertemplate=f"{name}, {when}<br>layer %{{x}}: std %{{y:.4e}}<extra></extra>",
                )
            )
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "hidden layer", "standoff": 6}, "nticks": 8},
        showlegend=False,
        yaxis={"type": "log", "autorange": False, "range": [-8, 1], "exponentformat": "power", "nticks": 6},
        margin={"l": 62, "t": 6, "b": 42},
    )
    return Chart(
        "spread",
        figure,
        (*bindings, Binding("layout.yaxis.range", "spread_range"), Binding("sentence", "{spread_said}", "text")),
        "Spread (std) of each layer's activations: dotted at the start, bold now",
        place="half",
        tall=215,
    )


def quartiles(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return lower quartile, median and upper quartile over the seeds that have a number, (3, records).

    Parameters
    ----------
    values : (records, seeds)
        Inf is a number here, and stays what it is.
    """
    ordered = np.sort(values, axis=1)  # NaN last
    place = np.array([[0.25], [0.5], [0.75]]) * np.maximum(0, (~np.isnan(values)).sum(axis=1) - 1)
    ends = [np.take_along_axis(ordered, at.astype(int).T, axis=1).T for at in (np.floor(place), np.ceil(place))]
    with np.errstate(invalid="ignore"):  # Inf − Inf, which is not taken
        return np.where(ends[0] == ends[1], ends[0], ends[0] + (place % 1) * (ends[1] - ends[0]))


def translucent(color: str, share: float = 0.18) -> str:
    """Return a hex color as rgba."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
