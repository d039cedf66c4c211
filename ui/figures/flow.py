"""Gradient flow: the factors' waterfall, gradients against number formats, other activations, stretching."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ui import theme
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK
from ui.figures.layout import LEGEND, OVERLAID, figure_of

WEIGHTS, REST = theme.SERIES[2], theme.SERIES[0]
# Lines that a chart has room for: initializers with singular values, activations of the same matrices.
STRETCHED, CURVES = 3, 4
_LAYERS = {"title": {"text": "layer, from input to output", "standoff": 10}, "autorange": False, "showgrid": False}
# For a chart at the side, which has room for fewer names.
_FEW_LAYERS = (
    Binding("layout.xaxis.range", "layer_range"),
    Binding("layout.xaxis.tickvals", "few_ticks"),
    Binding("layout.xaxis.ticktext", "few_names"),
)
_LAYER_BINDINGS = (
    Binding("layout.xaxis.range", "layer_range"),
    Binding("layout.xaxis.tickvals", "layer_ticks"),
    Binding("layout.xaxis.ticktext", "layer_names"),
)


def _power_axis(prefix: str) -> tuple[Binding, ...]:
    return (
        Binding("layout.yaxis.range", f"{prefix}_range"),
        Binding("layout.yaxis.tickvals", f"{prefix}_ticks"),
        Binding("layout.yaxis.ticktext", f"{prefix}_names"),
    )


@lru_cache(maxsize=1)
def waterfall() -> Chart:
    """Draw ‖δ‖ of every layer with its band over seeds, and each layer's two factors as bars (all powers of ten)."""
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure = figure_of(
        go.Scatter(**band),
        go.Scatter(**band, fill="tonexty", fillcolor="rgba(134,138,142,0.25)"),
        go.Bar(
            name="× weights",
            marker={"color": WEIGHTS},
            width=0.3,
            offset=0.16,
            hovertemplate="layer %{x:.0f}<br>its weights: × 10<sup>%{y:.3f}</sup><extra></extra>",
        ),
        go.Bar(
            name="× the rest",
            marker={"color": REST, "pattern": {"shape": "/"}},
            width=0.3,
            offset=-0.46,
            hovertemplate="layer %{x:.0f}<br>the rest: × 10<sup>%{y:.3f}</sup><extra></extra>",
        ),
        go.Scatter(
            name="‖δ‖",
            mode="lines+markers",
            line={"color": INK, "width": 1.5},
            marker={"size": 9, **light.BOUNDS, "line": {"color": INK, "width": 1}},
            hovertemplate="layer %{x:.0f}<br>‖δ‖ = 10<sup>%{y:.3f}</sup><extra></extra>",
        ),
        go.Scatter(
            mode="text",
            yaxis="y2",
            y=[],
            text="0",
            textfont={"color": INK},
            hovertemplate="layer %{x:.0f}: exactly 0<extra></extra>",
            showlegend=False,
        ),
        xaxis=_LAYERS,
        yaxis={"autorange": False, "title": {"text": "‖δ‖", "standoff": 10}},
        yaxis2=OVERLAID,
        barmode="overlay",
        showlegend=True,
        legend=LEGEND,
        margin={"t": 26},
    )
    bindings = (
        Binding("data.0.x", "band_layers"),
        Binding("data.0.y", "lower"),
        Binding("data.1.x", "band_layers"),
        Binding("data.1.y", "upper"),
        Binding("data.2.x", "hidden"),
        Binding("data.2.y", "weights"),
        Binding("data.2.base", "weights_from"),
        Binding("data.3.x", "hidden"),
        Binding("data.3.y", "others"),
        Binding("data.3.base", "others_from"),
        Binding("data.3.name", "others_name"),
        Binding("data.4.x", "layers"),
        Binding("data.4.y", "deltas"),
        Binding("data.4.marker.color", "delta_light"),
        Binding("data.5.x", "zero_layers"),
        Binding("data.5.y", "zero_heights"),
        Binding("data.5.text", "zero_names"),
        *_LAYER_BINDINGS,
        *_power_axis("delta"),
        Binding("sentence", "{headline} {blame} {spread}", "text"),
    )
    return Chart(
        "waterfall",
        figure,
        bindings,
        "δ on its way from the loss (right) to the input: what each layer multiplies it by",
        place="hero",
    )


