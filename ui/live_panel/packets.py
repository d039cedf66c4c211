"""Live runs as packets: what is new since the last moment, or the whole course again, with its charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.diagnosis.thresholds import Thresholds
from gradcore.numbers import percent, readable
from gradcore.records.histograms import BINS
from ui import theme
from ui.figures import light, live
from ui.figures.chart import Chart, Frame
from ui.figures.layout import layer_names
from ui.history import Course
from ui.live_panel.playing import standing
from ui.panel.component import described, form_of
from ui.panel.wire import Arrays
from ui.runs import LiveRun, trained
from ui.snapshots import REACH, Snapshot

# A replay after coming back to the page: enough for the curves, and light.
REPLAY_RECORDS = 400
REPLAY_SNAPSHOTS = 60
# Only the records at which the test part was looked at have these.
SPARSE = ("test_loss", "test_accuracy", "test_loss_step", "test_accuracy_step")
# How far above the guess the axis of the loss begins, and how far it follows a loss that rises.
LOSS_ABOVE, LOSS_MOST = 1.6, 10.0


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
    spec, limits = run.experiment.spec, _limits(run)
    layers = spec.depth + 1
    bars = live.gradients(layers, (limits.vanished, limits.exploding))
    network = live.network(layers)
    curves = [live.curve("loss", _guessing(spec))]
    if _has_classes(spec):
        curves.append(live.curve("accuracy"))
    if not alone:
        return [bars, network, live.course(layers), curves[-1]]
    shown = [bars, network, live.course(layers), *curves, live.histogram(max(1, spec.depth), BINS)]
    if spec.depth:
        shown.append(live.shares(layers))
    shown.append(live.updates(layers))
    still = run.camera.still()
    if still["kind"] == "boundary":
        shown.append(live.boundary(still["reach"], still["points"], max(2, spec.sizes[-1])))
    elif still["kind"] == "samples":
        shown.append(live.samples(still["truth"], still["pixels"], spec.sizes[-1]))
    return shown


def frames_of(run: LiveRun, course: Course, snapshot: Snapshot | None) -> list[Frame]:
    """Return the frames of a course, as the panel has them, for its charts at rest; the last one has the snapshot."""
    columns = _columns(run, course)
    frames: list[dict[str, Any]] = [
        {name: values[at] for name, values in columns.items() if name not in SPARSE or not math.isnan(values[at])}
        for at in range(len(course.step))
    ]
    for at, odd in _odd(course).items():
        frames[at] |= odd
    frames[-1] |= constants([run], run)
    if snapshot is not None:
        frames[-1] |= snapshot_frame(run, snapshot)
    return list(frames)


def snapshot_frame(run: LiveRun, snapshot: Snapshot) -> dict[str, Any]:
    """Return what goes into the charts of a snapshot."""
    bins = snapshot.histogram.shape[1]
    if not bins:
        return {}
    wide = (snapshot.high - snapshot.low) / bins
    shown: dict[str, Any] = {
        "histogram": np.ascontiguousarray(snapshot.histogram.T),
        "histogram_first": snapshot.low + wide / 2,
        "histogram_bin": wide,
        "histogram_range": [snapshot.low, snapshot.high],
    }
    if not snapshot.picture.size:
        return shown
    if run.camera.kind == "boundary":
        return shown | {"picture": snapshot.picture, "picture_step": 2 * REACH / max(1, len(snapshot.picture) - 1)}
    chances = snapshot.picture.astype(np.float32) / 255
    if chances.shape[1] == 1:
        chances = np.hstack([1 - chances, chances])
    marks = []
    for row, true in zip(chances, run.camera.still()["truth"], strict=True):
        best = int(row.argmax())
        marks.append(f"{'✓' if best == true else '✗'} {percent(round(float(row[best]), 2))}")
    return shown | {"picture": chances, "marks": marks, "marks_said": ", ".join(marks)}


def constants(runs: Sequence[LiveRun], run: LiveRun) -> dict[str, Any]:
    """Return what is the same for all frames: ranges that only widen, common to runs side by side."""
    powers = [one.powers for one in runs]
    # Rounded outwards to whole fives: a switch of depth looks like a plunge, not like another axis.
    low = 5 * math.floor((min(low for low, _ in powers) - 0.3) / 5)
    high = math.ceil(max(high for _, high in powers) + 0.3)
    top = loss_top(run)
    cut = f"; {readable(run.largest_loss)} is beyond the axis" if run.largest_loss > top else ""
    return {
        "gradient_range": [max(-330.0, min(-10.0, low)), min(310.0, max(1.0, high))],
        "loss_range": [0.0, top],
        "loss_cut": cut,
        "accuracy_cut": "",
        "name": _name(run),
    }


def loss_top(run: LiveRun) -> float:
    """Return the end of the axis of the loss: it follows a loss that rises, up to a tenfold."""
    start = LOSS_ABOVE * max(_guessing(run.experiment.spec) or 0.0, run.first_loss, 1e-9)
    wanted = min(max(start, run.largest_loss if math.isfinite(run.largest_loss) else math.inf), LOSS_MOST * start)
    return nice_top(wanted)


def nice_top(value: float) -> float:
    """Return a round number of at least this size."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 5, 7.5, 10, 15) if step * power >= value)


