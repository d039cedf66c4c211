"""Saturation at rest: the activation over its inputs, what it lets through, all layers, all activations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ui import theme

Array = npt.NDArray[np.floating]
COLUMNS = 4


def plane(z: Array, curve: Array, slope: Array, middles: Array, inputs: Array, whose: str, label: str) -> go.Figure:
    """Draw φ and φ′ with the inputs' distribution below."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.66, 0.34], vertical_spacing=0.05)
    for values, name, color, dash in (
        (curve, "φ", theme.QUANTITY["accuracy"], "solid"),
        (slope, "φ′", theme.QUANTITY["loss"], "dash"),
    ):
        line = {"color": color, "width": 3, "dash": dash}
        figure.add_scatter(x=z, y=values, name=name, mode="lines", line=line, row=1, col=1)
    figure.add_bar(
        x=middles, y=inputs, name="share of inputs", marker={"color": theme.GREY}, showlegend=False, row=2, col=1,
        hovertemplate="z %{x:.2f}<br>%{y:.2%}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(bargap=0.05)
    figure.update_xaxes(title="pre-activation z", row=2, col=1)
    figure.update_yaxes(title="φ, φ′", row=1, col=1)
    figure.update_yaxes(title="inputs", tickformat=".0%", row=2, col=1)
    return theme.dress(figure, f"{label} over {whose}", 420)


def by_layer(nothing: Array, factors: Array) -> go.Figure:
    """Draw each layer's factor on a logarithmic axis and its saturated share as color."""
    layers = [str(layer) for layer in range(1, len(factors) + 1)]
    known = np.where(factors > 0, factors, np.nan)
    marker = {
        "size": 12, "color": nothing, "cmin": 0, "cmax": 1, "colorscale": [[0, theme.GREY], [1, theme.VIOLET]],
        "colorbar": {"title": "saturated", "tickformat": ".0%"},
    }  # fmt: skip
    figure = go.Figure()
    figure.add_scatter(
        x=layers, y=known, customdata=nothing, mode="lines+markers", line={"color": theme.GREY, "width": 2},
        marker=marker,
        hovertemplate="layer %{x}<br>factor %{y:.3e}<br>saturated %{customdata:.1%}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="layer, from input to output", type="category")
    figure.update_yaxes(title="√ mean φ′²", type="log", exponentformat="power")
    return theme.dress(figure, "What each layer's activation multiplies the gradient by")


def along_path(without: Array, with_weights: Array) -> go.Figure:
    """Draw the product of slopes from the output down to each layer, with and without the weights, as powers of ten."""
    layers = [str(layer) for layer in range(1, len(without) + 1)]
    figure = go.Figure()
    for powers, name, color, dash in (
        (without, "product of φ′", theme.QUANTITY["loss"], "dash"),
        (with_weights, "product of φ′·|w|", theme.BLUE, "solid"),
    ):
        figure.add_scatter(
            x=layers, y=np.where(np.isfinite(powers), powers, np.nan), name=name, mode="lines+markers",
            line={"color": color, "width": 3, "dash": dash},
            hovertemplate="layer %{x}<br>10<sup>%{y:.2f}</sup><extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="down to layer", type="category")
    figure.update_yaxes(title="power of ten")
    return theme.dress(figure, "One input's way: what is left of a gradient of 1")


def gallery(names: Sequence[str], z: Array, curves: Sequence[Array], slopes: Sequence[Array]) -> go.Figure:
    """Draw φ and φ′ of every activation as small multiples on one z axis."""
    rows = -(-len(names) // COLUMNS)
    figure = make_subplots(rows=rows, cols=COLUMNS, subplot_titles=list(names), shared_xaxes="all")
    for at, (curve, slope) in enumerate(zip(curves, slopes, strict=True)):
        for values, name, color, dash in (
            (curve, "φ", theme.QUANTITY["accuracy"], "solid"),
            (slope, "φ′", theme.QUANTITY["loss"], "dash"),
        ):
            figure.add_scatter(
                x=z, y=values, name=name, mode="lines", showlegend=at == 0, legendgroup=name,
                line={"color": color, "width": 2.5, "dash": dash}, row=at // COLUMNS + 1, col=at % COLUMNS + 1,
            )  # fmt: skip
    return theme.dress(figure, "Every activation φ (solid) and its slope φ′ (dashed)", 190 * rows + 80)
