"""Figures of the article's experiments: lines over layers or steps, bars and histograms; records in, figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from gradcore.numbers import readable
from ui import theme
from ui.figures import light
from ui.figures.colors import INK
from ui.figures.layout import apply_layout

Vector = npt.NDArray[np.float64]
Lines = Mapping[str, npt.ArrayLike]

# Over fewer powers of ten than these, an axis has ticks at 1, 2 and 5.
FEW = 2
HEIGHT, BINS, TICKS, MOST_TOLD = 350, 40, 6, 8


def by_layer(lines: Lines, title: str, unit: str) -> go.Figure:
    """Draw one line a network over its layers, on a logarithmic axis; what has no place on it is told by name.

    Parameters
    ----------
    lines : mapping
        Name → (layers,) of numbers of any size, input side first.
    title, unit : str
    """
    longest = max(np.size(values) for values in lines.values())
    figure = curves(list(range(1, longest + 1)), lines, title, "layer, from input to output", unit, markers=True)
    _log(figure, lines)
    return figure


def curves(
    x: npt.ArrayLike, lines: Lines, title: str, x_unit: str, unit: str, markers: bool = False, log: bool = False
) -> go.Figure:
    """Draw lines over one axis; each may be shorter than x."""
    figure, places = go.Figure(), np.asarray(x)
    for number, (name, given) in enumerate(lines.items()):
        values = np.asarray(given, dtype=float)
        drawable = np.isfinite(values) & ((values > 0) if log or markers else True)
        figure.add_scatter(
            x=places[: len(values)],
            y=np.where(drawable, values, np.nan),
            name=name if drawable.any() else f"{name}: {readable(values[0])}",
            # A line of one point would not be seen.
            mode="lines+markers" if markers or drawable.sum() == 1 else "lines",
            line={"color": theme.VARIANTS[number], "width": 2.5, "dash": theme.PLOTLY_DASHES[number]},
            marker={"size": 8},
            hovertemplate=f"{name}<br>{x_unit.split(',')[0]} %{{x}}<br>%{{y:.4g}}<extra></extra>",
        )
    figure.update_xaxes(title=x_unit)
    figure.update_yaxes(title=unit)
    if log:
        _log(figure, lines)
    return _dressed(figure, title, len(lines) > 1)


def bars(series: Mapping[str, Mapping[str, float]], title: str, unit: str, log: bool = False) -> go.Figure:
    """Draw groups of bars; a zero or a NaN, which has no height, is written where the bar would stand.

    Parameters
    ----------
    series : mapping
        Name of a color → name of a group → value.
    title, unit : str
    log : bool
    """
    figure = go.Figure()
    # More numbers than these have no room on their bars, and are read on hover.
    told = sum(map(len, series.values())) <= MOST_TOLD
    for number, (name, values) in enumerate(series.items()):
        known = [value if np.isfinite(value) and value != 0 else np.nan for value in values.values()]
        figure.add_bar(
            x=list(values),
            y=known,
            name=name,
            marker={"color": theme.VARIANTS[number]},
            text=[readable(value) for value in values.values()] if told else None,
            # Above the bar: inside of it a phone's bars are too narrow.
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            offsetgroup=str(number),
            hovertemplate=f"%{{x}}<br>{name} %{{y:.4g}}<extra></extra>",
        )
        _write_what_has_no_height(figure, values, number, len(series))
    figure.update_xaxes(type="category", tickangle=0)
    figure.update_yaxes(title=unit)
    if log:
        _log(figure, {name: list(values.values()) for name, values in series.items()})
    figure.update_layout(barmode="group", uniformtext={"minsize": 11, "mode": "show"})
    return _dressed(figure, title, len(series) > 1)


def _write_what_has_no_height(figure: go.Figure, values: Mapping[str, float], number: int, count: int) -> None:
    for place, value in enumerate(values.values()):
        if value == 0 or not np.isfinite(value):
            figure.add_annotation(
                # On an axis of categories a place between them is a plain number.
                x=place + (number - (count - 1) / 2) * 0.8 / count,
                y=0,
                yref="paper",
                yanchor="bottom",
                text="0" if value == 0 else readable(value),
                showarrow=False,
                font={"size": 12, "color": INK if value == 0 else light.UNREAL},
            )


def histogram(
    groups: Mapping[str, npt.ArrayLike], title: str, unit: str, marks: Mapping[str, float] | None = None
) -> go.Figure:
    """Draw each group's share in common bins, with named vertical lines.

    Parameters
    ----------
    groups : mapping
        Name → numbers.
    title, unit : str
    marks : mapping, optional
        Name → place on the horizontal axis.
    """
    marks = marks or {}
    arrays = {name: np.asarray(values, dtype=float).ravel() for name, values in groups.items()}
    everything = np.concatenate([*arrays.values(), list(marks.values())])
    edges = np.linspace(everything.min(), everything.max(), BINS + 1)
    figure = go.Figure()
    for number, (name, values) in enumerate(arrays.items()):
        shares = np.histogram(values, edges)[0] / len(values)
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=shares,
            name=name,
            opacity=0.75,
            marker={"color": theme.VARIANTS[number]},
            hovertemplate=f"{name}<br>%{{x:.3g}}: %{{y:.1%}}<extra></extra>",
        )
    for number, (name, place) in enumerate(marks.items(), start=len(arrays)):
        figure.add_scatter(
            x=[place, place],
            y=[0, 1],
            yaxis="y2",
            name=f"{name}: {readable(place)}",
            mode="lines",
            line={"color": theme.VARIANTS[number], "width": 3, "dash": theme.PLOTLY_DASHES[number]},
        )
    figure.update_layout(
        barmode="overlay",
        bargap=0.02,
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    )
    figure.update_xaxes(title=unit)
    figure.update_yaxes(title="share", tickformat=".0%", selector={"overlaying": None})
    return _dressed(figure, title, len(groups) + len(marks) > 1)


def points(x: Sequence[float], y: Sequence[float], name: str, figure: go.Figure) -> go.Figure:
    """Add measured points to a figure of lines."""
    figure.add_scatter(
        x=list(x),
        y=list(y),
        name=name,
        mode="markers",
        marker={"color": theme.SERIES[1], "size": 11, "symbol": "diamond"},
        hovertemplate=f"{name}<br>%{{x:.3g}}: %{{y:.4g}}<extra></extra>",
    )
    return figure


def _log(figure: go.Figure, lines: Lines) -> None:
    values = np.concatenate([np.ravel(np.asarray(one, dtype=float)) for one in lines.values()])
    positive = values[np.isfinite(values) & (values > 0)]
    span = float(np.ptp(np.log10(positive))) if len(positive) else 0.0
    figure.update_yaxes(type="log", exponentformat="power", dtick="D2" if span < FEW else int(np.ceil(span / TICKS)))
    if span < 1:  # a line that hardly moves should look so
        middle = float(np.log10(positive).mean()) if len(positive) else 0.0
        figure.update_yaxes(range=[middle - 1, middle + 1])


def _dressed(figure: go.Figure, title: str, legend: bool) -> go.Figure:
    apply_layout(figure, title, HEIGHT)
    figure.update_layout(showlegend=legend, margin={"t": 45, "b": 105 if legend else 60, "r": 10})
    # Below the picture, where names have room on a phone, too.
    place = {"y": -0.32, "yanchor": "top", "x": 0, "xanchor": "left"}
    figure.update_layout(legend={**place, "font": {"size": theme.FONT_SIZE - 1}})
    return figure
