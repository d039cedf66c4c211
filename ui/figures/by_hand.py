"""The small network of backprop by hand: its units, its weights, and what of them is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ui import theme
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL, PAPER
from ui.figures.layout import figure_of

ACCENT = theme.SERIES[1]
Place = tuple[float, float]
# Where a weight's number stands on its edge, apart from its neighbors'.
_ALONG, _APART = 0.56, 0.1


def places(sizes: Sequence[int]) -> list[list[Place]]:
    """Return where each unit is drawn, by layer from the input; the bias's constant 1 is the last of its layer."""
    counts = [size + (layer < len(sizes) - 1) for layer, size in enumerate(sizes)]
    tallest = max(counts)
    return [
        [(float(layer), (tallest - 1) / 2 - (unit - (count - 1) / 2) - (tallest - 1) / 2) for unit in range(count)]
        for layer, count in enumerate(counts)
    ]


def edges(sizes: Sequence[int]) -> list[tuple[Place, Place]]:
    """Return both ends of every weight's edge, in the order of `Network.parameters`."""
    at = places(sizes)
    return [
        (at[layer - 1][source], at[layer][unit])
        for layer in range(1, len(sizes))
        for unit in range(sizes[layer])
        for source in range(sizes[layer - 1] + 1)
    ]


def label_places(sizes: Sequence[int]) -> list[Place]:
    """Return where every weight's number stands: nearer to the unit above, so that one unit's stand in a column."""
    found: list[Place] = []
    for layer in range(1, len(sizes)):
        for unit in range(sizes[layer]):
            for source in range(sizes[layer - 1] + 1):
                (x0, y0), (x1, y1) = edges(sizes)[len(found)]
                part = _ALONG + _APART * ((source + unit) % 3) if sizes[layer - 1] > 2 else 0.6
                found.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    return found


def lines(pairs: Sequence[tuple[Place, Place]]) -> tuple[list[Any], list[Any]]:
    """Return x and y of lines that are drawn as one trace."""
    xs: list[Any] = []
    ys: list[Any] = []
    for (x0, y0), (x1, y1) in pairs:
        xs += [x0, x1, None]
        ys += [y0, y1, None]
    return xs, ys


@lru_cache(maxsize=64)
def network(sizes: tuple[int, ...]) -> Chart:
    """Draw the network; which numbers are known already and what is looked at comes with each moment."""
    units = [place for layer in places(sizes) for place in layer]
    labels = label_places(sizes)
    xs, ys = lines(edges(sizes))
    tall = max(len(layer) for layer in places(sizes))
    text = {"mode": "text", "hoverinfo": "skip", "cliponaxis": False}
    figure = figure_of(
        go.Scatter(x=xs, y=ys, mode="lines", line={"color": NEUTRAL, "width": 1.5}, hoverinfo="skip"),
        go.Scatter(mode="lines", line={"color": ACCENT, "width": 5}, hoverinfo="skip"),
        go.Scatter(
            x=[x for x, _ in units],
            y=[y for _, y in units],
            mode="markers+text",
            hovertemplate="%{customdata}<extra></extra>",
            marker={"size": 66, "color": PAPER, "opacity": 1, "line": {"color": INK, "width": 2}},
            textfont={"size": 15, "color": INK},
        ),
        go.Scatter(
            x=[x for x, _ in labels],
            y=[y for _, y in labels],
            textfont={"size": 14, "color": INK},
            # Its edge does not strike a weight through.
            marker={"symbol": "square", "size": 20, "color": PAPER, "opacity": 0.9},
            **text | {"mode": "markers+text"},
        ),
        go.Scatter(
            x=[x for x, _ in units], y=[y - 0.46 for _, y in units], textfont={"size": 15, "color": ACCENT}, **text
        ),
        go.Scatter(
            x=[x + 0.17 for x, _ in units[-sizes[-1] :]],
            y=[y for _, y in units[-sizes[-1] :]],
            textposition="middle right",
            textfont={"size": 15, "color": INK},
            **text,
        ),
        xaxis={"visible": False, "range": [-0.3, len(sizes) - 1 + 0.75], "autorange": False},
        yaxis={"visible": False, "range": [-(tall - 1) / 2 - 0.62, (tall - 1) / 2 + 0.5], "autorange": False},
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        dragmode=False,
    )
    bindings = (
        Binding("data.1.x", "lit_x"),
        Binding("data.1.y", "lit_y"),
        Binding("data.2.text", "units"),
        Binding("data.2.customdata", "unit_words"),
        Binding("data.2.marker.line.color", "unit_colors"),
        Binding("data.2.marker.line.width", "unit_widths"),
        Binding("data.3.text", "weights"),
        Binding("data.4.text", "deltas"),
        Binding("data.5.text", "targets"),
        Binding("sentence", "{network_said}", "text"),
    )
    return Chart(
        "network",
        figure,
        bindings,
        "The network: each circle's z and a, each edge's weight, δ below the circle",
        place="hero",
    )
