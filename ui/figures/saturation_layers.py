"""Saturation of every layer: its pre-activations as shades, one input's way through them, and means."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go

from ui import theme
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL, PAPER
from ui.figures.layout import LEGEND, figure_of
from ui.figures.saturation import SLOPE


@lru_cache(maxsize=32)
def shades(depth: int, bins: int, reach: float) -> Chart:
    """Draw every layer's pre-activations as shades, the input below, and one input's way through them."""
    middles = -reach + (np.arange(bins) + 0.5) * 2 * reach / bins
    layers = list(range(1, depth + 1))
    every = max(1, -(-depth // 15))
    figure = figure_of(
        go.Heatmap(
            x=middles,
            y=layers,
            colorscale=[[0, PAPER], [1, NEUTRAL]],
            zmin=0,
            zmax=1,
            showscale=False,
            hovertemplate="layer %{y}, z about %{x:.1f}<br>%{customdata:.2%} of the units × inputs<extra></extra>",
        ),
        go.Scatter(
            y=layers,
            mode="lines+markers",
            line={"color": theme.SERIES[1], "width": 2.5},
            marker={"size": 7},
            hovertemplate="the followed input in layer %{y}<br>z = %{x:.4g}<extra></extra>",
        ),
        go.Scatter(
            x=[reach] * depth,
            y=layers,
            mode="text",
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
            textfont={"color": theme.VIOLET},
        ),
        xaxis={"range": [-reach, reach], "autorange": False, "title": {"text": "pre-activation z", "standoff": 10}},
        yaxis={
            "range": [0.5, depth + 0.5],
            "autorange": False,
            "tickvals": layers[::every],
            "title": {"text": "layer", "standoff": 10},
            "showgrid": False,
        },
        margin={"r": 92},
        shapes=[{"type": "rect", "x0": -reach, "x1": reach, "y0": 0.5, "y1": 1.5, "line": {"color": INK, "width": 2}}],
        annotations=[
            {
                "x": 1,
                "y": 0,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "top",
                "xshift": 4,
                "yshift": -4,
                "text": "saturated",
                "showarrow": False,
                "font": {"size": 15, "color": theme.VIOLET},
            }
        ],
    )
    return Chart(
        "shades",
        figure,
        (
            Binding("data.0.z", "shades"),
            Binding("data.0.customdata", "layer_shares"),
            Binding("data.1.x", "path_drawn"),
            Binding("data.2.text", "saturated"),
            Binding("layout.shapes.0.y0", "frame_low"),
            Binding("layout.shapes.0.y1", "frame_high"),
            Binding("sentence", "{whole_way} Saturated, from layer 1 on: {saturated_said}.", "text"),
        ),
        "All layers: where each one's z lies (input at the bottom), and one input's way through them",
        place="hero",
    )


@lru_cache(maxsize=32)
def along_path(depth: int) -> Chart:
    """Draw the product of slopes from the output down to each layer, with and without the weights, as powers of ten."""
    layers = list(range(1, depth + 1))
    traces = [
        go.Scatter(
            x=layers,
            name=name,
            mode="lines+markers",
            line={"color": color, "width": 3, "dash": dash},
            marker={"size": 6},
            hovertemplate="down to layer %{x}<br>10<sup>%{y:.2f}</sup><extra>" + name + "</extra>",
        )
        for name, color, dash in (("∏ φ′", SLOPE, "dash"), ("∏ φ′·|w|", INK, "solid"))
    ]
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "down to layer", "standoff": 10}, "nticks": 8},
        yaxis={"autorange": False},
        showlegend=True,
        legend=LEGEND,
        margin={"t": 26},
    )
    return Chart(
        "path",
        figure,
        (
            Binding("data.0.y", "without"),
            Binding("data.1.y", "with_weights"),
            Binding("layout.yaxis.range", "path_range"),
            Binding("layout.yaxis.tickvals", "path_ticks"),
            Binding("layout.yaxis.ticktext", "path_names"),
            Binding("sentence", "{path_said}", "text"),
        ),
        "Along that way: what is left of a gradient of 1",
    )


@lru_cache(maxsize=32)
def means(depth: int) -> Chart:
    """Draw each layer's mean activation: now as bars, over training as lines."""
    shade = [theme.ramp(layer / max(1, depth - 1)) for layer in range(depth)]
    bars = go.Bar(
        x=list(range(1, depth + 1)),
        marker={"color": shade},
        hovertemplate="layer %{x}<br>mean activation %{y:.4g}<extra></extra>",
    )
    lines = [
        go.Scatter(
            xaxis="x2",
            mode="lines",
            line={"color": color, "width": 3.5 if layer == depth - 1 else 2},
            hovertemplate=f"layer {layer + 1}, step %{{x}}<br>%{{y:.4g}}<extra></extra>",
        )
        for layer, color in enumerate(shade)
    ]
    figure = figure_of(
        bars,
        *lines,
        xaxis={"domain": [0, 0.42], "title": {"text": "layer", "standoff": 10}, "nticks": 6},
        xaxis2={
            "domain": [0.5, 1],
            "title": {"text": "step, as it trains", "standoff": 10},
            "nticks": 4,
            "rangemode": "tozero",
        },
        yaxis={"nticks": 5},
    )
    over = [
        binding
        for layer in range(depth)
        for binding in (
            Binding(f"data.{layer + 1}.x", "step", "course"),
            Binding(f"data.{layer + 1}.y", "means", "course", layer),
        )
    ]
    return Chart(
        "means",
        figure,
        (
            Binding("data.0.y", "means"),
            *over,
            Binding("sentence", "Mean activations from layer 1 on: {means_said}.", "text"),
        ),
        "Mean activation of each layer, now and as it trains",
    )
