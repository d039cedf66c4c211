"""Links that restore a run: settings, seed, step, and the learning rates changed on the way.

A link may come from anywhere. It is read strictly, and whole or not at all: one wrong part, and the default is shown
with a notice that says which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ui.experiment import LIVE_STEPS, Experiment, experiment_from
from ui.runs import MAX_CHANGES, LiveRun
from ui.settings import MAX_AGAIN, MAX_LINK, SETTINGS, VERSION, check_again, read_number, read_whole

_CHANGE = re.compile(r"([0-9]{1,6}):([^:,]{1,30})", re.ASCII)


@dataclass(frozen=True)
class Link:
    """What a link says.

    Attributes
    ----------
    values : mapping
        Settings by name, those of the first step; missing ones have their defaults.
    step : int or None
        The step to restore, None for a start from the beginning.
    changes : tuple of (step, rate)
        Learning rates and the steps from which they held.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    step: int | None = None
    changes: tuple[tuple[int, float], ...] = ()


def write(values: Mapping[str, Any], run: LiveRun, step: int) -> str | None:
    """Return the query string that restores `run` at `step`; None if it takes too long, or too long a link.

    Parameters
    ----------
    values : mapping
        The controls' values.
    run : LiveRun
    step : int
    """
    changes = [change for change in run.changes if change[0] <= step]
    if len(changes) > MAX_CHANGES or _multiplications(run.experiment, step) > MAX_AGAIN:
        return None
    first = {**values, "rate": run.first_rate}
    parts = {name: s.write(first[name]) for name, s in SETTINGS.items() if first[name] != s.default}
    if changes:
        write_rate = SETTINGS["rate"].write
        parts["rates"] = ",".join(f"{at}:{write_rate(rate)}" for at, rate in changes)
    text = urlencode({"v": VERSION, **parts, "step": str(step)}, safe=",:*")
    return text if len(text) <= MAX_LINK else None


def read(parts: Mapping[str, str]) -> Link:
    """Return what a link's parts say.

    Raises
    ------
    ValueError
        If any part is unknown, malformed or makes no sense; the message says which.
    """
    if sum(len(name) + len(text) + 2 for name, text in parts.items()) > MAX_LINK:
        raise ValueError(f"it is longer than {MAX_LINK:,} characters")
    rest = dict(parts)
    if rest.pop("v", None) != VERSION:
        raise ValueError(f"its version v must be {VERSION}, got {parts.get('v', 'none')[:20]!r}")
    step = _step(rest.pop("step")) if "step" in rest else None
    changes = _changes(rest.pop("rates")) if "rates" in rest else ()
    if changes and (step is None or step < changes[-1][0]):
        raise ValueError(f"rates change at step {changes[-1][0]:,}, so step must be there or later, got {step}")
    values = {}
    for name, text in rest.items():
        if name not in SETTINGS:
            raise ValueError(f"{name[:40]!r} is no setting")
        try:
            values[name] = SETTINGS[name].read(text)
        except ValueError as refusal:
            raise ValueError(f"{name}: {refusal}") from None
    experiment = experiment_from(values)
    if step is not None:
        check_again(_multiplications(experiment, step))
    for _, rate in changes:
        experiment_from({**values, "rate": rate})
    return Link(values, step, changes)


def _multiplications(experiment: Experiment, step: int) -> float:
    """Return about how many multiplications the run up to a step takes: forward, back, and for the gradients."""
    return 3.0 * experiment.spec.parameter_count * experiment.tspec.batch_size * (step + 1)


def _step(text: str) -> int:
    step = read_whole(text)
    if step >= LIVE_STEPS:
        raise ValueError(f"step must be below {LIVE_STEPS:,}, got {step}")
    return step


def _changes(text: str) -> tuple[tuple[int, float], ...]:
    parts = text.split(",")
    if len(parts) > MAX_CHANGES:
        raise ValueError(f"rates must name at most {MAX_CHANGES} changes, got {len(parts)}")
    changes = []
    for part in parts:
        found = _CHANGE.fullmatch(part)
        if not found:
            raise ValueError(f"rates must be step:rate pairs, got {part[:40]!r}")
        changes.append((_step(found[1]), read_number(found[2])))
    if [at for at, _ in changes] != sorted({at for at, _ in changes}):
        raise ValueError("rates must be in the order of their steps")
    return tuple(changes)
