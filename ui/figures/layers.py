"""All layers of one step, at rest: updates against weights, saturation, activations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui import theme
from ui.figures.training import layer_names
from ui.history import Course
from ui.snapshots import Snapshot

# std(update) ÷ std(weight) that is often called healthy (Karpathy, CS231n course notes, "Ratio of weights:updates").
RULE = 1e-3


def update_ratio(course: Course) -> go.Figure:
    """Draw std(update)/std(weight) of every layer on a logarithmic axis."""
    ratios = course.update_ratio[-1]
    drawable = np.isfinite(ratios) & (ratios > 0)
    figure = go.Figure(
        go.Scatter(
            x=layer_names(len(ratios)),
            y=np.where(drawable, ratios, np.nan),
            mode="markers",
            marker={"color": theme.BLUE, "size": 10},
            showlegend=False,
            hovertemplate="layer %{x}<br>update ÷ weight %{y:.3e}<extra></extra>",
        )
    )
    ends = layer_names(len(ratios))
    line = {"color": theme.GREY, "dash": "dot", "width": 2}
    figure.add_scatter(x=ends, y=[RULE] * len(ends), mode="lines", line=line, name="10<sup>−3</sup>", hoverinfo="skip")
    figure.update_xaxes(title="layer, from input to output", type="category")
    figure.update_yaxes(title="std(update) ÷ std(weight)", type="log", exponentformat="power")
    return theme.dress(figure, f"Update against weight at step {course.step[-1]:,}")


def saturated(course: Course) -> go.Figure:
    """Draw the shares of each hidden layer that are saturated, and saturated for every sample."""
    names = layer_names(course.grad_rms.shape[1])[:-1]
    figure = go.Figure()
    for label, values, color in (
        ("saturated", course.saturated_fraction[-1], theme.VIOLET),
        ("for every input (dead)", course.dead_fraction[-1], theme.GREY),
    ):
        figure.add_bar(x=names, y=values[:-1], name=label, marker={"color": color}, hovertemplate="%{y:.2%}")
    figure.update_layout(barmode="overlay", hovermode="x unified")
    figure.update_xaxes(title="hidden layer, from input to output", type="category")
    figure.update_yaxes(title="share of units × inputs", tickformat=".0%", range=[0, 1])
    return theme.dress(figure, f"Saturated and dead at step {course.step[-1]:,}")


def activations(snapshot: Snapshot) -> go.Figure:
    """Draw the histograms of the hidden layers' activations as shades, one column a layer."""
    figure = go.Figure(
        go.Heatmap(
            x=[str(layer) for layer in range(1, len(snapshot.histogram) + 1)],
            y=bin_middles(snapshot),
            z=snapshot.histogram.T / 255,
            colorscale=[(0, "rgba(134,138,142,0)"), (1, theme.BLUE)],
            zmin=0,
            zmax=1,
            colorbar={"title": "√share"},
            hovertemplate="layer %{x}, activation %{y:.3g}<br>%{z:.2f} of the fullest bin<extra></extra>",
        )
    )
    figure.update_xaxes(title="hidden layer, from input to output", type="category", tickangle=0)
    figure.update_yaxes(title="activation")
    return theme.dress(figure, f"Activations of each layer at step {snapshot.step:,}")


def bin_middles(snapshot: Snapshot) -> npt.NDArray[np.float64]:
    """Return the middles of a snapshot's histogram bins."""
    bins = snapshot.histogram.shape[1]
    return snapshot.low + (np.arange(bins) + 0.5) / bins * (snapshot.high - snapshot.low)
