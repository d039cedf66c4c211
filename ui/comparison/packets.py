"""A comparison as packets: what is new since the last moment, or the whole course again, with its charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.numbers import percent, readable
from gradcore.records.histograms import BINS
from ui import theme
from ui.comparison.pictures import Picture
from ui.comparison.results import HEADS, results
from ui.comparison.runs import ComparedRuns, Judged
from ui.figures import comparison as figures
from ui.figures import light, small_pictures
from ui.figures.chart import Chart, Frame
from ui.figures.layout import nice_top
from ui.live_panel.playing import standing
from ui.panel.component import described, form_of
from ui.panel.wire import Arrays

Columns = Mapping[str, npt.NDArray[Any]]
QUANTITIES = {
    "test_accuracy": "Test accuracy: median and quartiles over seeds",
    "loss": "Loss of the mini-batches: median and quartiles over seeds",
    "accuracy": "Accuracy on the mini-batches: median and quartiles over seeds",
}
# Only the records at which the test part was looked at have these.
SPARSE = ("test_accuracy_step", "test_accuracy_quartiles", "test_accuracy_single", "test_accuracy_single_step")
# A replay after coming back to the page.
REPLAY_RECORDS = 240
REPLAY_PICTURES = 30
# How far above the guess the axis of the loss reaches.
LOSS_ABOVE, LEAST_SPREAD, MOST_SPREAD = 1.1, -12.0, 12.0


def chunk(runs: ComparedRuns, new: int, answers: float = 0.0) -> bytes:
    """Return the last moment's `new` records, and what was concluded and pictured at them.

    `answers` is when the panel asked, in its own time.
    """
    columns = runs.store.columns()
    fresh = {name: values[len(values) - new :] for name, values in columns.items()}
    judged, pictures = runs.fresh[len(runs.fresh) - new :], runs.fresh_pictures[len(runs.fresh_pictures) - new :]
    return _packet(runs, fresh, judged, pictures, {"kind": "chunk", "answers": answers})


def replay(runs: ComparedRuns) -> bytes:
    """Return the whole course, thinned where it was seen, for a panel that may not know it yet."""
    columns = runs.store.columns()
    steps = columns["step"]
    seen = int(np.searchsorted(steps, runs.shown, side="right"))
    every = max(1, math.ceil(seen / REPLAY_RECORDS))
    kept = np.unique(np.concatenate([np.arange(0, seen, every), np.arange(max(0, seen - 1), len(steps))]))
    pictures = list(runs.pictures)
    pictures = pictures[:: max(1, len(pictures) // REPLAY_PICTURES)] + pictures[-1:]
    judged = [one for one in runs.judged if one.step >= runs.shown] or list(runs.judged)[-1:]
    earlier = [one for one in runs.judged if one.step < runs.shown][-1:]
    thinned = {name: values[kept] for name, values in columns.items()}
    return _packet(runs, thinned, [*earlier, *judged], pictures, with_charts(runs))


def with_charts(runs: ComparedRuns) -> dict[str, Any]:
    """Return what a panel that does not know a comparison yet needs besides: its charts, its table's headings."""
    return {"kind": "replay", "charts": described(charts(runs))}


def charts(runs: ComparedRuns) -> list[Chart]:
    """Return the charts, the first one drawn at every frame."""
    names, depths = tuple(runs.names), tuple(spec.depth for spec in runs.specs)
    layers, seeds = runs.comparison.layers, runs.setup.seeds
    wanted = [name for name in QUANTITIES if _has_classes(runs) or name == "loss"]
    bands = [
        figures.bands(name, QUANTITIES[name], names, seeds, runs.setup.target_loss if name == "loss" else None)
        for name in wanted
    ]
    return [
        small_pictures.maps(names, tuple(runs.formulas), depths, layers, seeds),
        *bands,
        figures.spreads(names, depths, layers),
        small_pictures.histograms(names, depths),
    ]


