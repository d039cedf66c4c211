"""What every figure has in common: type, margins, axes, and the page's own colors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ui.figures.colors import INK, QUIET
from ui.theme import FONT_SIZE

# The page's own (Streamlit's), and what stands in for it where a picture is looked at without the page.
FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'
# Powers of ten between two ticks of an axis of so many powers.
_STEPS = (1, 2, 3, 5, 10, 20, 50, 100)
TICKS = 7


def figure_of(*traces: Any, margin: dict[str, int] | None = None, **layout: Any) -> go.Figure:
    """Return a figure of traces in the house's dress.

    Parameters
    ----------
    *traces : Plotly traces
    margin : dict, optional
        What differs from the usual margins, in px at normal type.
    **layout
        Axes and whatever else the figure has of its own.
    """
    names = {"xaxis", "yaxis", *(key for key in layout if key.startswith(("xaxis", "yaxis")))}
    axes = {name: _axis(layout.pop(name, {})) for name in names}
    figure = go.Figure(
        list(traces),
        {
            "template": go.layout.Template(),
            "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 66, "r": 10, "t": 10, "b": 50, **(margin or {})},
            "showlegend": False,
            "hoverlabel": {"font": {"size": FONT_SIZE}},
            "dragmode": "zoom",
            **axes,
            **layout,
        },
    )
    return figure


def _axis(own: dict[str, Any]) -> dict[str, Any]:
    return {**AXIS, **own, "title": {"font": {"size": FONT_SIZE}, **own.get("title", {})}}


AXIS = {
    "gridcolor": QUIET,
    "zerolinecolor": QUIET,
    "linecolor": INK,
    "tickcolor": QUIET,
    "automargin": False,
    "tickangle": 0,
    # Looking for labels that reach beyond their axis took a seventh of a drawing.
    "ticklabeloverflow": "allow",
}
# An axis that is there to hold bars and texts over all of another's height.
OVERLAID = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True, "autorange": False}
LEGEND = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}


def nice_top(value: float) -> float:
    """Return a round number of at least this size."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 5, 7.5, 10, 15) if step * power >= value)


def level(at: float, text: str = "", color: str = INK, dash: str = "dot") -> dict[str, Any]:
    """Return a line across the whole figure at a height of its axis, named at its start.

    A shape, not a trace: as a trace such a line takes a quarter of a drawing of bars.
    """
    label = {"text": text, "textposition": "start", "yanchor": "bottom", "font": {"size": FONT_SIZE - 1}}
    line = {"color": color, "width": 1 if dash == "dot" else 2, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line, "label": label}


def power_ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Return places and names of the ticks of an axis on which powers of ten are plain numbers."""
    wanted = (high - low) / TICKS
    step = next((one for one in _STEPS if one >= wanted), 200)
    first = -int(-low // step) * step
    places = [float(power) for power in range(first, int(high // 1) + 1, step)]
    return places, ["1" if power == 0 else f"10<sup>{power:.0f}</sup>" for power in places]


def span_of(*values: Any, least: float = 2.0) -> tuple[float, float]:
    """Return whole powers of ten around all finite numbers among these, at least so many apart."""
    known = np.concatenate([np.ravel(np.asarray(one, dtype=float)) for one in values])
    known = known[np.isfinite(known)]
    if not len(known):
        return -1.0, 1.0
    low, high = float(np.floor(known.min() - 0.05)), float(np.ceil(known.max() + 0.05))
    return (min(low, high - least), high) if high - low < least else (low, high)


def layer_axis(layers: int, most: int = 12, title: str = "layer, from input to output", **more: Any) -> dict[str, Any]:
    """Return an axis of layers from 1, the last one named output."""
    places, names = layer_ticks(layers, most)
    return {
        "range": [0.5, layers + 0.5],
        "autorange": False,
        "tickvals": places,
        "ticktext": names,
        "showgrid": False,
        "title": {"text": title, "standoff": 10},
        **more,
    }


def layer_ticks(layers: int, most: int = 12) -> tuple[list[int], list[str]]:
    """Return places and names of layers on an axis from 1: hidden layers by number, the last one "output"."""
    every = max(1, -(-layers // most))
    places = [layer for layer in range(1, layers, every) if layers - layer >= every / 2 or layer == 1]
    return [*places, layers], [*map(str, places), "output"]


def layer_names(layers: int) -> list[str]:
    """Return "1" … for the hidden layers and "output" for the last."""
    return [*map(str, range(1, layers)), "output"]


def apply_layout(figure: go.Figure, title: str, height: int = 360) -> go.Figure:
    """Give a figure its title, sizes and margins; text and grid take the page's own colors when it is shown."""
    figure.update_layout(
        template=go.layout.Template(),
        title={"text": title},
        font={"family": FONT, "size": FONT_SIZE, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        height=height,
        margin={"l": 70, "r": 20, "t": 60, "b": 60},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
    )
    figure.update_xaxes(gridcolor=QUIET, zerolinecolor=QUIET, linecolor=INK)
    figure.update_yaxes(gridcolor=QUIET, zerolinecolor=QUIET, linecolor=INK)
    return figure
