"""How training goes: loss and accuracy over steps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ui import theme
from ui.figures.chart import Binding, Chart
from ui.figures.colors import NEUTRAL
from ui.figures.layout import figure_of, level


@lru_cache(maxsize=8)
def curve(quantity: str, guessing: float | None = None) -> Chart:
    """Draw loss or accuracy over steps: the mini-batches', thin, and the test part's on top of it.

    Parameters
    ----------
    quantity : str
        "loss" or "accuracy".
    guessing : float, optional
        The loss of one who guesses.
    """
    title = quantity.capitalize()
    is_loss = quantity == "loss"
    form = ".4g" if is_loss else ".1%"
    now, tested = (f"{{{name}{'' if is_loss else ':%'}}}" for name in (quantity, f"test_{quantity}"))
    traces: list[Any] = [
        go.Scatter(
            name="mini-batch",
            mode="lines",
            line={"color": NEUTRAL, "width": 1.2},
            opacity=0.7,
            hovertemplate=f"step %{{x}}<br>mini-batch %{{y:{form}}}<extra></extra>",
        ),
        go.Scatter(
            name="test",
            mode="lines",
            line={"color": theme.SERIES[0], "width": 3},
            hovertemplate=f"step %{{x}}<br>test %{{y:{form}}}<extra></extra>",
        ),
    ]
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "step", "standoff": 4}, "nticks": 4, "rangemode": "tozero", "showgrid": False},
        yaxis={
            "autorange": False,
            "range": [0, 3 if is_loss else 1],
            "nticks": 4,
            "tickformat": "" if is_loss else ".0%",
        },
        shapes=[] if guessing is None else [level(guessing, "guessing")],
        margin={"l": 56, "t": 12, "b": 46},
    )
    bindings = [
        Binding("data.0.x", "step", "course"),
        Binding("data.0.y", quantity, "course"),
        Binding("data.1.x", f"test_{quantity}_step", "course"),
        Binding("data.1.y", f"test_{quantity}", "course"),
        Binding(
            "caption",
            f"{title} {now}, test {tested} (thick){{{quantity}_cut}}",
            "text",
        ),
        Binding(
            "sentence",
            f"{title} of the mini-batch {now} at step {{step:d}}, of the test part {tested}.",
            "text",
        ),
    ]
    if is_loss:
        bindings.append(Binding("layout.yaxis.range", "loss_range"))
    return Chart(quantity, figure, tuple(bindings), place="side")
