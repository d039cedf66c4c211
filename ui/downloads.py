"""What a visitor takes away: tables as CSV, all figures as one HTML page that needs no network."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Mapping, Sequence

import numpy as np

from ui import data_sets
from ui.cards import Card, Columns
from ui.experiment import Experiment


def origin(experiment: Experiment, step: int) -> str:
    """Return where numbers come from: settings, seed, step, and what they were computed with."""
    spec, tspec = experiment.spec, experiment.tspec
    return (
        f"gradcore, NumPy {np.__version__}, {spec.dtype}; data {experiment.dataset}, noise {experiment.noise:g}; "
        f"{spec}; {tspec}; seed {experiment.seed}; up to step {step}"
    )


def table_csv(table: Columns, source: str) -> str:
    """Return a table as CSV, its origin in a first line that starts with #."""
    text = io.StringIO()
    text.write(f"# {source}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return text.getvalue()


STYLE = (
    "body{font:16px sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem} th{text-align:left;padding:0 1rem 0 0}"
    " details{overflow-x:auto;margin-bottom:2rem} td{padding:0 1rem 0 0;font-variant-numeric:tabular-nums}"
)
# Rows of a table on a page: a course's others are in its CSV.
MAX_ROWS = 60


def page_html(title: str, lines: Sequence[str], cards: Sequence[Card], settings: Mapping[str, str]) -> str:
    """Return a page with all figures; Plotly is in it once, so it opens without a network."""
    parts = [f"<h1>{html.escape(title)}</h1>", *(f"<p>{html.escape(line)}</p>" for line in lines)]
    rows = (f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in settings.items())
    parts.append(f"<table>{''.join(rows)}</table>")
    plotly_is_in = False
    for card in cards:
        if card.figure is not None:
            parts.append(card.figure.to_html(full_html=False, include_plotlyjs=not plotly_is_in))
            plotly_is_in = True
        parts.append(f"<p>{html.escape(card.sentence)}</p>")
        parts.append(_table_html(card.table))
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _table_html(table: Columns) -> str:
    """Return a table, closed: all of it if it is short, else so many rows from its first to its last."""
    rows = list(zip(*table.values(), strict=True))
    places = np.unique(np.linspace(0, max(0, len(rows) - 1), min(len(rows), MAX_ROWS)).astype(int))
    said = "The numbers" if len(places) == len(rows) else f"The numbers: {len(places)} of {len(rows):,} rows"
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table)
    body = "".join(f"<tr>{''.join(map(_cell, rows[place]))}</tr>" for place in places)
    return f"<details><summary>{said}</summary><table><tr>{head}</tr>{body}</table></details>"


def _cell(value: object) -> str:
    return f"<td>{html.escape(f'{value:.6g}' if isinstance(value, float) else str(value))}</td>"


def settings_table(experiment: Experiment, changes: Sequence[tuple[int, float]]) -> dict[str, str]:
    """Return an experiment's settings in words."""
    spec, tspec = experiment.spec, experiment.tspec
    rates = "".join(f"; {rate:g} from step {step:,}" for step, rate in changes)
    return {
        "Data": data_sets.words(experiment.dataset, experiment.noise),
        "Layers": " – ".join(str(size) for size in spec.sizes),
        "Activation": ", ".join(dict.fromkeys(spec.activations)) or "none",
        "Initializer": ", ".join(dict.fromkeys(spec.initializers)),
        "Gain": "1" if spec.gain is None else str(spec.gain),
        "Normalization, residual": f"{spec.normalization or 'none'}, {'yes' if spec.residual else 'no'}",
        "Optimizer": f"{tspec.optimizer}, learning rate {tspec.learning_rate:g} now{rates}, batch {tspec.batch_size}",
        "Seed": str(experiment.seed),
        "Computed with": f"gradcore, NumPy {np.__version__}, {spec.dtype}",
    }
