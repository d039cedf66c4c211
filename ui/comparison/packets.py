"""A comparison as packets: what is new since the last moment, or the whole course again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ui.comparison.pictures import Picture
from ui.comparison.runs import ComparedRuns, Judged
from ui.live_panel.playing import standing
from ui.live_panel.wire import Arrays, plain

COLUMNS: Mapping[str, str] = {
    "step": "f8",
    "loss": "f4",
    "accuracy": "f4",
    "test_loss": "f4",
    "test_accuracy": "f4",
    "diverged": "u1",
    "gradient": "f4",
    "activation_std": "f4",
    "saturated": "f4",
    "dead": "f4",
    "distinct": "f4",
}
# A replay after coming back to the page.
REPLAY_RECORDS = 240
REPLAY_PICTURES = 30


def chunk(runs: ComparedRuns, new: int, answers: float = 0.0) -> bytes:
    """Return the last moment's `new` records, and what was concluded and pictured at them.

    `answers` is when the panel asked, in its own time.
    """
    columns = runs.store.columns()
    fresh = {name: values[len(values) - new :] for name, values in columns.items()}
    judged, pictures = runs.fresh[len(runs.fresh) - new :], runs.fresh_pictures[len(runs.fresh_pictures) - new :]
    return _packet(runs, "chunk", fresh, judged, pictures, answers)


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
    return _packet(runs, "replay", {name: v[kept] for name, v in columns.items()}, [*earlier, *judged], pictures)


def _packet(
    runs: ComparedRuns,
    kind: str,
    columns: Mapping[str, npt.NDArray[Any]],
    judged: Sequence[Judged],
    pictures: Sequence[Picture],
    answers: float = 0.0,
) -> bytes:
    arrays, setup = Arrays(), runs.setup
    header = {
        **standing(runs),
        "kind": kind,
        "answers": answers,
        "thinned": runs.store.thinned,
        "finished": runs.finished,
        "names": runs.names,
        "formulas": runs.formulas,
        "depths": [spec.depth for spec in runs.specs],
        "widths": [sum(spec.sizes[1:]) for spec in runs.specs],
        "layers": runs.comparison.layers,
        "seeds": setup.seeds,
        "steps": setup.steps,
        "stepsPerEpoch": runs.comparison.per_epoch,
        "target": setup.target_loss,
        "reached": runs.reached.tolist(),
        "ratios": [plain(float(ratio)) for ratio in runs.middle_ratios],
        "guessing": math.log(runs.specs[0].sizes[-1]) if runs.specs[0].output == "softmax" else None,
        "classes": runs.specs[0].output != "identity",
        "records": len(columns["step"]),
        "columns": arrays.columns(columns, COLUMNS),
        "verdicts": [
            {
                "step": one.step,
                "headline": one.conclusion.headline,
                "detail": one.conclusion.detail,
                "names": one.conclusion.verdicts,
                "agreeing": one.conclusion.agreeing,
                "color": "healthy" if one.conclusion.any_trains else "slow",
            }
            for one in judged
        ],
        "snapshots": [
            {
                "step": picture.step,
                "low": picture.low,
                "high": picture.high,
                "rowsOfBins": int(math.prod(picture.bars.shape[:2])),
                "bins": picture.bars.shape[2],
                "histogram": arrays.add(picture.bars),
                "rows": 0,
                "columns": 0,
                "picture": 0,
            }
            for picture in pictures
        ],
    }
    return arrays.behind([header])
