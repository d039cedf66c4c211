"""What a network says of its data: of every point of a plane, or of some test samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ui import theme
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL, PAPER
from ui.figures.layout import figure_of

# A sample's bars are 1 high, and so are its 8 rows of pixels; so many empty rows are between two samples.
GAP, PIXEL = 2, 1 / 8
PITCH = 1 + GAP * PIXEL


def boundary(reach: float, points: Sequence[Sequence[float]], classes: int) -> Chart:
    """Draw what the network says of the plane, as colors of its classes, and the data on it.

    Parameters
    ----------
    reach : float
        Half the width of the plane.
    points : sequence of (x, y, class)
    classes : int
    """
    colors = theme.CLASSES[:classes]
    scale = []
    for number, color in enumerate(colors):
        scale += [[number / len(colors), PAPER], [(number + 1) / len(colors) - 1e-6, color]]
    scale[-1][0] = 1
    figure = figure_of(
        go.Heatmap(
            x0=-reach,
            y0=-reach,
            colorscale=scale,
            zmin=0,
            zmax=64 * len(colors),
            showscale=False,
            hoverinfo="skip",
            opacity=0.75,
        ),
        go.Scatter(
            x=[x for x, _, _ in points],
            y=[y for _, y, _ in points],
            mode="markers",
            hoverinfo="skip",
            marker={
                "size": 5,
                "color": [colors[int(kind) % len(colors)] for _, _, kind in points],
                "line": {"color": PAPER, "width": 0.8},
            },
        ),
        xaxis={"range": [-reach, reach], "autorange": False, "visible": False},
        margin={"l": 4, "t": 4, "b": 4, "r": 4},
        yaxis={"range": [-reach, reach], "autorange": False, "visible": False, "scaleanchor": "x"},
    )
    bindings = (
        Binding("data.0.z", "picture"),
        Binding("data.0.dx", "picture_step"),
        Binding("data.0.dy", "picture_step"),
        Binding("sentence", "What the network says of every point of the plane, by class, at step {step:d}.", "text"),
    )
    return Chart("picture", figure, bindings, "What it says of the plane", place="side")


def samples(truth: Sequence[int], pixels: Sequence[Sequence[int]], outputs: int) -> Chart:
    """Draw some test samples with the network's probabilities: the true class's bar stands out.

    All on one pair of axes, sample r from height −PITCH · r up, since each pair costs as much as the bars on it.

    Parameters
    ----------
    truth : sequence of int
        Each sample's class.
    pixels : sequence of 64 numbers
        The samples as 8 × 8 pictures; empty where they are none.
    outputs : int
    """
    rows, kinds = len(truth), max(2, outputs)
    text = {"mode": "text", "hoverinfo": "skip", "cliponaxis": False, "textfont": {"color": INK}}
    floors = [-PITCH * row for row in range(rows)]
    middles = [floor + 0.5 for floor in floors]
    bars = go.Bar(
        x=list(range(kinds)) * rows,
        base=[floor for floor in floors for _ in range(kinds)],
        marker={"color": [theme.VIOLET if kind == true else NEUTRAL for true in truth for kind in range(kinds)]},
        hovertext=[f"is {true}" for true in truth for _ in range(kinds)],
        hovertemplate="%{hovertext}; says %{x} with %{customdata:.1%}<extra></extra>",
    )
    marks = go.Scatter(x=[kinds - 0.4] * rows, y=middles, textposition="middle right", **text)
    if pixels:
        shown: Any = go.Heatmap(
            z=_stacked(pixels),
            **{"x0": PIXEL / 2, "dx": PIXEL, "y0": 1 - PIXEL / 2, "dy": -PIXEL, "xaxis": "x2"},
            **{"colorscale": [[0, PAPER], [1, INK]], "showscale": False, "hoverinfo": "skip"},
        )
    else:
        shown = go.Scatter(
            x=[1] * rows,
            y=middles,
            xaxis="x2",
            text=[f"is {true}" for true in truth],
            textposition="middle left",
            **text,
        )
    figure = figure_of(
        bars,
        marks,
        shown,
        xaxis={
            "domain": [0.27, 1],
            "range": [-0.6, kinds - 0.4],
            "autorange": False,
            "tickvals": list(range(kinds)),
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"size": 11},
        },
        # Pixels are squares: as wide as they are high.
        xaxis2={
            "domain": [0, 0.25],
            "range": [0, 1],
            "autorange": False,
            "visible": False,
            "scaleanchor": "y",
            "constrain": "domain",
            "constraintoward": "right",
        },
        yaxis={
            "range": [floors[-1] - 0.02, 1.06],
            "autorange": False,
            "tickvals": floors,
            "showticklabels": False,
            "zeroline": False,
        },
        margin={"l": 4, "r": 62, "t": 4, "b": 22},
        bargap=0.15,
    )
    bindings = (
        Binding("data.0.y", "chances"),
        Binding("data.0.customdata", "chances"),
        Binding("data.1.text", "marks"),
        Binding("sentence", "What the network says of some test samples at step {step:d}: {marks_said}.", "text"),
    )
    return Chart("picture", figure, bindings, "What it says of test samples", place="side")


def _stacked(pixels: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """Return pictures of 8 × 8 below one another, with empty rows between them."""
    rows: list[list[int | None]] = []
    for picture in pixels:
        rows += np.asarray(picture, dtype=int).reshape(8, 8).tolist()
        rows += [[None] * 8] * GAP
    return rows[:-GAP]
