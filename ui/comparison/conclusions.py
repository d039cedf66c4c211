"""What a comparison shows in words, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.diagnosis.paired_difference import MIN_PAIRS, sign_flip_interval
from gradcore.numbers import readable

# A variant trains if at least this share of its seeds has reached the loss.
MOST = 0.5
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")

Steps = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Conclusion:
    """What is concluded at a step.

    Attributes
    ----------
    headline, detail : str
    verdicts : list of str
        Of each variant, the most frequent over its seeds.
    agreeing : list of int
        Seeds of that verdict.
    any_trains : bool
    """

    headline: str
    detail: str
    verdicts: list[str]
    agreeing: list[int]
    any_trains: bool


def conclude(
    names: Sequence[str],
    verdicts: Sequence[Sequence[gc.Verdict]],
    reached: Steps,
    target: float,
    steps: int,
    finished: bool,
) -> Conclusion:
    """Draw the conclusion.

    Parameters
    ----------
    names : sequence of str
        Of the variants.
    verdicts : (variants, seeds)
    reached : (variants, seeds)
        Step at which each run had the target loss, −1 if it has not.
    target : float
    steps : int
        That a run has.
    finished : bool
        Whether they are over.
    """
    trains = (reached >= 0).mean(axis=1) >= MOST
    found = [
        Counter(_name(verdict, trains.any() and not well) for verdict in each).most_common(1)[0]
        for each, well in zip(verdicts, trains, strict=True)
    ]
    return Conclusion(
        _headline(names, trains, target, finished),
        _detail(names, reached, target, steps, finished),
        [name for name, _ in found],
        [number for _, number in found],
        bool(trains.any()),
    )


def _name(verdict: gc.Verdict, behind: bool) -> str:
    """Return a verdict's name; what is healthy but behind others on the same data is slow."""
    return "slow" if verdict.name == "healthy" and behind else verdict.name


def _headline(names: Sequence[str], trains: npt.NDArray[Any], target: float, finished: bool) -> str:
    good = [name for name, well in zip(names, trains, strict=True) if well]
    bad = [name for name, well in zip(names, trains, strict=True) if not well]
    yet = "" if finished else " yet"
    if not good:
        who = "It has not" if len(names) == 1 else f"None of the {NUMBERS[len(names)]} has"
        return f"{who} reached loss {readable(target)}{yet}."
    if not bad:
        return f"{listed(good)} {'train' if len(good) > 1 else 'trains'} this network."
    rest = "the other does" if len(bad) == 1 else f"the other {NUMBERS[len(bad)]} do"
    if len(good) <= len(bad):
        return f"{listed(good)} {'train' if len(good) > 1 else 'trains'} this network; {rest} not{yet}."
    whole = f"{NUMBERS[len(good)].capitalize()} of {NUMBERS[len(names)]}"
    return f"{whole} train this network; {listed(bad)} {'does' if len(bad) == 1 else 'do'} not{yet}."


def _detail(names: Sequence[str], reached: Steps, target: float, steps: int, finished: bool) -> str:
    seeds = reached.shape[1]
    if len(names) < 2:
        return "One variant alone: add another to compare it with."
    if (reached < 0).all():
        return (
            f"No run reached loss {readable(target)}, so there is no difference to judge{'' if finished else ' yet'}."
        )
    # A run that never reached the loss counts as the worst.
    times = np.where(reached < 0, steps, reached)
    fastest = np.argsort(np.median(times, axis=1) + 1e-6 * times.mean(axis=1), kind="stable")[:2]
    first, second = sorted(fastest, key=lambda one: times[one].mean())  # as the difference is one of means
    ahead, behind, loss = names[first], names[second], readable(target)
    if seeds < MIN_PAIRS:
        few = "1 seed is" if seeds == 1 else f"{seeds} seeds are"
        return f"{ahead} is first to loss {loss}, but {few} too few to tell how sure that is: take {MIN_PAIRS} or more."
    found = sign_flip_interval(times[second] - times[first])
    assert found.low is not None
    assert found.high is not None
    interval = f"95 %: {_whole(found.low)} to {_whole(found.high)}, {seeds} seeds"
    never = bool((reached[[first, second]] < 0).any())
    if never and not finished:
        return f"{ahead} is ahead on the way to loss {loss}; not all of its runs and {behind}'s are there yet."
    counted = f" Runs that never reached it count as {steps:,} steps." if never else ""
    if found.is_sure:
        return f"{ahead} reaches loss {loss} {_whole(found.mean)} steps before {behind} ({interval}).{counted}"
    return (
        f"{ahead} and {behind} are equally fast to loss {loss} within the noise of the seeds: "
        f"{_whole(found.mean)} steps apart ({interval}).{counted}"
    )


def _whole(number: float) -> str:
    return f"{round(number):,}".replace("-", "−")


def listed(names: Sequence[str]) -> str:
    """Return names as a list: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