@lru_cache(maxsize=1)
def gradients(formats: tuple[tuple[str, float], ...]) -> Chart:
    """Draw the weight gradients' rms on a logarithmic axis, with the smallest number of each format."""
    figure = figure_of(
        go.Bar(
            marker={**light.BOUNDS, "line": {"color": INK, "width": 1}},
            showlegend=False,
            hovertemplate="layer %{x:.0f}<br>10<sup>%{y:.3f}</sup> a weight<extra></extra>",
        ),
        *(
            go.Scatter(
                name=f"0 in {name} below",
                mode="lines",
                line={"color": theme.UNDERFLOW, "width": 2, "dash": dash},
                hovertemplate=f"below 10<sup>%{{y:.1f}}</sup> exactly 0 in {name}<extra></extra>",
                y=[math.log10(tiny)] * 2,
                cliponaxis=True,
            )
            for (name, tiny), dash in zip(formats, theme.PLOTLY_DASHES[1:], strict=False)
        ),
        go.Scatter(
            mode="text",
            yaxis="y2",
            y=[],
            text="0",
            textfont={"color": INK},
            showlegend=False,
            hovertemplate="layer %{x:.0f}<extra></extra>",
        ),
        xaxis=_LAYERS,
        yaxis={"autorange": False},
        yaxis2=OVERLAID,
        showlegend=True,
        legend=LEGEND | {"font": {"size": 13}},
        margin={"t": 26},
    )
    last = len(formats) + 1
    bindings = (
        Binding("data.0.x", "layers"),
        Binding("data.0.y", "gradient_heights"),
        Binding("data.0.base", "gradient_floor"),
        Binding("data.0.marker.color", "gradient_light"),
        *(Binding(f"data.{at}.x", "layer_range") for at in range(1, last)),
        Binding(f"data.{last}.x", "odd_layers"),
        Binding(f"data.{last}.y", "odd_heights"),
        Binding(f"data.{last}.text", "odd_names"),
        *_FEW_LAYERS,
        *_power_axis("gradient"),
        Binding("sentence", "{gradients_said} {precision}", "text"),
    )
    return Chart("gradients", figure, bindings, "Each layer's weight gradient (rms), and where number formats end")


@lru_cache(maxsize=1)
def curves() -> Chart:
    """Draw log10 ‖δ‖ of the same matrices with several activations."""
    traces = [
        go.Scatter(
            mode="lines+markers",
            line={"color": theme.SERIES[at], "dash": theme.PLOTLY_DASHES[at], "width": 3},
            marker={"size": 6},
            hovertemplate="layer %{x:.0f}<br>10<sup>%{y:.2f}</sup>",
        )
        for at in range(CURVES)
    ]
    figure = figure_of(
        *traces,
        xaxis=_LAYERS,
        yaxis={"autorange": False, "title": {"text": "‖δ‖", "standoff": 10}},
        showlegend=True,
        legend=LEGEND,
        margin={"t": 26},
    )
    bound = [
        binding
        for at in range(CURVES)
        for binding in (
            Binding(f"data.{at}.x", "layers"),
            Binding(f"data.{at}.y", f"curve{at}"),
            Binding(f"data.{at}.name", f"curve{at}_name"),
        )
    ]
    bindings = (
        *bound,
        *_LAYER_BINDINGS,
        *_power_axis("curve"),
        Binding("caption", "The same matrices with other activations: ‖δ‖, first seed{stale}", "text"),
        Binding("sentence", "{curves_said}", "text"),
    )
    return Chart("curves", figure, bindings, place="hero")


@lru_cache(maxsize=1)
def stretched() -> Chart:
    """Draw singular values (log10) of one layer's Jacobian and of the product of all."""
    traces: list[Any] = []
    for at in range(STRETCHED):
        for part, dash, width in (("one layer", "dot", 2), ("all layers", "solid", 3.5)):
            traces.append(
                go.Scatter(
                    mode="lines",
                    line={"color": theme.SERIES[at], "dash": dash, "width": width},
                    showlegend=part == "all layers",
                    hovertemplate=f"number %{{x}}, {part}<br>10<sup>%{{y:.2f}}</sup>",
                )
            )
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "singular value, largest first", "standoff": 10}, "nticks": 6},
        yaxis={"autorange": False},
        showlegend=True,
        legend=LEGEND,
        margin={"t": 26},
    )
    bound = []
    for at in range(STRETCHED):
        for trace, part in ((2 * at, "one"), (2 * at + 1, "product")):
            bound += [
                Binding(f"data.{trace}.x", f"{part}{at}_numbers"),
                Binding(f"data.{trace}.y", f"{part}{at}"),
                Binding(f"data.{trace}.name", f"stretched{at}_name"),
            ]
    bindings = (
        *bound,
        *_power_axis("stretched"),
        Binding("caption", "{stretched_title}{stale}", "text"),
        Binding("sentence", "{stretched_said}", "text"),
    )
    return Chart("stretched", figure, bindings)
