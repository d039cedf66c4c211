"""Records as bytes for the live panel: a JSON header, then one array a column.

Layout: a little-endian uint32 with the header's length; the header, padded so that the arrays start on a multiple
of 8; the arrays. Numbers travel as they are, in float64: zero, Inf and NaN included, which JSON could not say.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.numbers import readable
from ui.history import Course
from ui.runs import LiveRun

COLUMNS = ("step", "loss", "accuracy", "test_loss", "test_accuracy", "grad_rms")
# A replay after coming back to the page: enough for the curves, and light.
REPLAY_RECORDS = 400


def chunk(run: LiveRun, new: int) -> bytes:
    """Return the last `new` records as a packet."""
    course = run.history.course()
    return _pack(_header(run, "chunk", run.verdicts), course.rows(slice(len(course.step) - new, None)))


def replay(run: LiveRun) -> bytes:
    """Return the whole course, thinned, as a packet for a panel that may not know it yet."""
    course = run.history.course()
    # What the visitor has not seen yet stays whole.
    seen = int(np.searchsorted(course.step, run.shown, side="right"))
    every = max(1, math.ceil(seen / REPLAY_RECORDS))
    kept = np.concatenate([np.arange(0, seen, every), np.arange(seen, len(course.step))])
    thinned = Course(**{name: column[kept] for name, column in vars(course).items()})
    return _pack(_header(run, "replay", run.verdicts), thinned)


def _header(run: LiveRun, kind: str, verdicts: Mapping[int, gc.Verdict]) -> dict[str, Any]:
    spec = run.experiment.spec
    return {
        "kind": kind,
        "run": run.identity,
        "shown": run.shown,
        "finished": run.run.finished,
        "layers": spec.depth + 1,
        "weights": [int(weights.size) for weights in run.run.net.weights],
        "stepsPerEpoch": run.run.steps_per_epoch,
        "vanished": gc.Thresholds.vanished,
        "exploding": gc.Thresholds.exploding,
        "guessing": math.log(spec.sizes[-1]) if spec.output == "softmax" else None,
        "classes": spec.output != "identity",
        "verdicts": [{"step": step, **_words(verdict)} for step, verdict in verdicts.items()],
    }


def _words(verdict: gc.Verdict) -> dict[str, Any]:
    judged = ""
    if verdict.name == "healthy":
        limits = gc.Thresholds()
        judged = (
            f"Judged: {readable(verdict.value)}, between {readable(limits.vanished)} and {readable(limits.exploding)}."
        )
    elif math.isfinite(verdict.threshold):
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


def _pack(header: dict[str, Any], course: Course) -> bytes:
    arrays, at = [], 0
    header["columns"] = {}
    for name in COLUMNS:
        raw = np.ascontiguousarray(getattr(course, name), dtype="<f8").tobytes()
        header["columns"][name] = at
        header["records"] = len(course.step)
        arrays.append(raw)
        at += len(raw)
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + b"".join(arrays)
