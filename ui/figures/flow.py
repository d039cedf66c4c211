"""Gradient flow at rest: the factors' waterfall, gradients against number formats, stretching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui import theme

Array = npt.NDArray[Any]


def waterfall(deltas: Array, weights: Array, rest: Array, low: Array, high: Array, rest_name: str) -> go.Figure:
    """Draw ‖δ‖ of every layer with its band over seeds, and each layer's two factors as bars (all powers of ten)."""
    names = _names(len(deltas))
    figure = go.Figure()
    for base, size, name, color, pattern in (
        (deltas[1:], weights, "× weights", theme.GREEN, ""),
        (deltas[1:] + weights, rest, f"× {rest_name}", theme.VIOLET, "/"),
    ):
        figure.add_bar(
            x=names[:-1], y=size, base=base, name=name, marker={"color": color, "pattern": {"shape": pattern}},
            hovertemplate="layer %{x}<br>× 10<sup>%{y:.3f}</sup><extra>" + name + "</extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=names, y=_real(deltas), name="‖δ‖", mode="lines+markers", line={"color": theme.GREY, "width": 2},
        error_y={"type": "data", "symmetric": False, "array": _real(high - deltas), "arrayminus": _real(deltas - low)},
        hovertemplate="layer %{x}<br>10<sup>%{y:.3f}</sup><extra></extra>",
    )  # fmt: skip
    figure.update_layout(barmode="group")
    figure.update_xaxes(title="layer, from input to output", type="category")
    figure.update_yaxes(title="log<sub>10</sub> ‖δ‖")
    return theme.dress(figure, "What each layer multiplies δ by", 420)


def gradients(rms: Array, formats: Mapping[str, tuple[float, float]]) -> go.Figure:
    """Draw the weight gradients' rms on a logarithmic axis, with the smallest numbers of each format."""
    names = _names(len(rms))
    drawable = np.where((rms > 0) & np.isfinite(rms), rms, np.nan)
    figure = go.Figure()
    figure.add_scatter(
        x=names, y=drawable, mode="markers", marker={"size": 11, "color": theme.BLUE}, showlegend=False,
        hovertemplate="layer %{x}<br>%{y:.3e}<extra></extra>",
    )  # fmt: skip
    for (name, (_, tiny)), dash in zip(formats.items(), theme.PLOTLY_DASHES[1:], strict=False):
        line = {"color": theme.UNDERFLOW, "dash": dash, "width": 2}
        figure.add_scatter(x=names, y=[tiny] * len(names), mode="lines", line=line, name=f"least {name}")
    figure.update_xaxes(title="layer, from input to output", type="category")
    figure.update_yaxes(title="gradient per weight (rms)", type="log", exponentformat="power")
    return theme.dress(figure, "Each layer's weight gradient, and where number formats end", 420)


def curves(names: Sequence[str], deltas: Sequence[Array]) -> go.Figure:
    """Draw log10 ‖δ‖ of the same matrices with several activations."""
    figure = go.Figure()
    for at, (name, powers) in enumerate(zip(names, deltas, strict=True)):
        figure.add_scatter(
            x=_names(len(powers)), y=_real(powers), name=name, mode="lines+markers",
            line={"color": theme.VARIANTS[at], "dash": theme.PLOTLY_DASHES[at], "width": 3},
            hovertemplate="layer %{x}<br>10<sup>%{y:.2f}</sup>",
        )  # fmt: skip
    figure.update_xaxes(title="layer, from input to output", type="category")
    figure.update_yaxes(title="log<sub>10</sub> ‖δ‖")
    return theme.dress(figure, "The same matrices, four activations", 420)


def stretched(names: Sequence[str], pairs: Sequence[tuple[Array, Array]]) -> go.Figure:
    """Draw singular values (log10) of one layer's Jacobian and of the product of all."""
    figure = go.Figure()
    for at, (name, pair) in enumerate(zip(names, pairs, strict=True)):
        for values, part, dash in zip(pair, ("one layer", "all layers"), ("dot", "solid"), strict=True):
            figure.add_scatter(
                x=list(range(1, len(values) + 1)), y=_real(values), name=f"{name}, {part}", mode="lines",
                line={"color": theme.VARIANTS[at], "dash": dash, "width": 3},
            )  # fmt: skip
    figure.update_xaxes(title="singular value, largest first")
    figure.update_yaxes(title="log<sub>10</sub>")
    figure = theme.dress(figure, "What the layers stretch", 420)
    figure.update_layout(legend={"y": -0.25, "yanchor": "top", "x": 0, "xanchor": "left"}, margin={"b": 120})
    return figure


def _names(count: int) -> list[str]:
    return [*(str(layer) for layer in range(1, count)), "output"]


def _real(values: Array) -> Array:
    return np.where(np.isfinite(values), values, np.nan)
