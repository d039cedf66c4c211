"""Charts of a network in training: its gradients, its drawing, its course, its layers, what it says of its data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gradcore.numbers import readable
from ui import theme
from ui.figures import light
from ui.figures.chart import Binding, Chart
from ui.figures.colors import INK, NEUTRAL, PAPER, QUIET
from ui.figures.layout import OVERLAID, figure_of, layer_ticks

# Units that a layer is drawn with: all of hundreds would be a grey wall.
UNITS = 5
# std(update) ÷ std(weight) that practice calls healthy (Karpathy, CS231n notes).
RULE = 1e-3
_LAYER_TITLE = "layer, from input to output"


def layer_axis(layers: int, most: int = 12, title: str = _LAYER_TITLE, **more: Any) -> dict[str, Any]:
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


@lru_cache(maxsize=64)
def gradients(layers: int, limits: tuple[float, float], place: str = "hero") -> Chart:
    """Draw every layer's gradient on a logarithmic axis; what has no place on it stands as a hatched bar with its name.

    Parameters
    ----------
    layers : int
        Weight layers.
    limits : (float, float)
        Of the last hidden layer's, below and above which it has vanished or explodes.
    place : str
    """
    places = list(range(1, layers + 1))
    odd = {
        "color": "rgba(0,0,0,0)",
        "line": {"color": INK, "width": 1},
        "pattern": {"shape": "/", "fgcolor": INK, "bgcolor": "rgba(0,0,0,0)", "size": 7},
    }
    lines = [
        go.Scatter(
            x=[0.5, layers + 0.5],
            y=[None, None],
            mode="lines+text",
            text=[f"{said} of layer {layers - 1}", ""],
            textposition=position,
            line={"color": color, "width": 2, "dash": "dash"},
            textfont={"color": color, "size": 13},
            hoverinfo="skip",
        )
        for said, position, color in (
            (f"vanished below {readable(limits[0])}", "bottom right", light.BLUE),
            (f"exploding above {readable(limits[1])}", "top right", light.ORANGE),
        )
    ]
    figure = figure_of(
        go.Bar(
            x=places,
            marker={**light.BOUNDS, "line": {"color": INK, "width": 1 if layers <= 40 else 0}},
            customdata=[],
            hovertemplate="layer %{x}: %{y:.6e} a weight<br>10<sup>%{customdata:.2f}</sup> of "
            f"layer {max(1, layers - 1)}'s<extra></extra>",
        ),
        go.Bar(
            x=places,
            y=[],
            marker=odd,
            yaxis="y2",
            text=[],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            textfont={"color": INK},
            hovertemplate="layer %{x}: %{text}<extra></extra>",
        ),
        *lines,
        xaxis=layer_axis(layers),
        barmode="overlay",
        bargap=0.22,
        yaxis={"type": "log", "autorange": False, "range": [-10, 1], "exponentformat": "power", "nticks": 8},
        yaxis2=OVERLAID,
    )
    hidden = f"{{grad_rms.{max(0, layers - 2)}}}"
    said = f"Gradient per weight: layer 1 {{grad_rms.0}}, last hidden layer {hidden}, output {{grad_rms.-1}}."
    limit_bindings = (
        Binding(f"data.{2 + at}.y.{end}", name)
        for at, name in enumerate(("vanished_at", "exploding_at"))
        for end in (0, 1)
    )
    return Chart(
        "gradients",
        figure,
        (
            Binding("data.0.y", "grad_rms"),
            Binding("data.0.marker.color", "light"),
            Binding("data.0.customdata", "light"),
            Binding("data.1.y", "odd_heights", "own", otherwise=[]),
            Binding("data.1.text", "odd_names", "own", otherwise=[]),
            *(limit_bindings if layers > 2 else ()),
            Binding("layout.yaxis.range", "gradient_range"),
            Binding("sentence", said, "text"),
        ),
        "Gradient of each layer's weights (root mean square), from the input (left) to the output",
        place=place,
    )


@lru_cache(maxsize=64)
def network(layers: int) -> Chart:
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
    if guessing is not None:
        traces.append(
            go.Scatter(
                x=[0, 1],
                y=[guessing] * 2,
                xaxis="x2",
                mode="lines+text",
                text=["guessing", ""],
                textposition="top right",
                line={"color": INK, "width": 1, "dash": "dot"},
                hoverinfo="skip",
            )
        )
    figure = figure_of(
        *traces,
        xaxis={"title": {"text": "step", "standoff": 6}, "nticks": 4, "rangemode": "tozero", "showgrid": False},
        xaxis2={"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "autorange": False},
        yaxis={
            "autorange": False,
            "range": [0, 3 if is_loss else 1],
            "nticks": 4,
            "tickformat": "" if is_loss else ".0%",
        },
        margin={"l": 56, "t": 4, "b": 40},
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


@lru_cache(maxsize=64)
def histogram(hidden: int, bins: int) -> Chart:
    """Draw each hidden layer's activations as a column of shades: the darker, the more of them are there."""
    figure = figure_of(
        go.Heatmap(
            x=list(range(1, hidden + 1)),
            colorscale=[[0, PAPER], [1, INK]],
            zmin=0,
            zmax=255,
            showscale=False,
            xgap=2 if hidden <= 40 else 0,
            hovertemplate="layer %{x}, activation about %{y:.3g}<extra></extra>",
        ),
        xaxis={
            "range": [0.5, hidden + 0.5],
            "autorange": False,
            "nticks": 7,
            "showgrid": False,
            "title": {"text": "hidden layer", "standoff": 6},
        },
        yaxis={"nticks": 4, "showgrid": False, "autorange": False},
        margin={"l": 56, "t": 4, "b": 40},
    )
    bindings = (
        Binding("data.0.z", "histogram"),
        Binding("data.0.y0", "histogram_first"),
        Binding("data.0.dy", "histogram_bin"),
        Binding("layout.yaxis.range", "histogram_range"),
        Binding(
            "sentence",
            "Histograms of the activations of the hidden layers: the darker, the more of a layer's are there.",
            "text",
        ),
    )
    return Chart("histogram", figure, bindings, "Activations of each layer", place="side")