def frames_of(runs: ComparedRuns, columns: Columns) -> list[Frame]:
    """Return the frames of a course, as the panel has them, for its charts at rest."""
    sent = _columns(runs, columns)
    frames: list[dict[str, Any]] = [
        {name: values[at] for name, values in sent.items() if name not in SPARSE or not np.isnan(values[at]).all()}
        for at in range(len(columns["step"]))
    ]
    last = int(columns["step"][-1])
    frames[-1] |= _constants(runs) | _said(runs, columns)
    if picture := next((one for one in reversed(runs.pictures) if one.step <= last), None):
        frames[-1] |= _pictured(runs, picture)
    if judged := next((one for one in reversed(runs.judged) if one.step <= last), None):
        frames[-1] |= {"map_verdicts": _map_verdicts(runs, judged)}
    return list(frames)


def _columns(runs: ComparedRuns, columns: Columns) -> dict[str, npt.NDArray[Any]]:
    records, variants, layers = columns["gradient"].shape
    lights = np.full((records, variants, layers), np.nan)
    for variant, spec in enumerate(runs.specs):
        own = spec.depth + 1
        lights[:, variant, :own] = light.as_light(columns["gradient"][:, variant, :own])
    sent: dict[str, npt.NDArray[Any]] = {
        "step": columns["step"].astype(np.float64),
        "light": lights.reshape(records, variants * layers).astype(np.float32),
        "activation_std": columns["activation_std"].reshape(records, variants * layers),
    }
    for name in QUANTITIES:
        values = columns[name].astype(np.float64)
        by_variant = [figures.quartiles(values[:, variant]).T for variant in range(variants)]
        steps = columns["step"].astype(np.float64)
        sent[f"{name}_quartiles"] = np.concatenate(by_variant, axis=1).astype(np.float32)
        sent[f"{name}_step"] = (
            np.where(np.isnan(values).all(axis=(1, 2)), np.nan, steps) if name == "test_accuracy" else steps
        )
    return sent


def _has_classes(runs: ComparedRuns) -> bool:
    return runs.specs[0].output != "identity"


def _constants(runs: ComparedRuns) -> dict[str, Any]:
    columns = runs.store.columns()
    start = columns["activation_std"][0].ravel() if runs.store.count else np.empty(0)
    spreads = columns["activation_std"][[0, -1]] if runs.store.count else np.ones(1)
    with np.errstate(all="ignore"):
        powers = np.log10(spreads[(spreads > 0) & np.isfinite(spreads)])
    low = max(LEAST_SPREAD, math.floor(min(0.0, *powers.tolist(), -1.0))) if len(powers) else -1.0
    high = min(MOST_SPREAD, math.ceil(max(0.0, *powers.tolist()))) if len(powers) else 0.0
    return {
        "loss_range": [0.0, loss_top(runs)],
        "spread_start": [float(one) if math.isfinite(one) else None for one in start],
        "spread_range": [low, max(low + 1, high)],
    }


def loss_top(runs: ComparedRuns) -> float:
    """Return the end of the axis of the loss: of the first losses, and of one who guesses."""
    outputs = runs.specs[0].sizes[-1]
    guess = math.log(outputs) if runs.specs[0].output == "softmax" else 1.0
    columns = runs.store.columns()
    first = columns["loss"][0].ravel() if runs.store.count else np.empty(0)
    known = first[np.isfinite(first)]
    return nice_top(max(LOSS_ABOVE * guess, min(4 * guess, float(known.max(initial=0.0)))))


