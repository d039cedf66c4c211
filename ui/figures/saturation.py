"""Saturation of one activation: it and its slope over their inputs, and what the slope lets through."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go

from ui import theme
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL
from ui.figures.layout import LEGEND, figure_of

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
                "y": 0.7,
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
