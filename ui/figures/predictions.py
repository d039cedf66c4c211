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
    """Draw some test samples with the network's probabilities: the true class's bar stands out."""
    traces: list[Any] = []
    axes: dict[str, Any] = {}
    notes = []
    rows, kinds = len(truth), max(2, outputs)
    for row, true in enumerate(truth):
        top, number = 1 - row / rows, "" if row == 0 else str(row + 1)
        low, high = top - 0.78 / rows, top
        axes[f"xaxis{number}"] = {
            "domain": [0.2, 0.76],
            "anchor": f"y{number}",
            "range": [-0.6, kinds - 0.4],
            "autorange": False,
            "tickvals": list(range(kinds)),
            "showgrid": False,
            "tickfont": {"size": 11},
            "showticklabels": row == rows - 1,
        }
        axes[f"yaxis{number}"] = {
            "domain": [low, high],
            "anchor": f"x{number}",
            "range": [0, 1.02],
            "autorange": False,
            "showgrid": False,
            "showticklabels": False,
            "zeroline": True,
        }
        traces.append(
            go.Bar(
                x=list(range(kinds)),
                xaxis=f"x{number}",
                yaxis=f"y{number}",
                marker={"color": [theme.VIOLET if kind == true else NEUTRAL for kind in range(kinds)]},
                hovertemplate=f"is {true}; says %{{x}} with %{{y:.1%}}<extra></extra>",
            )
        )
        if pixels:
            at = rows + row + 1
            axes[f"xaxis{at}"] = {"domain": [0, 0.16], "anchor": f"y{at}", "visible": False, "constrain": "domain"}
            axes[f"yaxis{at}"] = {
                "domain": [low, high],
                "anchor": f"x{at}",
                "visible": False,
                "autorange": "reversed",
                "scaleanchor": f"x{at}",
                "constrain": "domain",
            }
            image = np.asarray(pixels[row], dtype=int).reshape(8, 8).tolist()
            traces.append(
                go.Heatmap(
                    z=image,
                    xaxis=f"x{at}",
                    yaxis=f"y{at}",
                    colorscale=[[0, PAPER], [1, INK]],
                    showscale=False,
                    hoverinfo="skip",
                )
            )
        else:
            notes.append(
                {
                    "x": 0,
                    "y": (low + high) / 2,
                    "xref": "paper",
                    "yref": "paper",
                    "text": f"is {true}",
                    "showarrow": False,
                    "xanchor": "left",
                }
            )
        notes.append(
            {
                "x": 1,
                "y": high,
                "xref": "paper",
                "yref": "paper",
                "text": "",
                "showarrow": False,
                "xanchor": "right",
                "yanchor": "top",
            }
        )
    figure = figure_of(*traces, **axes, annotations=notes, margin={"l": 4, "r": 4, "t": 4, "b": 22}, bargap=0.15)
    each = 2 if pixels else 1
    marks = [at for at, note in enumerate(notes) if note["xanchor"] == "right"]
    bindings = [
        binding
        for row in range(rows)
        for binding in (
            Binding(f"data.{each * row}.y", "picture", part=row),
            Binding(f"layout.annotations.{marks[row]}.text", "marks", part=row),
        )
    ]
    return Chart(
        "picture",
        figure,
        (
            *bindings,
            Binding("sentence", "What the network says of some test samples at step {step:d}: {marks_said}.", "text"),
        ),
        "What it says of test samples",
        place="side",
    )
