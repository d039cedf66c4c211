"""Cards: a chart's figure, the sentence that says what it shows, and a table with its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui.figures.chart import Chart, Frame

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Card:
    """One figure with what belongs to it.

    Attributes
    ----------
    name : str
        For keys and file names.
    figure : go.Figure or None
        None where another card's has its numbers, too.
    sentence : str
    table : mapping
        Column name → values.
    """

    name: str
    figure: go.Figure | None
    sentence: str
    table: Columns


def chart_card(chart: Chart, frames: Sequence[Frame], table: Columns) -> Card:
    """Return a chart of a panel as a card: its figure and sentence at the last of these frames."""
    return Card(chart.name, chart.filled(frames), chart.sentence_at(frames), table)
