"""One step of a small network at rest: the size of every gradient and of every δ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui import theme


def gradients(names: Sequence[str], of: Sequence[str], values: npt.NDArray[Any]) -> go.Figure:
    """Draw |∂E/∂w| of every weight on a logarithmic axis; which way it goes is its color and marker."""
    figure = _sizes([f"{name}, {unit}" for name, unit in zip(names, of, strict=True)], values)
    figure.update_yaxes(title="|∂E/∂w|", type="log", exponentformat="power")
    return theme.dress(figure, "The gradient of every weight", 420)


def deltas(units: Sequence[str], values: Sequence[float]) -> go.Figure:
    """Draw |δ| of every unit on a logarithmic axis."""
    figure = _sizes(list(units), np.array(values))
    figure.update_yaxes(title="|δ|", type="log", exponentformat="power")
    return theme.dress(figure, "δ of every unit", 420)


def _sizes(names: Sequence[str], values: npt.NDArray[Any]) -> go.Figure:
    figure = go.Figure()
    for sign, name, color, symbol in (
        (1, "positive", theme.ORANGE, "circle"),
        (-1, "negative", theme.BLUE, "diamond"),
        (0, "exactly 0", theme.ZERO, "x"),
    ):
        own = [at for at, value in enumerate(values) if np.isfinite(value) and np.sign(value) == sign]
        # What is exactly 0 has no place on the axis: only the legend says how many there are.
        figure.add_scatter(
            x=[names[at] for at in own], y=[abs(values[at]) if sign else None for at in own],
            name=f"{name} ({len(own)})", mode="markers", marker={"color": color, "symbol": symbol, "size": 11},
            hovertemplate="%{x}<br>%{y:.6e}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=list(names))
    return figure
