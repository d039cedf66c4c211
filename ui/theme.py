"""Colours, the layer scale and number formats, in one place: for Plotly, for the live panel, for words.

Every colour has a contrast of at least 3:1 on the light and on the dark background, so one palette serves both.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

BLUE, GREY, ORANGE = "#2f7fc1", "#868a8e", "#d9601a"
GREEN, VIOLET, CRIMSON = "#2a8a56", "#8b62c9", "#c92a5b"

# Temperature: a layer's gradient against the last hidden layer's, in powers of ten. Cold has vanished, grey is
# alive, hot explodes.
TEMPERATURE_RANGE = 8
TEMPERATURE = [(0.0, BLUE), (0.5, GREY), (1.0, ORANGE)]

# What has no place on a logarithmic scale.
ZERO, UNREAL = VIOLET, CRIMSON

# Classes of a data set.
CLASSES = (BLUE, ORANGE, GREEN, VIOLET)

# Variants side by side: a colour and a dash each, so that they can be told apart without colours, too.
VARIANTS = (BLUE, ORANGE, GREEN, VIOLET, "#9c6b2f", CRIMSON, "#148f96", GREY)
DASHES = ((), (9, 4), (3, 3), (12, 4, 3, 4), (6, 3), (), (9, 4), (3, 3))
PLOTLY_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid", "dash", "dot")
# A number that its type holds with fewer digits, next to 0.
UNDERFLOW = "#c45aa0"

# A quantity keeps its colour on every screen.
QUANTITY = {"loss": ORANGE, "test_loss": VIOLET, "accuracy": BLUE, "test_accuracy": GREEN, "gradient": GREY}
VERDICT = {
    "healthy": GREEN,
    "vanished": BLUE,
    "saturated": VIOLET,
    "dead": GREY,
    "slow": GREY,
    "symmetric units": GREY,
    "exploding": ORANGE,
    "diverged": ORANGE,
}

# Readable from the back row.
FONT_SIZE = 15
TITLE_SIZE = 17
LARGE_FONT, LARGE_TITLE = 22, 25


def palette() -> dict[str, Any]:
    """Return the colours that the live panel draws with, as plain JSON."""
    return {
        "cold": BLUE,
        "alive": GREY,
        "hot": ORANGE,
        "range": TEMPERATURE_RANGE,
        "zero": ZERO,
        "unreal": UNREAL,
        "saturated": VIOLET,
        "dead": GREY,
        "slow": GREY,
        "right": GREEN,
        "classes": CLASSES,
        "quantity": QUANTITY,
        "verdict": VERDICT,
        "variants": VARIANTS,
        "dashes": DASHES,
        "underflow": UNDERFLOW,
        "font": FONT_SIZE,
    }


def dress(figure: go.Figure, title: str, height: int = 360) -> go.Figure:
    """Give a figure its title, sizes and margins; text and grid take the page's own colours."""
    figure.update_layout(
        title={"text": title, "font": {"size": TITLE_SIZE}, "x": 0, "xanchor": "left"},
        font={"size": FONT_SIZE},
        height=height,
        margin={"l": 70, "r": 20, "t": 60, "b": 60},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        hoverlabel={"font": {"size": FONT_SIZE}},
    )
    figure.update_xaxes(title_font={"size": FONT_SIZE}, tickfont={"size": FONT_SIZE})
    figure.update_yaxes(title_font={"size": FONT_SIZE}, tickfont={"size": FONT_SIZE})
    return figure


def enlarged(figure: go.Figure) -> go.Figure:
    """Return a copy of a figure in large type, and taller by as much."""
    large = go.Figure(figure)
    large.update_layout(font={"size": LARGE_FONT}, title={"font": {"size": LARGE_TITLE}})
    large.update_layout(hoverlabel={"font": {"size": LARGE_FONT}})
    large.update_xaxes(title_font={"size": LARGE_FONT}, tickfont={"size": LARGE_FONT})
    large.update_yaxes(title_font={"size": LARGE_FONT}, tickfont={"size": LARGE_FONT})
    large.update_annotations(font={"size": LARGE_FONT})
    if large.layout.height:
        large.update_layout(height=large.layout.height * LARGE_FONT / FONT_SIZE)
    return large