@lru_cache(maxsize=64)
def shares(layers: int) -> Chart:
    """Draw the share of each hidden layer that is saturated, and that is dead or saturated for every sample."""
    hidden = list(range(1, layers))
    figure = figure_of(
        go.Bar(
            x=hidden,
            name="saturated",
            marker={"color": theme.VIOLET},
            hovertemplate="layer %{x}: %{y:.2%} saturated<extra></extra>",
        ),
        go.Bar(
            x=hidden,
            name="dead",
            marker={"color": NEUTRAL},
            hovertemplate="layer %{x}: %{y:.2%} for every sample<extra></extra>",
        ),
        xaxis={"range": [0.4, max(1, layers - 1) + 0.6], "autorange": False, "nticks": 7, "showgrid": False},
        barmode="overlay",
        yaxis={"range": [0, 1], "autorange": False, "nticks": 3, "tickformat": ".0%"},
        margin={"l": 56, "t": 4, "b": 24},
    )
    bindings = (
        Binding("data.0.y", "saturated_fraction"),
        Binding("data.1.y", "dead_fraction"),
        Binding("sentence", "Saturated: layer 1 {saturated_fraction.0:%}; dead: layer 1 {dead_fraction.0:%}.", "text"),
    )
    return Chart("shares", figure, bindings, "Saturated (violet), and dead (grey)", place="side")


@lru_cache(maxsize=64)
def updates(layers: int) -> Chart:
    """Draw std(update) ÷ std(weight) of each layer on a logarithmic axis, with the rule of thumb."""
    figure = figure_of(
        go.Scatter(
            x=list(range(1, layers + 1)),
            mode="markers",
            marker={"color": theme.SERIES[0], "size": 8 if layers <= 40 else 4},
            hovertemplate="layer %{x}: %{y:.3e}<extra></extra>",
        ),
        go.Scatter(
            x=[0.5, layers + 0.5],
            y=[RULE, RULE],
            mode="lines",
            line={"color": INK, "width": 1, "dash": "dot"},
            hoverinfo="skip",
        ),
        xaxis=layer_axis(layers, 6, ""),
        margin={"l": 56, "t": 4, "b": 24},
        yaxis={
            "type": "log",
            "range": [-10, 1],
            "autorange": False,
            "tickvals": [1e-10, 1e-6, 1e-3, 1],
            "exponentformat": "power",
        },
    )
    bindings = (
        Binding("data.0.y", "update_ratio"),
        Binding(
            "sentence",
            "Update over weight: layer 1 {update_ratio.0}, output {update_ratio.-1}; a rule of thumb is 10⁻³.",
            "text",
        ),
    )
    return Chart("update", figure, bindings, "Update ÷ weight of each layer", place="side")


