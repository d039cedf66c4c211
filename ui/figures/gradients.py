"""Every layer's gradient: as bars, on a logarithmic axis and on a linear one, and over time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from gradcore.numbers import readable
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK
from ui.figures.layout import OVERLAID, figure_of, layer_axis, layer_ticks, level

# A bar for what has no place on an axis.
_ODD = {
    "color": "rgba(0,0,0,0)",
    "line": {"color": INK, "width": 1},
    "pattern": {"shape": "/", "fgcolor": INK, "bgcolor": "rgba(0,0,0,0)", "size": 7},
}
# As many bars can be told apart by an outline each.
_OUTLINED = 40
# Below so many px there is room for so many numbers of layers.
NARROW_PX, NARROW_TICKS = 430, 6


@lru_cache(maxsize=64)
def powers(layers: int, limits: tuple[float, float]) -> Chart:
    """Draw every layer's gradient on a logarithmic axis, with both limits of the last hidden layer's.

    What has no place on the axis stands as a hatched bar with its name.

    Parameters
    ----------
    layers : int
        Weight layers.
    limits : (float, float)
        Of the last hidden layer's gradient, below and above which a layer's has vanished or explodes.
    """
    axis = {"type": "log", "autorange": False, "range": [-10, 1], "exponentformat": "power", "nticks": 8}
    lines, caption = [], _CAPTION
    bindings = [Binding("data.0.y", "grad_rms"), *_SHARED, Binding("layout.yaxis.range", "gradient_range")]
    if layers > 2:
        caption += f"; dashed: exploding above {readable(limits[1])}, vanished below {readable(limits[0])}"
        caption += f" of layer {layers - 1}'s"
        for at, (name, color) in enumerate((("exploding_at", light.ORANGE), ("vanished_at", light.BLUE))):
            lines.append(level(1, color=color, dash="dash"))  # where it is comes with each frame
            bindings += [Binding(f"layout.shapes.{at}.{end}", name) for end in ("y0", "y1")]
            # Of a last hidden layer that has no gradient, or none that is a number, there is no part.
            bindings.append(Binding(f"layout.shapes.{at}.visible", "has_limits", "own", otherwise=True))
    figure = figure_of(*_bars(layers, "%{y:.6e} a weight"), **_layout(layers, axis), shapes=lines)
    return Chart(
        "gradients",
        figure,
        (*bindings, _sentence(layers)),
        caption,
        place="hero",
        narrow=_narrow(figure, layers),
    )


@lru_cache(maxsize=64)
def linear(layers: int) -> Chart:
    """Draw every layer's gradient as a part of the largest layer's, on a linear axis: one sees what is gone."""
    axis = {"autorange": False, "range": [0, 1.02], "tickformat": ".0%", "nticks": 6}
    figure = figure_of(*_bars(layers, "%{y:.3%} of the largest"), **_layout(layers, axis))
    return Chart(
        "linear",
        figure,
        (Binding("data.0.y", "of_largest"), *_SHARED, _sentence(layers)),
        f"{_CAPTION}, in % of the largest",
        place="hero",
        narrow=_narrow(figure, layers),
    )


_CAPTION = "Gradient of each layer's weights (rms)"
_SHARED = (
    Binding("data.0.marker.color", "light"),
    Binding("data.0.customdata", "light"),
    # A trace that nobody sees would cost a fifth of every drawing.
    Binding("data.1.visible", "odd", "own", otherwise=False),
    Binding("data.1.y", "odd_heights", "own", otherwise=[]),
    Binding("data.1.text", "odd_names", "own", otherwise=[]),
)


def _bars(layers: int, value: str) -> tuple[go.Bar, go.Bar]:
    places = list(range(1, layers + 1))
    outline = {"color": INK, "width": 1 if layers <= _OUTLINED else 0}
    gradients = go.Bar(
        x=places,
        marker={**light.BOUNDS, "line": outline},
        customdata=[],
        showlegend=False,
        hovertemplate=f"layer %{{x}}: {value}<br>10<sup>%{{customdata:.2f}}</sup> of layer {max(1, layers - 1)}'s"
        "<extra></extra>",
    )
    odd = go.Bar(
        x=places,
        y=[],
        marker=_ODD,
        yaxis="y2",
        text=[],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        textfont={"color": INK},
        showlegend=False,
        hovertemplate="layer %{x}: %{text}<extra></extra>",
    )
    return gradients, odd


def _layout(layers: int, axis: dict[str, Any]) -> dict[str, Any]:
    return {"xaxis": layer_axis(layers), "barmode": "overlay", "bargap": 0.22, "yaxis": axis, "yaxis2": OVERLAID}


def _narrow(figure: go.Figure, layers: int) -> tuple[int, dict[str, Any], None]:
    """Return where there is room for few layers' numbers only, and the axis there."""
    places, names = layer_ticks(layers, NARROW_TICKS)
    axis = figure.layout.xaxis.to_plotly_json()
    return NARROW_PX, {"xaxis": {**axis, "tickvals": places, "ticktext": names}}, None


def _sentence(layers: int) -> Binding:
    hidden = f"{{grad_rms.{max(0, layers - 2)}}}"
    said = f"Gradient per weight: layer 1 {{grad_rms.0}}, last hidden layer {hidden}, output {{grad_rms.-1}}."
    return Binding("sentence", said, "text")


@lru_cache(maxsize=64)
def course(layers: int) -> Chart:
    """Draw every layer's gradient over time as light, the start on top, under the bars of the same layers."""
    figure = figure_of(
        go.Heatmap(
            x=list(range(1, layers + 1)),
            **light.HEAT,
            hovertemplate="layer %{x}<br>10<sup>%{z:.2f}</sup> of the last hidden layer's<extra></extra>",
        ),
        xaxis=layer_axis(layers, title="", showticklabels=False),
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": "", "showticklabels": False, "zeroline": False},
        plot_bgcolor=light.UNREAL,
        margin={"t": 2, "b": 4},
    )
    bindings = (
        Binding("data.0.z", "light", "stack"),
        Binding(
            "sentence",
            "Each layer's gradient against the last hidden one, steps 0 to {step:d}: layer 1's is {light.0:power} now.",
            "text",
        ),
    )
    return Chart("course", figure, bindings, "The same over time, the start above, now below", place="strip")
