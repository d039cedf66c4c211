"""Every activation and its slope, each small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ui.figures.chart import Chart
from ui.figures.layout import AXIS, LEGEND, figure_of
from ui.figures.saturation import SLOPE, VALUE

Array = npt.NDArray[np.floating]
COLUMNS = 4


def gallery(names: Sequence[str], z: Array, curves: Sequence[Array], derivatives: Sequence[Array]) -> Chart:
    """Draw φ and φ′ of every activation as small multiples on one z axis."""
    rows = -(-len(names) // COLUMNS)
    traces: list[Any] = []
    axes: dict[str, Any] = {}
    notes = []
    for at, (label, curve, slope) in enumerate(zip(names, curves, derivatives, strict=True)):
        row, column = divmod(at, COLUMNS)
        number = "" if at == 0 else str(at + 1)
        left, top = column / COLUMNS + 0.012, 1 - row / rows - 0.05
        axes[f"xaxis{number}"] = {**AXIS, "domain": [left, left + 0.21], "anchor": f"y{number}", "nticks": 4}
        axes[f"yaxis{number}"] = {**AXIS, "domain": [top - 0.62 / rows, top], "anchor": f"x{number}", "nticks": 4}
        notes.append(
            {
                "x": left,
                "y": top,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "text": f"<b>{label}</b>",
                "showarrow": False,
                "font": {"size": 15},
            }
        )
        for values, name, color, dash in ((curve, "φ", VALUE, "solid"), (slope, "slope φ′", SLOPE, "dash")):
            traces.append(
                go.Scatter(
                    x=z,
                    y=values,
                    name=name,
                    mode="lines",
                    showlegend=at == 0,
                    legendgroup=name,
                    xaxis=f"x{number}",
                    yaxis=f"y{number}",
                    line={"color": color, "width": 2.5, "dash": dash},
                    hovertemplate=f"{label}<br>z %{{x:.2f}}<br>{name} %{{y:.4g}}<extra></extra>",
                )
            )
    figure = figure_of(
        *traces,
        **axes,
        annotations=notes,
        showlegend=True,
        legend=LEGEND | {"y": 1.02},
        margin={"l": 30, "t": 40},
        height=190 * rows + 60,
    )
    return Chart(
        "all_activations", figure, caption="Every activation φ (solid) and its slope φ′ (dashed)", place="wide"
    )
