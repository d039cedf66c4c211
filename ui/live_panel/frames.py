"""A live run as frames: what each chart, and the words beside it, show at a step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.diagnosis.thresholds import Thresholds
from gradcore.numbers import percent, readable
from ui import glossary
from ui.figures import light
from ui.figures.chart import Frame
from ui.figures.layout import nice_top
from ui.history import Course
from ui.runs import LiveRun
from ui.snapshots import REACH, Snapshot

# Only the records at which the test part was looked at have these.
SPARSE = ("test_loss", "test_accuracy", "test_loss_step", "test_accuracy_step")
# How far above the guess the axis of the loss begins, and how far it follows a loss that rises.
LOSS_ABOVE, LOSS_MOST = 1.6, 10.0


def frames_of(run: LiveRun, course: Course, snapshot: Snapshot | None) -> list[Frame]:
    """Return the frames of a course, as the panel has them, for its charts at rest; the last one has the snapshot."""
    columns = columns_of(run, course)
    frames: list[dict[str, Any]] = [
        {name: values[at] for name, values in columns.items() if name not in SPARSE or not math.isnan(values[at])}
        for at in range(len(course.step))
    ]
    for at, odd in odd_bars(course).items():
        frames[at] |= odd
    frames[-1] |= constants([run], run)
    if snapshot is not None:
        frames[-1] |= snapshot_frame(run, snapshot)
    return list(frames)


def columns_of(run: LiveRun, course: Course) -> dict[str, npt.NDArray[Any]]:
    """Return what every record has, a row a record; NaN where one of `SPARSE` has none."""
    test_steps = np.where(np.isnan(course.test_loss), np.nan, course.step.astype(float))
    limits, last = limits_of(run), course.grad_rms[:, max(0, course.grad_rms.shape[1] - 2)]
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
        "of_largest": _of_largest(course.grad_rms),
        "vanished_at": last * limits.vanished,
        "exploding_at": last * limits.exploding,
    }


def odd_bars(course: Course) -> dict[int, dict[str, Any]]:
    """Return, by row, what has no place on a logarithmic axis: its bars and their names."""
    found = {}
    for at in np.flatnonzero(~(np.isfinite(course.grad_rms) & (course.grad_rms > 0)).all(axis=1)):
        names = [
            "" if value > 0 and math.isfinite(value) else "0" if value == 0 else "NaN" if math.isnan(value) else "∞"
            for value in course.grad_rms[at]
        ]
        heights = [1.0 if name else None for name in names]
        has_limits = not names[max(0, len(names) - 2)]
        found[int(at)] = {"odd": True, "has_limits": has_limits, "odd_heights": heights, "odd_names": names}
    return found


def snapshot_frame(run: LiveRun, snapshot: Snapshot) -> dict[str, Any]:
    """Return what goes into the charts of a snapshot."""
    shown: dict[str, Any] = {}
    if bins := snapshot.histogram.shape[1]:
        wide = (snapshot.high - snapshot.low) / bins
        shown = {
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
    return shown | {"chances": chances.ravel(), "marks": marks, "marks_said": ", ".join(marks)}


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
        "name_hint": glossary.hint(_name(run)),
    }


def loss_top(run: LiveRun) -> float:
    """Return the end of the axis of the loss: it follows a loss that rises, up to a tenfold."""
    start = LOSS_ABOVE * max(guess_of(run.experiment.spec) or 0.0, run.first_loss, 1e-9)
    wanted = min(max(start, run.largest_loss if math.isfinite(run.largest_loss) else math.inf), LOSS_MOST * start)
    return nice_top(wanted)


def _of_largest(rms: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return each layer's part of the largest finite gradient, (records, layers); what is not finite has none."""
    known = np.where(np.isfinite(rms), rms, 0.0)
    largest = known.max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.where(largest > 0, known / largest, 0.0).astype(np.float32)


def _name(run: LiveRun) -> str:
    """Return what kind of network it is: "sigmoid, Xavier normal"."""
    spec = run.experiment.spec
    activations = "/".join(dict.fromkeys(gc.ACTIVATIONS[name].label for name in spec.activations))
    initializers = "/".join(dict.fromkeys(gc.INITIALIZERS[name].label for name in spec.initializers))
    return f"{activations}, {initializers}" if activations else initializers


def guess_of(spec: gc.NetworkSpec) -> float | None:
    """Return the loss of one who guesses among classes, None where there are none."""
    return math.log(spec.sizes[-1]) if spec.output == "softmax" else None


def limits_of(run: LiveRun) -> Thresholds:
    """Return the thresholds of a run's verdicts."""
    return run.thresholds or Thresholds()
