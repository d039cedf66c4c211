"""Live runs as packets: what is new since the last moment, or the whole course again, with its charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.diagnosis.thresholds import Thresholds
from gradcore.numbers import readable
from gradcore.records.histograms import BINS
from ui import glossary, theme
from ui.figures import gradients, layers, network, predictions, progress
from ui.figures.chart import Chart
from ui.figures.layout import layer_names
from ui.history import Course
from ui.live_panel.frames import SPARSE, columns_of, constants, guess_of, limits_of, odd_bars, snapshot_frame
from ui.live_panel.playing import standing
from ui.panel.component import described, form_of
from ui.panel.wire import Arrays
from ui.runs import LiveRun, trained
from ui.snapshots import Snapshot

# A replay after coming back to the page: enough for the curves, and light.
REPLAY_RECORDS = 400
REPLAY_SNAPSHOTS = 60


def chunk(runs: Sequence[LiveRun], new: int, answers: float = 0.0) -> bytes:
    """Return the last moment's records and snapshots: `new` steps of each run, fewer of one that ended.

    `answers` is when the panel asked, in its own time.
    """
    arrays, headers = Arrays(), []
    first = trained(runs) + 1 - new
    for run in runs:
        course = run.history.course()
        fresh = course.rows(slice(int(np.searchsorted(course.step, first)), None))
        verdicts = {step: verdict for step, verdict in run.verdicts.items() if step >= first}
        snapshots = [snapshot for snapshot in run.snapshots if snapshot.step >= first]
        header = _header(run, runs) | {"kind": "chunk", "answers": answers}
        headers.append(header | _records(run, fresh, snapshots, verdicts, arrays))
    return arrays.behind(headers)


def replay(runs: Sequence[LiveRun]) -> bytes:
    """Return the whole courses, thinned, for a panel that may not know them yet."""
    arrays, headers = Arrays(), []
    for run in runs:
        course = run.history.course()
        # What the visitor has not seen yet stays whole.
        seen = int(np.searchsorted(course.step, run.shown, side="right"))
        every = max(1, math.ceil(seen / REPLAY_RECORDS))
        kept = np.unique(np.concatenate([np.arange(0, seen, every), np.arange(max(0, seen - 1), len(course.step))]))
        thinned = Course(**{name: column[kept] for name, column in vars(course).items()})
        snapshots = run.album.snapshots
        snapshots = snapshots[:: max(1, len(snapshots) // REPLAY_SNAPSHOTS)] + snapshots[-1:]
        shown = int(course.step[max(0, seen - 1)])
        verdicts = run.verdicts_from(shown) | {int(course.step[-1]): run.verdict()}
        header = _header(run, runs) | with_charts(run, runs)
        headers.append(header | _records(run, thinned, snapshots, verdicts, arrays))
    return arrays.behind(headers)


def with_charts(run: LiveRun, runs: Sequence[LiveRun]) -> dict[str, Any]:
    """Return what a panel that does not know a run yet needs besides: its charts, its table."""
    weights = [math.sqrt(one.size) for one in run.run.net.weights]
    names = layer_names(run.experiment.spec.depth + 1)
    columns: list[list[Any]] = [
        ["grad_rms"],
        ["grad_rms", None, weights],
        ["light", "power"],
        ["saturated_fraction", "%1"],
        ["dead_fraction", "%1"],
        ["update_ratio"],
    ]
    shown = described(charts(run, len(runs) == 1))
    return {"kind": "replay", "charts": shown, "table": {"names": names, "columns": columns}}


def charts(run: LiveRun, alone: bool) -> list[Chart]:
    """Return a run's charts, the first one drawn at every frame: all of them where it runs alone."""
    spec, limits = run.experiment.spec, limits_of(run)
    count = spec.depth + 1
    shown = [
        gradients.powers(count, (limits.vanished, limits.exploding)),
        gradients.linear(count),
        network.drawn(count),
        gradients.course(count),
    ]
    curves = [progress.curve("loss", guess_of(spec))]
    if _has_classes(spec):
        curves.append(progress.curve("accuracy"))
    said = _predictions(run)
    if not alone:
        return [*shown, curves[-1], *said]
    shown += [*curves, layers.histogram(max(1, spec.depth), BINS)]
    if spec.depth:
        shown.append(layers.shares(count))
    return [*shown, layers.updates(count), *said]


