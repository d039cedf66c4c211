"""Live runs as packets: what is new since the last moment, or the whole course again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.history import Course
from ui.live_panel.playing import standing
from ui.live_panel.wire import Arrays
from ui.runs import LiveRun, trained
from ui.snapshots import Snapshot

COLUMNS: Mapping[str, str] = {
    "step": "f8",
    "loss": "f8",
    "accuracy": "f8",
    "test_loss": "f8",
    "test_accuracy": "f8",
    "grad_rms": "f8",
    "saturated_fraction": "f4",
    "dead_fraction": "f4",
    "update_ratio": "f8",
}
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
        header = _header(run, "chunk", verdicts) | {"answers": answers}
        headers.append(header | _columns(fresh, snapshots, arrays))
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
        header = _header(run, "replay", verdicts) | {"still": run.camera.still()}
        headers.append(header | _columns(thinned, snapshots, arrays))
    return arrays.behind(headers)


def _columns(course: Course, snapshots: Sequence[Snapshot], arrays: Arrays) -> dict[str, Any]:
    return {
        "records": len(course.step),
        "columns": arrays.columns(vars(course), COLUMNS),
        "snapshots": [
            {
                "step": snapshot.step,
                "low": snapshot.low,
                "high": snapshot.high,
                "rowsOfBins": len(snapshot.histogram),
                "bins": snapshot.histogram.shape[1],
                "histogram": arrays.add(snapshot.histogram),
                "rows": len(snapshot.picture),
                "columns": snapshot.picture.shape[-1],
                "picture": arrays.add(snapshot.picture),
            }
            for snapshot in snapshots
        ],
    }


def _header(run: LiveRun, kind: str, verdicts: Mapping[int, gc.Verdict]) -> dict[str, Any]:
    spec = run.experiment.spec
    limits = run.thresholds or gc.Thresholds()
    return {
        **standing(run),
        "kind": kind,
        "name": _name(run),
        "thinned": run.history.thinned,
        "finished": run.run.finished,
        "layers": spec.depth + 1,
        "weights": [int(weights.size) for weights in run.run.net.weights],
        "stepsPerEpoch": run.run.steps_per_epoch,
        "vanished": limits.vanished,
        "exploding": limits.exploding,
        "guessing": math.log(spec.sizes[-1]) if spec.output == "softmax" else None,
        "classes": spec.output != "identity",
        "verdicts": [{"step": step, **_words(verdict, limits)} for step, verdict in verdicts.items()],
    }


def _name(run: LiveRun) -> str:
    """Return what kind of network it is: "sigmoid, Xavier normal"."""
    spec = run.experiment.spec
    activations = "/".join(dict.fromkeys(gc.ACTIVATIONS[name].label for name in spec.activations))
    initializers = "/".join(dict.fromkeys(gc.INITIALIZERS[name].label for name in spec.initializers))
    return f"{activations}, {initializers}" if activations else initializers


def _words(verdict: gc.Verdict, limits: gc.Thresholds) -> dict[str, Any]:
    judged = ""
    if verdict.name == "healthy" and math.isfinite(verdict.value):
        judged = (
            f"Judged: {readable(verdict.value)}, between {readable(limits.vanished)} and {readable(limits.exploding)}."
        )
    elif verdict.name != "healthy" and math.isfinite(verdict.threshold):
        judged = f"Judged: {readable(verdict.value)} against the threshold {readable(verdict.threshold)}."
    return {
        "name": verdict.name,
        "headline": verdict.headline,
        "explanation": verdict.explanation,
        "judged": judged,
        "fix": verdict.fix,
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
