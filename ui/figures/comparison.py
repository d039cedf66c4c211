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


def bands(columns: Columns, name: str, names: Sequence[str], title: str, unit: str, digits: str) -> go.Figure:
    """Draw medians and quartiles over seeds of each variant's curve."""
    figure = go.Figure()
    known = ~np.isnan(columns[name]).all(axis=(1, 2))
    steps, values = columns["step"][known], columns[name][known].astype(float)
    for variant, label in enumerate(names):
        own = values[:, variant]
        there = ~np.isnan(own).all(axis=1)
        if not there.any():
            continue
        low, middle, high = np.nanpercentile(own[there], (25, 50, 75), axis=1)
        color, x = theme.VARIANTS[variant], steps[there]
        band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "legendgroup": label}
        figure.add_scatter(x=x, y=high, **band)
        figure.add_scatter(x=x, y=low, fill="tonexty", fillcolor=translucent(color), **band)
        figure.add_scatter(
            x=x,
            y=middle,
            name=label,
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
            name=label + ("" if drawable.any() else f": {readable(values[0])} in every layer"),
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
            figure.add_scatter(
                x=list(range(1, len(values) + 1)),
                y=np.where(values > 0, values, np.nan),
                name=label,
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