def _predictions(run: LiveRun) -> list[Chart]:
    still, outputs = run.camera.still(), run.experiment.spec.sizes[-1]
    if still["kind"] == "boundary":
        return [predictions.boundary(still["reach"], still["points"], max(2, outputs))]
    if still["kind"] == "samples":
        return [predictions.samples(still["truth"], still["pixels"], outputs)]
    return []


def _records(
    run: LiveRun,
    course: Course,
    snapshots: Sequence[Snapshot],
    verdicts: Mapping[int, gc.Verdict],
    arrays: Arrays,
) -> dict[str, Any]:
    limits = limits_of(run)
    columns = columns_of(run, course)
    extras: dict[int, dict[str, Any]] = {int(course.step[at]): odd for at, odd in odd_bars(course).items()}
    for snapshot in snapshots:
        own = extras.setdefault(snapshot.step, {})
        own |= {"isFrame": 1, **arrays.placed(snapshot_frame(run, snapshot))}
    for step, verdict in verdicts.items():
        extras.setdefault(step, {})["verdict"] = _words(verdict, limits)
    return {
        "records": len(course.step),
        "sparse": SPARSE,
        "columns": {name: arrays.place(values) for name, values in columns.items()},
        "extras": [{"step": step, **extra} for step, extra in sorted(extras.items())],
    }


def _header(run: LiveRun, runs: Sequence[LiveRun]) -> dict[str, Any]:
    spec = run.experiment.spec
    return {
        **standing(run),
        "form": form_of("live", len(runs), *_form(run)),
        "thinned": run.history.thinned,
        "finished": run.run.finished,
        "stepsPerEpoch": run.run.steps_per_epoch,
        "restsAt": run.rests_at,
        "constants": constants(runs, run),
        "layers": spec.depth + 1,
    }


def _form(run: LiveRun) -> tuple[Any, ...]:
    """Return what a run's charts follow from."""
    spec, limits = run.experiment.spec, limits_of(run)
    kind = run.camera.kind
    data = (run.experiment.dataset, run.experiment.noise) if kind != "none" else ()
    return (spec.depth, spec.output, spec.sizes[-1], limits.vanished, limits.exploding, kind, *data)


def _has_classes(spec: gc.NetworkSpec) -> bool:
    return spec.output != "identity"


def _words(verdict: gc.Verdict, limits: Thresholds) -> dict[str, Any]:
    judged = ""
    if verdict.name == "healthy" and math.isfinite(verdict.value):
        judged = (
            f"Judged: {readable(verdict.value)}, between {readable(limits.vanished)} and {readable(limits.exploding)}."
        )
    elif verdict.name != "healthy" and math.isfinite(verdict.threshold):
        judged = f"Judged: {readable(verdict.value)} against the threshold {readable(verdict.threshold)}."
    return {
        "name": verdict.name,
        "color": theme.VERDICT[verdict.name],
        "headline": verdict.headline,
        "hint": glossary.hint(f"{verdict.headline} {verdict.explanation} {judged} {verdict.fix}"),
        "texts": {
            "headline": verdict.headline,
            "why": verdict.explanation,
            "judged": f"{judged} {verdict.fix}".strip(),
        },
        "remedy": dict(verdict.remedy),
        "remedyLabel": remedy_label(verdict.remedy),
    }


def remedy_label(remedy: Mapping[str, Any]) -> str:
    """Return what a remedy changes, as a button says it: "Try ReLU with He normal"."""
    names = []
    if "hidden" in remedy:
        names.append(gc.ACTIVATIONS[remedy["hidden"]].label)
    if "initializer" in remedy:
        names.append(gc.INITIALIZERS[remedy["initializer"]].label)
    return f"Try {' with '.join(names)}" if names else ""