def _columns(run: LiveRun, course: Course) -> dict[str, npt.NDArray[Any]]:
    test_steps = np.where(np.isnan(course.test_loss), np.nan, course.step.astype(float))
    limits, last = _limits(run), course.grad_rms[:, max(0, course.grad_rms.shape[1] - 2)]
    return {
        "step": course.step.astype(np.float64),
        "loss": course.loss,
        "accuracy": course.accuracy,
        "test_loss": course.test_loss,
        "test_accuracy": course.test_accuracy,
        "test_loss_step": test_steps,
        "test_accuracy_step": np.where(np.isnan(course.test_accuracy), np.nan, course.step.astype(float)),
        "grad_rms": course.grad_rms,
        "light": light.as_light(course.grad_rms).astype(np.float32),
        "saturated_fraction": course.saturated_fraction.astype(np.float32),
        "dead_fraction": course.dead_fraction.astype(np.float32),
        "update_ratio": course.update_ratio,
        "vanished_at": last * limits.vanished,
        "exploding_at": last * limits.exploding,
    }


def _odd(course: Course) -> dict[int, dict[str, Any]]:
    """Return, by row, what has no place on a logarithmic axis: its bars and their names."""
    found = {}
    for at in np.flatnonzero(~(np.isfinite(course.grad_rms) & (course.grad_rms > 0)).all(axis=1)):
        names = [
            "" if value > 0 and math.isfinite(value) else "0" if value == 0 else "NaN" if math.isnan(value) else "∞"
            for value in course.grad_rms[at]
        ]
        found[int(at)] = {"odd_heights": [1.0 if name else None for name in names], "odd_names": names}
    return found


def _records(
    run: LiveRun,
    course: Course,
    snapshots: Sequence[Snapshot],
    verdicts: Mapping[int, gc.Verdict],
    arrays: Arrays,
) -> dict[str, Any]:
    limits = _limits(run)
    columns = _columns(run, course)
    extras: dict[int, dict[str, Any]] = {int(course.step[at]): odd for at, odd in _odd(course).items()}
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
    spec, limits = run.experiment.spec, _limits(run)
    kind = run.camera.kind
    data = (run.experiment.dataset, run.experiment.noise) if kind != "none" else ()
    return (spec.depth, spec.output, spec.sizes[-1], limits.vanished, limits.exploding, kind, *data)


def _limits(run: LiveRun) -> Thresholds:
    return run.thresholds or Thresholds()


def _guessing(spec: gc.NetworkSpec) -> float | None:
    return math.log(spec.sizes[-1]) if spec.output == "softmax" else None


def _has_classes(spec: gc.NetworkSpec) -> bool:
    return spec.output != "identity"


def _name(run: LiveRun) -> str:
    """Return what kind of network it is: "sigmoid, Xavier normal"."""
    spec = run.experiment.spec
    activations = "/".join(dict.fromkeys(gc.ACTIVATIONS[name].label for name in spec.activations))
    initializers = "/".join(dict.fromkeys(gc.INITIALIZERS[name].label for name in spec.initializers))
    return f"{activations}, {initializers}" if activations else initializers


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
