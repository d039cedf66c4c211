"""Saturation: an activation over its inputs, what its slope lets through, all layers, all activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui import theme
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL, PAPER
from ui.figures.layout import AXIS, LEGEND, figure_of

Array = npt.NDArray[np.floating]
COLUMNS = 4
VALUE, SLOPE = theme.SERIES[0], theme.SERIES[1]
DECADE_NAMES = {-6: "10<sup>−6</sup>", -4: "10<sup>−4</sup>", -2: "1 %", -1: "10 %", 0: "1"}


@lru_cache(maxsize=64)
def plane(label: str, formula: str, reach: float, low: float, high: float, flat: tuple[float, float]) -> Chart:
    """Draw φ and φ′ over z, the inputs' distribution below, the outputs' at the side; the flat ends are shaded.

    Parameters
    ----------
    label, formula : str
        Of the activation.
    reach, low, high : float
        Half the axis of z; the axis of φ and φ′.
    flat : (float, float)
        z at which φ′ falls below 1 % of its largest.
    """
    line = {"width": 3.5, "color": VALUE}
    figure = figure_of(
        go.Scatter(name="φ", mode="lines", line=line, hovertemplate="z %{x:.2f}<br>φ %{y:.4g}<extra></extra>"),
        go.Scatter(
            name="slope φ′",
            mode="lines",
            line={**line, "color": SLOPE, "dash": "dash"},
            hovertemplate="z %{x:.2f}<br>φ′ %{y:.4g}<extra></extra>",
        ),
        go.Bar(
            yaxis="y2",
            marker={"colorscale": [[0, NEUTRAL], [1, theme.VIOLET]], "cmin": 0, "cmax": 1},
            width=0.24,
            hovertemplate="z about %{x:.2f}<br>%{y:.2%} of the inputs<extra></extra>",
            showlegend=False,
        ),
        go.Bar(
            xaxis="x2",
            orientation="h",
            marker={"color": VALUE},
            showlegend=False,
            hovertemplate="φ about %{y:.2f}<br>%{x:.2%} of the outputs<extra></extra>",
        ),
        go.Scatter(
            yaxis="y2",
            mode="text",
            textfont={"color": theme.VIOLET},
            cliponaxis=False,
            hoverinfo="skip",
            x=[-reach, reach],
            y=[0, 0],
            textposition=["top right", "top left"],
            showlegend=False,
        ),
        xaxis={
            "domain": [0, 0.84],
            "range": [-reach, reach],
            "autorange": False,
            "anchor": "y2",
            "title": {"text": "pre-activation z", "standoff": 10},
        },
        xaxis2={
            "domain": [0.87, 1],
            "showticklabels": False,
            "showgrid": False,
            "rangemode": "tozero",
            "title": {"text": "φ(z)", "standoff": 10},
        },
        yaxis={
            "domain": [0.36, 1],
            "range": [low - 0.04 * (high - low), high + 0.04 * (high - low)],
            "autorange": False,
            "title": {"text": "φ, φ′", "standoff": 10},
        },
        yaxis2={
            "domain": [0, 0.3],
            "rangemode": "tozero",
            "tickformat": ".0%",
            "nticks": 3,
            "title": {"text": "inputs", "standoff": 10},
        },
        bargap=0.04,
        legend=LEGEND | {"x": 0.01, "y": 1, "yanchor": "top"},
        showlegend=True,
        shapes=[
            {
                "type": "rect",
                "x0": start,
                "x1": end,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"width": 0},
                "fillcolor": theme.VIOLET,
                "opacity": 0.13,
                "layer": "below",
            }
            for start, end in ((-reach, max(-reach, flat[0])), (min(reach, flat[1]), reach))
            if end - start > 1e-9
        ],
        annotations=[
            {
                "x": (start + end) / 2,
                "y": 0.4,
                "yref": "paper",
                "text": "saturated",
                "showarrow": False,
                "font": {"color": theme.VIOLET, "size": 15},
            }
            for start, end in ((-reach, max(-reach, flat[0])), (min(reach, flat[1]), reach))
            if end - start > 2
        ],
    )
    return Chart(
        "plane",
        figure,
        (
            Binding("data.0.x", "z"),
            Binding("data.0.y", "curve"),
            Binding("data.1.x", "z"),
            Binding("data.1.y", "slope"),
            Binding("data.2.x", "middles"),
            Binding("data.2.y", "inputs"),
            Binding("data.2.marker.color", "is_flat"),
            Binding("data.3.y", "output_middles"),
            Binding("data.3.x", "outputs"),
            Binding("data.4.text", "beyond"),
            Binding("caption", f"{label}: φ(z) = {formula}, its slope φ′ (dashed), and {{whose}} below", "text"),
            Binding("sentence", "{headline} {detail}", "text"),
        ),
        place="hero",
    )


@lru_cache(maxsize=4)
def slopes(decades: int, per_decade: int) -> Chart:
    """Draw which share of the units lets how much of the gradient through; exactly 0 stands apart, at the left."""
    edges = -decades + (np.arange(decades * per_decade) + 0.5) / per_decade
    places = [-decades - 1.2, -decades - 0.5, *edges]
    colors = [light.ZERO, *(light.color_of(place) for place in places[1:])]
    figure = figure_of(
        go.Bar(
            x=places,
            width=[0.5, 0.3, *[0.92 / per_decade] * len(edges)],
            marker={"color": colors, "line": {"color": INK, "width": 0.6}},
            hovertemplate="10<sup>%{x:.1f}</sup> of the largest slope<br>%{y:.2%} of the units × inputs<extra></extra>",
        ),
        xaxis={
            "range": [-decades - 1.6, 0.15],
            "autorange": False,
            "tickvals": [-decades - 1.2, *DECADE_NAMES],
            "ticktext": ["0", *DECADE_NAMES.values()],
            "title": {"text": "φ′ ÷ largest φ′", "standoff": 10},
        },
        yaxis={"tickformat": ".0%", "rangemode": "tozero", "nticks": 4},
        margin={"l": 48},
    )
    return Chart(
        "slopes",
        figure,
        (
            Binding("data.0.y", "slopes"),
            Binding("sentence", "Exactly 0: {slopes.0:%} of the units × inputs. {detail}", "text"),
        ),
        "How much of the gradient the units let through",
    )


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


def gallery(names: Sequence[str], z: Array, curves: Sequence[Array], derivatives: Sequence[Array]) -> Chart:
    """Draw φ and φ′ of every activation as small multiples on one z axis."""
    rows = -(-len(names) // COLUMNS)
    traces: list[Any] = []
    axes: dict[str, Any] = {}
    notes = []
    for at, (label, curve, slope) in enumerate(zip(names, curves, derivatives, strict=True)):
        row, column = divmod(at, COLUMNS)
        number = "" if at == 0 else str(at + 1)
        left, top = column / COLUMNS + 0.012, 1 - row / rows - 0.05
        axes[f"xaxis{number}"] = {**AXIS, "domain": [left, left + 0.21], "anchor": f"y{number}", "nticks": 4}
        axes[f"yaxis{number}"] = {**AXIS, "domain": [top - 0.62 / rows, top], "anchor": f"x{number}", "nticks": 4}
        notes.append(
            {
                "x": left,
                "y": top,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "text": f"<b>{label}</b>",
                "showarrow": False,
                "font": {"size": 15},
            }
        )
        for values, name, color, dash in ((curve, "φ", VALUE, "solid"), (slope, "slope φ′", SLOPE, "dash")):
            traces.append(
                go.Scatter(
                    x=z,
                    y=values,
                    name=name,
                    mode="lines",
                    showlegend=at == 0,
                    legendgroup=name,
                    xaxis=f"x{number}",
                    yaxis=f"y{number}",
                    line={"color": color, "width": 2.5, "dash": dash},
                    hovertemplate=f"{label}<br>z %{{x:.2f}}<br>{name} %{{y:.4g}}<extra></extra>",
                )
            )
    figure = figure_of(
        *traces,
        **axes,
        annotations=notes,
        showlegend=True,
        legend=LEGEND | {"y": 1.02},
        margin={"l": 30, "t": 40},
        height=190 * rows + 60,
    )
    return Chart(
        "all_activations", figure, caption="Every activation φ (solid) and its slope φ′ (dashed)", place="wide"
    )