def boundary(reach: float, points: Sequence[Sequence[float]], classes: int) -> Chart:
    """Draw what the network says of the plane, as colors of its classes, and the data on it.

    Parameters
    ----------
    reach : float
        Half the width of the plane.
    points : sequence of (x, y, class)
    classes : int
    """
    colors = theme.CLASSES[:classes]
    scale = []
    for number, color in enumerate(colors):
        scale += [[number / len(colors), PAPER], [(number + 1) / len(colors) - 1e-6, color]]
    scale[-1][0] = 1
    figure = figure_of(
        go.Heatmap(
            x0=-reach,
            y0=-reach,
            colorscale=scale,
            zmin=0,
            zmax=64 * len(colors),
            showscale=False,
            hoverinfo="skip",
            opacity=0.75,
        ),
        go.Scatter(
            x=[x for x, _, _ in points],
            y=[y for _, y, _ in points],
            mode="markers",
            hoverinfo="skip",
            marker={
                "size": 5,
                "color": [colors[int(kind) % len(colors)] for _, _, kind in points],
                "line": {"color": PAPER, "width": 0.8},
            },
        ),
        xaxis={"range": [-reach, reach], "autorange": False, "visible": False},
        margin={"l": 4, "t": 4, "b": 4, "r": 4},
        yaxis={"range": [-reach, reach], "autorange": False, "visible": False, "scaleanchor": "x"},
    )
    bindings = (
        Binding("data.0.z", "picture"),
        Binding("data.0.dx", "picture_step"),
        Binding("data.0.dy", "picture_step"),
        Binding("sentence", "What the network says of every point of the plane, by class, at step {step:d}.", "text"),
    )
    return Chart("picture", figure, bindings, "What it says of the plane", place="side")


def samples(truth: Sequence[int], pixels: Sequence[Sequence[int]], outputs: int) -> Chart:
    """Draw some test samples with the network's probabilities: the true class's bar stands out."""
    traces: list[Any] = []
    axes: dict[str, Any] = {}
    notes = []
    rows, kinds = len(truth), max(2, outputs)
    for row, true in enumerate(truth):
        top, number = 1 - row / rows, "" if row == 0 else str(row + 1)
        low, high = top - 0.78 / rows, top
        axes[f"xaxis{number}"] = {
            "domain": [0.24, 1],
            "anchor": f"y{number}",
            "range": [-0.6, kinds - 0.4],
            "autorange": False,
            "tickvals": list(range(kinds)),
            "showgrid": False,
            "tickfont": {"size": 11},
            "showticklabels": row == rows - 1,
        }
        axes[f"yaxis{number}"] = {
            "domain": [low, high],
            "anchor": f"x{number}",
            "range": [0, 1.02],
            "autorange": False,
            "showgrid": False,
            "showticklabels": False,
            "zeroline": True,
        }
        traces.append(
            go.Bar(
                x=list(range(kinds)),
                xaxis=f"x{number}",
                yaxis=f"y{number}",
                marker={"color": [theme.VIOLET if kind == true else NEUTRAL for kind in range(kinds)]},
                hovertemplate=f"is {true}; says %{{x}} with %{{y:.1%}}<extra></extra>",
            )
        )
        if pixels:
            at = rows + row + 1
            axes[f"xaxis{at}"] = {"domain": [0, 0.2], "anchor": f"y{at}", "visible": False}
            axes[f"yaxis{at}"] = {"domain": [low, high], "anchor": f"x{at}", "visible": False, "autorange": "reversed"}
            image = np.asarray(pixels[row], dtype=int).reshape(8, 8).tolist()
            traces.append(
                go.Heatmap(
                    z=image,
                    xaxis=f"x{at}",
                    yaxis=f"y{at}",
                    colorscale=[[0, PAPER], [1, INK]],
                    showscale=False,
                    hoverinfo="skip",
                )
            )
        else:
            notes.append(
                {
                    "x": 0,
                    "y": (low + high) / 2,
                    "xref": "paper",
                    "yref": "paper",
                    "text": f"is {true}",
                    "showarrow": False,
                    "xanchor": "left",
                }
            )
        notes.append(
            {
                "x": 1,
                "y": high,
                "xref": "paper",
                "yref": "paper",
                "text": "",
                "showarrow": False,
                "xanchor": "right",
                "yanchor": "top",
            }
        )
    figure = figure_of(*traces, **axes, annotations=notes, margin={"l": 4, "r": 4, "t": 4, "b": 22}, bargap=0.15)
    each = 2 if pixels else 1
    marks = [at for at, note in enumerate(notes) if note["xanchor"] == "right"]
    bindings = [
        binding
        for row in range(rows)
        for binding in (
            Binding(f"data.{each * row}.y", "picture", part=row),
            Binding(f"layout.annotations.{marks[row]}.text", "marks", part=row),
        )
    ]
    return Chart(
        "picture",
        figure,
        (
            *bindings,
            Binding("sentence", "What the network says of some test samples at step {step:d}: {marks_said}.", "text"),
        ),
        "What it says of test samples",
        place="side",
    )
