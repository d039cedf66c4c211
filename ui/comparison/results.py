"""A comparison's results: one row a variant, each cell with what it is sorted by."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.numbers import percent, readable
from ui import theme
from ui.comparison.runs import ComparedRuns, Judged
from ui.figures.comparison import quartiles

# What stands above each column, and what it means.
HEADS = (
    ("Variant", ""),
    ("Verdict", "the most frequent over the seeds"),
    (
        "First ÷ last gradient at the start",
        "weight gradient's rms of the first hidden layer over the last's, median over seeds",
    ),
    ("Steps to the loss", "first step at which the mean of ten recorded mini-batches was there: median (quartiles)"),
    ("Test accuracy", "median (quartiles) over seeds"),
    ("Saturated", "share of the worst layer"),
    ("Dead", "share of the worst layer's units"),
    ("Equal layers", "hidden layers whose units all compute the same"),
    ("Diverged", "runs"),
)
Cell = list[Any]


def results(runs: ComparedRuns, columns: Any, at: int, judged: Judged) -> list[list[Cell]]:
    """Return the rows at record `at` of these columns: of each cell its text, what it is sorted by, a name's color."""
    return [_row(runs, columns, at, judged, variant) for variant in range(len(runs.names))]


def _row(runs: ComparedRuns, columns: Any, at: int, judged: Judged, variant: int) -> list[Cell]:
    setup, depth, name = runs.setup, runs.specs[variant].depth, runs.names[variant]
    verdict, agreeing = judged.conclusion.verdicts[variant], judged.conclusion.agreeing[variant]
    some = f" ({agreeing} of {setup.seeds})" if agreeing < setup.seeds else ""
    ratio = float(runs.middle_ratios[variant])
    worst = {kind: _worst(columns[kind][at, variant, : max(1, depth)]) for kind in ("saturated", "dead")}
    equal = int((columns["distinct"][at, variant, :depth] <= 1).sum())
    gone = int(columns["diverged"][at, variant].sum())
    return [
        [name, name, theme.VARIANTS[variant]],
        [f"{verdict.capitalize()}{some}", verdict],
        ["–" if not depth else "no gradient" if math.isnan(ratio) else readable(ratio), _key(ratio)],
        _time(runs, variant, int(columns["step"][at])),
        _accuracy(columns["test_accuracy"][: at + 1, variant].astype(float)),
        [_share(worst["saturated"]), _key(worst["saturated"])],
        [_share(worst["dead"]), _key(worst["dead"])],
        [f"{equal} of {depth}", equal],
        [f"{gone} of {setup.seeds}", gone],
    ]


def _time(runs: ComparedRuns, variant: int, step: int) -> Cell:
    own = runs.reached[variant]
    times = np.where((own >= 0) & (own <= step), own.astype(float), np.inf)
    there, seeds, last = int(np.isfinite(times).sum()), len(times), runs.setup.steps
    if not there:
        return ["never" if step >= last - 1 else "not yet", 1e300]
    low, middle, high = quartiles(times[None])[:, 0]
    never = f", {seeds - there} of {seeds} never" if there < seeds else ""
    if not math.isfinite(middle):
        return [f"most never{never}", float(last)]
    return [f"{middle:,.0f} ({low:,.0f}–{f'{high:,.0f}' if math.isfinite(high) else 'never'}){never}", float(middle)]


def _accuracy(values: npt.NDArray[np.float64]) -> Cell:
    known = values[~np.isnan(values).all(axis=1)]
    if not len(known):
        return ["–", -1.0]
    low, middle, high = quartiles(known[-1:])[:, 0]
    return [f"{percent(float(middle))} ({100 * low:.1f}–{100 * high:.1f})", float(middle)]


def _worst(values: npt.NDArray[Any]) -> float:
    return float(np.max(values, initial=0.0))


def _share(value: float) -> str:
    return "–" if math.isnan(value) else percent(value)


def _key(value: float) -> float:
    return -1.0 if math.isnan(value) else min(1e300, max(-1e300, value))
