"""A comparison at rest: medians with bands over seeds, gradients by layer, the spread of activations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from gradcore.numbers import readable
from ui import theme

Columns = Mapping[str, npt.NDArray[Any]]


def translucent(color: str, share: float = 0.18) -> str:
    """Return a hex color as rgba."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


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


def bands(columns: Columns, name: str, names: Sequence[str], title: str, unit: str, digits: str) -> go.Figure:
    """Draw medians and quartiles over seeds of each variant's curve."""
    figure = go.Figure()
    known = ~np.isnan(columns[name]).all(axis=(1, 2))
    steps, values = columns["step"][known], columns[name][known].astype(float)
    for variant, label in enumerate(names):
        own = values[:, variant]
        there = ~np.isnan(own).all(axis=1)
        low, middle, high = quartiles(own[there])
        color, x = theme.VARIANTS[variant], steps[there]
        band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "legendgroup": label}
        figure.add_scatter(x=x, y=high, **band)
        figure.add_scatter(x=x, y=low, fill="tonexty", fillcolor=translucent(color), **band)
        figure.add_scatter(
            x=x,
            y=middle,
            name=label if there.any() else f"{label}: no number",
            mode="lines",
            legendgroup=label,
            line={"color": color, "width": 2.5, "dash": theme.PLOTLY_DASHES[variant]},
            hovertemplate=f"step %{{x}}<br>{label} %{{y:{digits}}}<extra></extra>",
        )
    figure.update_xaxes(title="step")
    figure.update_yaxes(title=unit)
    return _below(theme.dress(figure, title, 420))


def _below(figure: go.Figure) -> go.Figure:
    """Put the legend below, where many names have room."""
    figure.update_layout(legend={"y": -0.25, "yanchor": "top", "x": 0, "xanchor": "left"}, margin={"b": 120})
    return figure


def _named(label: str, values: npt.NDArray[Any], drawable: npt.NDArray[Any]) -> str:
    """Return a line's name, with what its values are if none of them has a place on a logarithmic axis."""
    if drawable.any():
        return label
    *others, last = dict.fromkeys(map(readable, values)) or ["no layer"]
    said = f"{', '.join(others)} or {last}" if others else last
    return f"{label}: {said} in every layer" if len(values) else f"{label}: {said}"


def gradients(columns: Columns, names: Sequence[str], depths: Sequence[int]) -> go.Figure:
    """Draw every variant's gradient by layer at the last record, on one logarithmic axis."""
    figure = go.Figure()
    for variant, label in enumerate(names):
        values = columns["gradient"][-1, variant, : depths[variant] + 1].astype(float)
        drawable = np.isfinite(values) & (values > 0)
        odd = ["" if fine else f" ({readable(value)})" for value, fine in zip(values, drawable, strict=True)]
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=np.where(drawable, values, np.nan),
            name=_named(label, values, drawable),
            mode="lines+markers",
            line={"color": theme.VARIANTS[variant], "dash": theme.PLOTLY_DASHES[variant], "width": 2},
            customdata=odd,
            hovertemplate=f"{label}<br>layer %{{x}}<br>rms %{{y:.4e}}%{{customdata}}<extra></extra>",
        )
    figure.update_xaxes(title="layer, from input to output")
    figure.update_yaxes(title="∂loss/∂W, root mean square", type="log", exponentformat="power")
    return _below(theme.dress(figure, f"Gradient of each layer's weights at step {columns['step'][-1]:,}", 420))


def spreads(columns: Columns, names: Sequence[str], depths: Sequence[int]) -> go.Figure:
    """Draw the standard deviation of each hidden layer's activations, at the start dotted, at the last record bold."""
    figure = go.Figure()
    for variant, label in enumerate(names):
        for row, when, width, dash in ((0, "at the start", 1, "dot"), (-1, "now", 2.5, "solid")):
            values = columns["activation_std"][row, variant, : depths[variant]].astype(float)
            drawable = np.isfinite(values) & (values > 0)
            figure.add_scatter(
                x=list(range(1, len(values) + 1)),
                y=np.where(drawable, values, np.nan),
                name=_named(label, values, drawable),
                legendgroup=label,
                showlegend=row == -1,
                mode="lines",
                line={"color": theme.VARIANTS[variant], "dash": dash, "width": width},
                hovertemplate=f"{label}, {when}<br>layer %{{x}}<br>std %{{y:.4e}}<extra></extra>",
            )
    figure.update_xaxes(title="hidden layer, from input to output")
    figure.update_yaxes(title="std of activations", type="log", exponentformat="power")
    title = f"Spread of activations: dotted at the start, bold at step {columns['step'][-1]:,}"
    return _below(theme.dress(figure, title, 420))
