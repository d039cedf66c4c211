"""The records of a run in training, at rest: exact numbers on hover, zoom, legend."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from gradcore.numbers import readable
from ui import theme
from ui.history import Course

Vector = npt.NDArray[np.float64]


def layer_names(layers: int) -> list[str]:
    """Return "1" … for the hidden layers and "output" for the last."""
    return [*(str(layer) for layer in range(1, layers)), "output"]


def against_last_hidden(rms: Vector) -> Vector:
    """Return ratios to the last hidden layer's; the only layer's own if there is no hidden one."""
    with np.errstate(all="ignore"):
        return np.asarray(rms / rms[..., [max(0, rms.shape[-1] - 2)]])


def gradient_by_layer(course: Course) -> go.Figure:
    """Draw the last record's gradient of every layer on a logarithmic axis, input side left."""
    rms = course.grad_rms[-1]
    names = layer_names(len(rms))
    powers = np.log10(against_last_hidden(rms), where=rms > 0, out=np.full(len(rms), np.nan))
    drawable = np.isfinite(rms) & (rms > 0)
    figure = go.Figure(
        go.Bar(
            x=names,
            y=np.where(drawable, rms, np.nan),
            marker={
                "color": powers,
                "colorscale": theme.TEMPERATURE,
                "cmin": -theme.TEMPERATURE_RANGE,
                "cmax": theme.TEMPERATURE_RANGE,
            },
            customdata=np.stack([rms, course.grad_norm[-1]], axis=-1),
            hovertemplate="layer %{x}<br>rms %{customdata[0]:.6e}<br>norm %{customdata[1]:.6e}<extra></extra>",
        )
    )
    for name, value in zip(names, rms, strict=True):
        if not (np.isfinite(value) and value > 0):
            figure.add_annotation(x=name, y=0, yref="paper", yanchor="bottom", text=readable(value), showarrow=False)
    figure.update_xaxes(title="layer, from input to output", type="category")
    figure.update_yaxes(title="∂loss/∂W, root mean square", type="log", exponentformat="power", dtick=_decades(rms))
    return theme.dress(figure, f"Gradient of each layer's weights at step {course.step[-1]:,}")


def _decades(values: Vector) -> int:
    """Return how many powers of ten apart the ticks of a logarithmic axis stand best."""
    positive = values[np.isfinite(values) & (values > 0)]
    span = np.ptp(np.log10(positive)) if len(positive) else 0
    return max(1, int(np.ceil(span / 8)))


def gradient_over_time(course: Course) -> go.Figure:
    """Draw every layer's gradient against the last hidden layer's, over all records, as temperatures."""
    ratios = against_last_hidden(course.grad_rms)
    powers = np.log10(ratios, where=ratios > 0, out=np.full(ratios.shape, np.nan))
    powers[~np.isfinite(powers)] = np.nan
    tick = [-8, -6, -4, -2, 0, 2, 4, 6, 8]
    figure = go.Figure(
        go.Heatmap(
            x=layer_names(ratios.shape[1]),
            y=course.step,
            z=powers,
            colorscale=theme.TEMPERATURE,
            zmin=-theme.TEMPERATURE_RANGE,
            zmax=theme.TEMPERATURE_RANGE,
            customdata=ratios,
            hovertemplate="layer %{x}, step %{y}<br>%{customdata:.3e} of the last hidden layer<extra></extra>",
            colorbar={"tickvals": tick, "ticktext": [f"10<sup>{power}</sup>" for power in tick], "title": "ratio"},
        )
    )
    figure.update_xaxes(title="layer, from input to output", type="category", tickangle=0)
    figure.update_yaxes(title="step, the start on top", autorange="reversed")
    return theme.dress(figure, "Gradient against the last hidden layer")


def loss_and_accuracy(course: Course) -> list[go.Figure]:
    """Draw loss, and accuracy where there are classes, of the mini-batches and of the test part."""
    figures = [
        _curves(
            course, "Loss, from the start to now", "loss (nats)", {"mini-batch": "loss", "test": "test_loss"}, ".6g"
        )
    ]
    if not np.isnan(course.accuracy).all():
        names = {"mini-batch": "accuracy", "test": "test_accuracy"}
        figures.append(_curves(course, "Accuracy, from the start to now", "share right", names, ".2%"))
        figures[-1].update_yaxes(tickformat=".0%", range=[0, 1])
    return figures


def _curves(course: Course, title: str, unit: str, columns: dict[str, str], digits: str) -> go.Figure:
    figure = go.Figure()
    for label, column in columns.items():
        values = getattr(course, column)
        known = np.isfinite(values)
        figure.add_scatter(
            x=course.step[known],
            y=values[known],
            name=label,
            mode="lines",
            line={"color": theme.QUANTITY[column], "width": 3 if label == "test" else 1.5},
            opacity=1 if label == "test" else 0.6,
            hovertemplate=f"step %{{x}}<br>{label} %{{y:{digits}}}<extra></extra>",
        )
    figure.update_xaxes(title="step")
    figure.update_yaxes(title=unit)
    return theme.dress(figure, title)
