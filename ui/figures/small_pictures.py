"""Pictures of variants beside each other: gradients over time as light, activations as shades."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ui import theme
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import PAPER
from ui.figures.layout import figure_of

# Small pictures beside each other on a narrow place.
NARROW = 2
MAP_TALL, HISTOGRAM_TALL = 250, 165
# Below so many px a place is narrow.
NARROW_PX = 700
# Letters of names, and of smaller type, that a row of small pictures has room for.
NAME_LETTERS, LETTERS = 100, 120
Layout = dict[str, Any]


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
