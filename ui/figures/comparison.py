"""Charts of a comparison: gradients over time, medians with bands over seeds, the spread of activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui import theme
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, PAPER
from ui.figures.layout import figure_of

# Small pictures beside each other on a wide place, and on a narrow one.
NARROW = 2
MAP_TALL, HISTOGRAM_TALL = 250, 165
# Below so many px a place is narrow: for pictures beside each other, for curves with their names beside them.
NARROW_PX, NAMES_PX = 700, 430
# Letters of names, and of smaller type, that a row of small pictures has room for.
NAME_LETTERS, LETTERS = 91, 105
Layout = dict[str, Any]


def translucent(color: str, share: float = 0.18) -> str:
    """Return a hex color as rgba."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def quartiles(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return lower quartile, median and upper quartile over the seeds that have a number, (3, records).

    Parameters
    ----------
    values : (records, seeds)
        Inf is a number here, and stays what it is.
    """
    ordered = np.sort(values, axis=1)  # NaN last
    place = np.array([[0.25], [0.5], [0.75]]) * np.maximum(0, (~np.isnan(values)).sum(axis=1) - 1)
    ends = [np.take_along_axis(ordered, at.astype(int).T, axis=1).T for at in (np.floor(place), np.ceil(place))]
    with np.errstate(invalid="ignore"):  # Inf − Inf, which is not taken
        return np.where(ends[0] == ends[1], ends[0], ends[0] + (place % 1) * (ends[1] - ends[0]))


def _beside(
    count: int, most: int, above: float, below: float, gap: float
) -> tuple[Layout, list[tuple[float, float, float]]]:
    """Return the axes' domains of small pictures, at most so many a row, and each one's left, bottom and top.

    `above` and `below` are the parts of a row's height that its texts take.
    """
    rows = -(-count // most)
    wide, tall = (1 - gap * (min(most, count) - 1)) / min(most, count), 1 / rows
    axes: Layout = {}
    places = []
    for at in range(count):
        row, column = divmod(at, most)
        number = "" if at == 0 else str(at + 1)
        left, top = column * (wide + gap), 1 - row * tall
        axes[f"xaxis{number}"] = {"domain": [left, min(1.0, left + wide)], "anchor": f"y{number}"}
        axes[f"yaxis{number}"] = {"domain": [top - tall * (1 - below), top - tall * above], "anchor": f"x{number}"}
        places.append((left, top - tall * (1 - below), top - tall * above))
    return axes, places


def _small(
    count: int, above: float, below: float, gap: float, axes: Sequence[tuple[Layout, Layout]], notes: Any
) -> tuple[Layout, Layout]:
    """Return the layout of small pictures on a wide place and on a narrow one; notes(places) makes their texts."""
    both = []
    for most in (count, NARROW):
        domains, places = _beside(count, most, above, below, gap)
        both.append(
            {
                **{
                    name: {**axis, **domains[name]}
                    for name, axis in zip(domains, [one for pair in axes for one in pair], strict=True)
                },
                "annotations": notes(places),
            }
        )
    return both[0], both[1]


def _named(
    places: Sequence[tuple[float, float, float]], names: Sequence[str], seconds: Sequence[str], low: Sequence[str]
) -> list[Layout]:
    paper: Layout = {"xref": "paper", "yref": "paper", "xanchor": "left", "showarrow": False, "align": "left"}
    notes: list[Layout] = []
    for at, (left, bottom, top) in enumerate(places):
        second = (
            f"<br><span style='font-size:0.85em'>{_short(seconds[at], LETTERS, len(places))}</span>"
            if seconds[at]
            else ""
        )
        notes.append(
            {
                **paper,
                "x": left,
                "y": top,
                "yanchor": "bottom",
                "text": f"<b>{_short(names[at], NAME_LETTERS, len(places))}</b>{second}",
                "hovertext": seconds[at] or names[at],
                "font": {"size": 14, "color": theme.VARIANTS[at]},
            }
        )
        notes.append(
            {**paper, "x": left, "y": bottom, "yanchor": "top", "text": low[at], "yshift": -2, "font": {"size": 14}}
        )
    return notes


def _short(text: str, letters: int, count: int) -> str:
    """Return as much of a text as has room above one of so many small pictures; hovering shows all of it."""
    most = max(8, letters // count)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


@lru_cache(maxsize=32)
def maps(names: tuple[str, ...], formulas: tuple[str, ...], depths: tuple[int, ...], layers: int, seeds: int) -> Chart:
    """Draw every variant's gradient, layers upwards from the input, time to the right, as light."""
    count = len(names)
    traces: list[Any] = []
    axes: list[tuple[Layout, Layout]] = []
    for at, depth in enumerate(depths):
        number = "" if at == 0 else str(at + 1)
        traces.append(
            go.Heatmap(
                y=list(range(1, depth + 2)),
                transpose=True,
                xaxis=f"x{number}",
                yaxis=f"y{number}",
                **light.HEAT,
                hovertemplate=f"{names[at]}, layer %{{y}}<br>10<sup>%{{z:.2f}}</sup> of the last hidden<extra></extra>",
            )
        )
        axes.append(
            (
                {"showticklabels": False, "showgrid": False, "zeroline": False},
                {
                    "range": [0.5, depth + 1.5],
                    "autorange": False,
                    "tickvals": [1, depth + 1],
                    "ticktext": ["1", "out"],
                    "showgrid": False,
                    "zeroline": False,
                },
            )
        )
    wide, narrow = _small(count, 0.17, 0.1, 0.035, axes, lambda places: _named(places, names, formulas, [""] * count))
    figure = figure_of(*traces, plot_bgcolor=light.UNREAL, margin={"l": 34, "t": 4, "b": 4}, **wide)
    bindings = [
        binding
        for at, depth in enumerate(depths)
        for binding in (
            Binding(f"data.{at}.z", "light", "stack", part=(at * layers, at * layers + depth + 1)),
            Binding(f"layout.annotations.{2 * at + 1}.text", "map_verdicts", part=at),
        )
    ]
    many = f"{seeds} seed" if seeds == 1 else f"{seeds} seeds"
    return Chart(
        "maps",
        figure,
        (*bindings, Binding("sentence", "{maps_said}", "text")),
        f"Gradient of each layer's weights, from the start (left) to now (median of {many}): green arrives, "
        "blue vanishes, red explodes, black is exactly 0",
        place="wide",
        tall=MAP_TALL,
        narrow=(NARROW_PX, narrow, MAP_TALL * -(-count // NARROW)),
    )


@lru_cache(maxsize=32)
def bands(quantity: str, caption: str, names: tuple[str, ...], seeds: int, target: float | None = None) -> Chart:
    """Draw medians and quartiles over seeds of each variant's curve.

    Parameters
    ----------
    quantity : str
        "loss", "accuracy" or "test_accuracy".
    caption : str
    names : tuple of str
    seeds : int
    target : float, optional
        The loss that counts as reached.
    """
    is_loss = quantity == "loss"
    form = ".4g" if is_loss else ".1%"
    traces: list[Any] = []
    bindings: list[Binding] = []
    for at, name in enumerate(names):
        color = theme.VARIANTS[at]
        band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "legendgroup": name}
        traces += [
            go.Scatter(**band),
            go.Scatter(**band, fill="tonexty", fillcolor=translucent(color)),
            go.Scatter(
                name=name,
                mode="lines",
                legendgroup=name,
                line={"color": color, "width": 2.5, "dash": theme.PLOTLY_DASHES[at]},
                hovertemplate=f"step %{{x}}<br>{name} %{{y:{form}}}<extra></extra>",
            ),
            go.Scatter(
                name="single runs",
                mode="lines",
                legendgroup="single runs",
                line={"color": color, "width": 1},
                opacity=0.5,
                showlegend=at == 0,
                visible="legendonly",
                hoverinfo="skip",
            ),
        ]
        for trace, part in ((4 * at, 3 * at), (4 * at + 1, 3 * at + 2), (4 * at + 2, 3 * at + 1)):
            bindings += [
                Binding(f"data.{trace}.x", f"{quantity}_step", "course"),
                Binding(f"data.{trace}.y", f"{quantity}_quartiles", "course", part),
            ]
        each = (at * seeds, (at + 1) * seeds)
        bindings += [
            Binding(f"data.{4 * at + 3}.x", f"{quantity}_single_step", "curves", each),
            Binding(f"data.{4 * at + 3}.y", f"{quantity}_single", "curves", each),
        ]
    if target is not None:
        traces.append(
            go.Scatter(
                x=[0, 1],
                y=[target] * 2,
                xaxis="x2",
                mode="lines+text",
                text=[f"loss {target:g}", ""],
                textposition="top right",
                line={"color": INK, "width": 1, "dash": "dot"},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    legend = {"x": 1.01, "xanchor": "left", "y": 1, "yanchor": "top", "font": {"size": 13}, "bgcolor": "rgba(0,0,0,0)"}
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "step", "standoff": 6}, "nticks": 5, "rangemode": "tozero"},
        xaxis2={"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "autorange": False},
        yaxis={
            "autorange": False,
            "range": [0, 3 if is_loss else 1],
            "nticks": 5,
            "tickformat": "" if is_loss else ".0%",
        },
        showlegend=True,
        legend=legend,
        margin={"l": 56, "t": 6, "b": 42, "r": 150},
    )
    if is_loss:
        bindings.append(Binding("layout.yaxis.range", "loss_range"))
    narrow = {
        "legend": {"orientation": "h", "x": 0, "y": -0.3, "yanchor": "top", "font": {"size": 13}},
        "margin": {"l": 56, "t": 6, "r": 8, "b": 42 + 24 * -(-len(names) // 2)},
    }
    return Chart(
        quantity,
        figure,
        (*bindings, Binding("sentence", f"{{{quantity}_said}}", "text")),
        caption,
        place="half",
        tall=215,
        narrow=(NAMES_PX, narrow, 260 + 24 * -(-len(names) // 2)),
    )


@lru_cache(maxsize=32)
def spreads(names: tuple[str, ...], depths: tuple[int, ...], layers: int) -> Chart:
    """Draw the standard deviation of each hidden layer's activations: at the start thin, now bold."""
    traces: list[Any] = []
    bindings: list[Binding] = []
    for at, (name, depth) in enumerate(zip(names, depths, strict=True)):
        color, part = theme.VARIANTS[at], (at * layers, at * layers + depth)
        for when, width, dash, array in (
            ("at the start", 1, "dot", "spread_start"),
            ("now", 2.5, "solid", "activation_std"),
        ):
            bindings.append(Binding(f"data.{len(traces)}.y", array, part=part))
            traces.append(
                go.Scatter(
                    x=list(range(1, depth + 1)),
                    name=name,
                    legendgroup=name,
                    showlegend=when == "now",
                    mode="lines+markers" if depth == 1 else "lines",
                    line={"color": color, "dash": dash, "width": width},
                    hovertemplate=f"{name}, {when}<br>layer %{{x}}: std %{{y:.4e}}<extra></extra>",
                )
            )
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "hidden layer", "standoff": 6}, "nticks": 8},
        showlegend=False,
        yaxis={"type": "log", "autorange": False, "range": [-8, 1], "exponentformat": "power", "nticks": 6},
        margin={"l": 62, "t": 6, "b": 42},
    )
    return Chart(
        "spread",
        figure,
        (*bindings, Binding("layout.yaxis.range", "spread_range"), Binding("sentence", "{spread_said}", "text")),
        "Spread (std) of each layer's activations: dotted at the start, bold now",
        place="half",
        tall=215,
    )


@lru_cache(maxsize=32)
def histograms(names: tuple[str, ...], depths: tuple[int, ...]) -> Chart:
    """Draw the activations of every layer of every variant, as shades on each variant's own axis."""
    count = len(names)
    traces: list[Any] = []
    axes: list[tuple[Layout, Layout]] = []
    bindings: list[Binding] = []
    for at, depth in enumerate(depths):
        number, own = "" if at == 0 else str(at + 1), max(1, depth)
        traces.append(
            go.Heatmap(
                x=list(range(1, own + 1)),
                xaxis=f"x{number}",
                yaxis=f"y{number}",
                zmin=0,
                zmax=255,
                showscale=False,
                colorscale=[[0, PAPER], [1, theme.VARIANTS[at]]],
                hovertemplate=f"{names[at]}, layer %{{x}}<br>activation about %{{y:.3g}}<extra></extra>",
            )
        )
        axes.append(
            (
                {"tickvals": [1, own], "showgrid": False, "range": [0.5, own + 0.5], "autorange": False},
                {"nticks": 3, "showgrid": False, "autorange": False, "tickfont": {"size": 12}},
            )
        )
        bindings += [
            Binding(f"data.{at}.z", f"histogram{at}"),
            Binding(f"data.{at}.y0", f"histogram{at}_first"),
            Binding(f"data.{at}.dy", f"histogram{at}_bin"),
            Binding(f"layout.yaxis{number}.range", f"histogram{at}_range"),
        ]
    wide, narrow = _small(
        count, 0.14, 0.14, 0.05, axes, lambda places: _named(places, names, [""] * count, [""] * count)
    )
    figure = figure_of(*traces, margin={"l": 40, "t": 4, "b": 10}, **wide)
    said = Binding(
        "sentence", "Histograms of the activations of each layer, first to last, of one seed of each variant.", "text"
    )
    return Chart(
        "histogram",
        figure,
        (*bindings, said),
        "Activations of each layer, first to last, of one seed",
        place="wide",
        tall=HISTOGRAM_TALL,
        narrow=(NARROW_PX, narrow, HISTOGRAM_TALL * -(-count // NARROW)),
    )
