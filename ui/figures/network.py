"""The network itself, drawn: its edges glow with each layer's gradient."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, PAPER, QUIET
from ui.figures.layout import figure_of

# Units that a layer is drawn with: all of hundreds would be a grey wall.
UNITS = 5


@lru_cache(maxsize=64)
def drawn(layers: int) -> Chart:
    """Draw columns of units, and between them edges as bright and as wide as that layer's gradient."""
    heights = np.linspace(-1, 1, UNITS) if layers <= 40 else np.linspace(-1, 1, 3)
    traces: list[Any] = []
    for layer in range(1, layers + 1):
        xs = [value for _ in range(len(heights) ** 2) for value in (layer - 0.5, layer + 0.5, None)]
        ys = [value for low in heights for high in heights for value in (low, high, None)]
        traces.append(
            go.Scatter(x=xs, y=ys, mode="lines", line={"width": 1, "color": QUIET}, hoverinfo="skip", cliponaxis=False)
        )
    columns = np.arange(layers + 1) + 0.5
    traces.append(
        go.Scatter(
            x=np.repeat(columns, len(heights)).tolist(),
            y=np.tile(heights, layers + 1).tolist(),
            mode="markers",
            hoverinfo="skip",
            cliponaxis=False,
            marker={
                "color": PAPER,
                "size": 9 if layers <= 40 else 3,
                "line": {"color": INK, "width": 1.5 if layers <= 40 else 0.5},
            },
        )
    )
    figure = figure_of(
        *traces,
        xaxis={"visible": False, "range": [0.5, layers + 0.5], "autorange": False},
        yaxis={"visible": False, "range": [-1.25, 1.25], "autorange": False},
        margin={"t": 2, "b": 2},
        dragmode=False,
    )
    bindings = [
        binding
        for layer in range(layers)
        for binding in (
            Binding(f"data.{layer}.line.color", "light", part=layer, scale=light.GLOW),
            Binding(f"data.{layer}.line.width", "light", part=layer, scale=light.WIDTH),
        )
    ]
    last = max(0, layers - 2)
    said = f"{layers} layers of weights: layer 1's edges glow with {{light.0:power}} of layer {last + 1}'s gradient."
    # On the page its title is what folds it (ui/live_panel/panel.html).
    caption = "The network: its edges glow with each layer's gradient"
    return Chart("network", figure, (*bindings, Binding("sentence", said, "text")), caption, place="strip")
