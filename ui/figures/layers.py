"""What is in each layer: its activations, how many units are saturated or dead, how far a step moves its weights."""

from __future__ import annotations

from functools import lru_cache

import plotly.graph_objects as go

from gradcore.numbers import power_of_ten
from ui import theme
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL, PAPER
from ui.figures.layout import figure_of, layer_axis, level

# std(update) ÷ std(weight) that practice calls healthy (Karpathy, CS231n notes).
RULE = 1e-3


@lru_cache(maxsize=64)
def histogram(hidden: int, bins: int) -> Chart:
    """Draw each hidden layer's activations as a column of shades: the darker, the more of them are there."""
    figure = figure_of(
        go.Heatmap(
            x=list(range(1, hidden + 1)),
            colorscale=[[0, PAPER], [1, INK]],
            zmin=0,
            zmax=255,
            showscale=False,
            xgap=2 if hidden <= 40 else 0,
            hovertemplate="layer %{x}, activation about %{y:.3g}<extra></extra>",
        ),
        xaxis={
            "range": [0.5, hidden + 0.5],
            "autorange": False,
            "nticks": 7,
            "showgrid": False,
            "title": {"text": "hidden layer", "standoff": 4},
        },
        yaxis={"nticks": 4, "showgrid": False, "autorange": False},
        margin={"l": 56, "t": 12, "b": 46},
    )
    bindings = (
        Binding("data.0.z", "histogram"),
        Binding("data.0.y0", "histogram_first"),
        Binding("data.0.dy", "histogram_bin"),
        Binding("layout.yaxis.range", "histogram_range"),
        Binding(
            "sentence",
            "Histograms of the activations of the hidden layers: the darker, the more of a layer's are there.",
            "text",
        ),
    )
    return Chart("histogram", figure, bindings, "Activations of each layer", place="side")


@lru_cache(maxsize=64)
def shares(layers: int) -> Chart:
    """Draw the share of each hidden layer that is saturated, and that is dead or saturated for every sample."""
    hidden = list(range(1, layers))
    figure = figure_of(
        go.Bar(
            x=hidden,
            name="saturated",
            marker={"color": theme.VIOLET},
            hovertemplate="layer %{x}: %{y:.2%} saturated<extra></extra>",
        ),
        go.Bar(
            x=hidden,
            name="dead",
            marker={"color": NEUTRAL},
            hovertemplate="layer %{x}: %{y:.2%} for every sample<extra></extra>",
        ),
        xaxis={"range": [0.4, max(1, layers - 1) + 0.6], "autorange": False, "nticks": 7, "showgrid": False},
        barmode="overlay",
        yaxis={"range": [0, 1], "autorange": False, "nticks": 3, "tickformat": ".0%"},
        margin={"l": 56, "t": 12, "b": 30},
    )
    bindings = (
        Binding("data.0.y", "saturated_fraction"),
        Binding("data.1.y", "dead_fraction"),
        Binding("sentence", "Saturated: layer 1 {saturated_fraction.0:%}; dead: layer 1 {dead_fraction.0:%}.", "text"),
    )
    return Chart("shares", figure, bindings, "Saturated (violet), and dead (grey)", place="side")


@lru_cache(maxsize=64)
def updates(layers: int) -> Chart:
    """Draw std(update) ÷ std(weight) of each layer on a logarithmic axis, with the rule of thumb."""
    figure = figure_of(
        go.Scatter(
            x=list(range(1, layers + 1)),
            mode="markers",
            marker={"color": theme.SERIES[0], "size": 8 if layers <= 40 else 4},
            hovertemplate="layer %{x}: %{y:.3e}<extra></extra>",
        ),
        xaxis=layer_axis(layers, 6, ""),
        shapes=[level(RULE)],
        margin={"l": 56, "r": 28, "t": 12, "b": 30},
        yaxis={
            "type": "log",
            "range": [-10, 1],
            "autorange": False,
            "tickvals": [1e-9, 1e-6, 1e-3, 1],
            "ticktext": [power_of_ten(-9), power_of_ten(-6), power_of_ten(-3), "1"],
        },
    )
    bindings = (
        Binding("data.0.y", "update_ratio"),
        Binding(
            "sentence",
            "Update over weight: layer 1 {update_ratio.0}, output {update_ratio.-1}; a rule of thumb is 10⁻³.",
            "text",
        ),
    )
    return Chart("update", figure, bindings, "Update ÷ weight of each layer", place="side")