def _said(runs: ComparedRuns, columns: Columns) -> dict[str, str]:
    """Return what the charts show at the last record, in words."""
    said: dict[str, str] = {}
    for name in QUANTITIES:
        known = columns[name][~np.isnan(columns[name]).all(axis=(1, 2))].astype(float)
        if not len(known):
            said[f"{name}_said"] = f"{QUANTITIES[name]}: no value yet."
            continue
        form = readable if name == "loss" else percent
        middle = [figures.quartiles(known[-1:, variant])[1, 0] for variant in range(len(runs.names))]
        parts = ", ".join(f"{label} {form(float(value))}" for label, value in zip(runs.names, middle, strict=True))
        said[f"{name}_said"] = f"Median {name.replace('_', ' ')} over seeds: {parts}."
    ratios, spreads = [], []
    for variant, (label, spec) in enumerate(zip(runs.names, runs.specs, strict=True)):
        power = light.as_light(columns["gradient"][-1, variant, : spec.depth + 1])[0]
        with np.errstate(all="ignore"):
            ratios.append(f"{label} {'no gradient' if math.isnan(power) else readable(float(10.0**power))}")
        spreads.append(f"{label} {readable(float(columns['activation_std'][-1, variant, max(0, spec.depth - 1)]))}")
    said["maps_said"] = f"First over last hidden layer's gradient at step {columns['step'][-1]:,}: {', '.join(ratios)}."
    said["spread_said"] = f"Spread of activations in the last hidden layer: {', '.join(spreads)}."
    return said


def _pictured(runs: ComparedRuns, picture: Picture) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for at, spec in enumerate(runs.specs):
        low, high = picture.low[at], picture.high[at]
        wide = (high - low) / BINS
        shown |= {
            f"histogram{at}": np.ascontiguousarray(picture.bars[at, : max(1, spec.depth)].T),
            f"histogram{at}_first": low + wide / 2,
            f"histogram{at}_bin": wide,
            f"histogram{at}_range": [low, high],
        }
    return shown


def _map_verdicts(runs: ComparedRuns, judged: Judged) -> list[str]:
    found = []
    for name, agreeing in zip(judged.conclusion.verdicts, judged.conclusion.agreeing, strict=True):
        some = f" ({agreeing} of {runs.setup.seeds})" if agreeing < runs.setup.seeds else ""
        found.append(f"{name.capitalize()}{some}")
    return found


def _packet(
    runs: ComparedRuns, columns: Columns, judged: Sequence[Judged], pictures: Sequence[Picture], more: Mapping[str, Any]
) -> bytes:
    arrays, setup = Arrays(), runs.setup
    sent = _columns(runs, columns)
    # Single runs: every seed's number of each quantity.
    for name in QUANTITIES:
        sent[f"{name}_single"] = columns[name].reshape(len(columns["step"]), len(runs.names) * setup.seeds)
        sent[f"{name}_single_step"] = sent[f"{name}_step"]
    extras: dict[int, dict[str, Any]] = {}
    for picture in pictures:
        own = extras.setdefault(picture.step, {"isFrame": 1})
        own |= arrays.placed(_pictured(runs, picture))
    rows = {int(step): at for at, step in enumerate(columns["step"])}
    for one in judged:
        own = extras.setdefault(one.step, {})
        own["map_verdicts"] = _map_verdicts(runs, one)
        until = rows.get(one.step)
        tables = {} if until is None else {"results": results(runs, columns, until, one)}
        own["verdict"] = {
            "color": theme.VERDICT["healthy" if one.conclusion.any_trains else "slow"],
            "headline": one.conclusion.headline,
            "texts": {"headline": one.conclusion.headline, "why": one.conclusion.detail},
            "tables": tables,
        }
        if until is not None:
            own |= _said(runs, {name: values[: until + 1] for name, values in columns.items()})
    header = {
        **standing(runs),
        "form": form_of("compared", *_form(runs)),
        "thinned": runs.store.thinned,
        "finished": runs.finished,
        "stepsPerEpoch": runs.comparison.per_epoch,
        "restsAt": None,
        "constants": _constants(runs) | {"target": readable(setup.target_loss)},
        "heads": HEADS,
        "records": len(columns["step"]),
        "sparse": SPARSE,
        "columns": {name: arrays.place(values) for name, values in sent.items()},
        "extras": [{"step": step, **extra} for step, extra in sorted(extras.items())],
        **more,
    }
    return arrays.behind([header])


def _form(runs: ComparedRuns) -> tuple[Any, ...]:
    """Return what the charts follow from."""
    setup = runs.setup
    depths = [spec.depth for spec in runs.specs]
    return (*runs.names, *depths, setup.seeds, setup.target_loss, _has_classes(runs))
