"""What a visitor can keep of a paused comparison: its link, its figures, all its records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from ui import data_sets, state
from ui.card_view import draw_cards, offer_script, show_link, whole_page
from ui.cards import Card, Columns, chart_card
from ui.comparison import links
from ui.comparison.packets import QUANTITIES, charts, frames_of
from ui.comparison.records import SCALARS
from ui.comparison.runs import ComparedRuns
from ui.comparison.setup import Setup, noise, training
from ui.downloads import table_csv
from ui.scripts import compare_script


def kept_comparison(slot: str) -> None:
    """Draw the paused comparison of `slot` as figures at rest; say how to get them while there is none."""
    st.subheader("The comparison so far, exactly")
    runs: ComparedRuns | None = state.get(slot)
    identity, step = state.get(f"{slot}.paused", (None, -1))
    if runs is None or identity != runs.identity or runs.store.count == 0:
        st.markdown("Pause, and every chart stands here in a sentence, as a table and as CSV.")
        return
    columns = runs.store.columns()
    count = int(np.searchsorted(columns["step"], step, side="right"))
    columns = {name: values[:count] for name, values in columns.items()}
    thinned = " Older steps are thinned out to keep the memory small." if runs.store.thinned else ""
    summary = f"Up to step {step:,}, where you paused.{thinned}"
    st.markdown(summary)
    show_link(
        links.write(runs.setup, step),
        "This link restores the comparison at this step, on the same machine bit for bit:",
        "This comparison is not restorable by a link: its variants are too long, or this step would take too many "
        "minutes to compute again.",
    )
    cards, source = comparison_cards(runs, columns), _origin(runs.setup, step)
    conclusion = next((one.conclusion for one in reversed(runs.judged) if one.step <= step), None)
    lines = [summary, *([conclusion.headline, conclusion.detail] if conclusion else [])]
    with st.container(horizontal=True):
        whole_page("Initializers side by side", lines, cards, _settings(runs), "comparison.html")
        setup = runs.setup
        offer_script(
            compare_script(
                runs.names, runs.specs, training(setup), setup.data, noise(setup), list(setup.all_seeds), step
            ),
            "comparison.py",
        )
        st.download_button(
            "All records (CSV)",
            data=lambda: table_csv(all_records(runs, columns), source),
            file_name="comparison.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    draw_cards(cards, slot, source)


def comparison_cards(runs: ComparedRuns, columns: dict[str, Any]) -> list[Card]:
    """Return the cards of a comparison up to its last record here."""
    names, depths, seeds = runs.names, [spec.depth for spec in runs.specs], runs.setup.all_seeds
    frames = frames_of(runs, columns)
    tables = {
        "maps": lambda: _layers(columns, "gradient", names, depths),
        "spread": lambda: _layers(columns, "activation_std", names, depths),
    }
    found = []
    for chart in charts(runs):
        if chart.name in QUANTITIES:
            found.append(chart_card(chart, frames, _curve(columns, chart.name, names, seeds)))
        elif chart.name in tables:
            found.append(chart_card(chart, frames, tables[chart.name]()))
    return found


def all_records(runs: ComparedRuns, columns: dict[str, Any]) -> Columns:
    """Return every kept record of every run, one row each."""
    records, variants, seeds = columns["loss"].shape
    steps = np.repeat(columns["step"], variants * seeds)
    names = np.tile(np.repeat(runs.names, seeds), records)
    numbers = np.tile(np.array(runs.setup.all_seeds), records * variants)
    table: dict[str, Any] = {"step": steps.tolist(), "variant": names.tolist(), "seed": numbers.tolist()}
    for name in (*SCALARS, "diverged"):
        table[name] = columns[name].ravel().tolist()
    return table


def _curve(columns: dict[str, Any], name: str, names: list[str], seeds: Sequence[int]) -> Columns:
    table: dict[str, Any] = {"step": columns["step"].tolist()}
    for variant, label in enumerate(names):
        for seed, values in zip(seeds, columns[name][:, variant].T, strict=True):
            table[f"{label}, seed {seed}"] = values.tolist()
    return table


def _layers(columns: dict[str, Any], name: str, names: list[str], depths: list[int]) -> Columns:
    rows = max(depths) + 1
    table: dict[str, Any] = {"layer": list(range(1, rows + 1))}
    return table | {label: columns[name][-1, variant, :rows].tolist() for variant, label in enumerate(names)}


def _origin(setup: Setup, step: int) -> str:
    return f"gradcore, NumPy {np.__version__}, float32; {setup}; up to step {step}"


def _settings(runs: ComparedRuns) -> dict[str, str]:
    setup = runs.setup
    return {
        "Data": data_sets.words(setup.data, noise(setup)),
        "Variants": ", ".join(runs.names),
        "Width, batch, steps": f"{setup.width}, {setup.batch}, {setup.steps}",
        "Seeds": f"{setup.first_seed} to {setup.all_seeds[-1]}",
        "Computed with": f"gradcore, NumPy {np.__version__}, float32",
    }
