"""Whether verdicts are right: 100 settings whose outcome is known beforehand are trained and diagnosed.

Run as `python -m benchmarks.verdicts [seed]`: prints a table and fails if fewer than 90 are right. What a setting must
come to follows from theory (verdict_settings.py), never from what `diagnose` says. Weights are random, so a network may
escape its family's fate: `agrees` looks at the trained network itself over all its training data, and a setting that
is not clearly what theory says is drawn anew (and counted).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from benchmarks.verdict_settings import SEED, Setting, candidates
from gradcore.diagnosis.evidence import WINDOW

ENOUGH = 90

# Losses against the best constant prediction's: below, the network has learned; above, it is stuck.
LEARNED, STUCK = 0.97, 0.99
# Share of units that answer no training sample, in the layer with most of them: at most, if anything but death is to
# be judged; at least, if death is.
ALIVE, DEAD = 0.4, 0.6
# Share of a layer's activations within 1 % of the ends of their range: at least.
FLAT = 0.65
# The first layer's gradient against that of the same network at gain 1 and without normalization: at least.
EXPLODED = 200.0
# Spread of a layer's units over its largest activation: at most (float32's rounding included).
EQUAL = 1e-5


@cache
def _load(name: str, seed: int) -> gc.Dataset:
    return gc.load_dataset(name, seed)


def data_of(setting: Setting) -> gc.Dataset:
    """Return what a setting is trained on: one of ten draws of its data set."""
    return _load(setting.dataset, setting.seed % 10)


def diagnosed(setting: Setting) -> tuple[gc.Run, str]:
    """Train a setting and return the run with the verdict that the live screen would show at its end."""
    run = gc.Run(setting.spec, setting.tspec, data_of(setting), setting.seed)
    records: list[gc.StepRecord] = []
    while not run.finished:
        records.append(run.advance())
    before, window = records[:-WINDOW], records[-WINDOW:]
    counted = [record for record in before if record.stats.distinct_units is not None]
    return run, gc.diagnose([*counted[-1:], *window], setting.spec)[0].name


def agrees(setting: Setting, run: gc.Run) -> bool:
    """Say whether a trained network clearly is what theory says, by what it does to all its training data."""
    data, spec, outcome = data_of(setting), setting.spec, setting.outcome
    if outcome == "diverged":
        return _overflows(setting, data)
    trace = gc.forward(run.net, data.x)
    grads = gc.backward(run.net, trace, data.y)
    hidden = [layer.activation for layer in trace.layers[:-1]]
    unused = max(float((a == 0).all(axis=1).mean()) for a in hidden)
    if run.diverged or not np.isfinite(grads.loss):
        return False
    if outcome == "symmetric units":
        return all(bool((np.ptp(a, axis=0) <= EQUAL * np.abs(a).max()).all()) for a in hidden)
    if outcome == "dead":
        return unused >= DEAD
    if unused > ALIVE:
        return False
    if outcome == "exploding":
        tame = gc.build(replace(spec, gain=None, normalization=None), setting.seed)
        tame_grads = gc.backward(tame, gc.forward(tame, data.x), data.y)
        return _first_norm(grads) >= EXPLODED * _first_norm(tame_grads)
    if outcome == "saturated":
        low, high = gc.ACTIVATIONS[spec.activations[0]].range
        margin = 0.01 * (high - low)
        return max(float(((a < low + margin) | (a > high - margin)).mean()) for a in hidden) >= FLAT
    loss = grads.loss / _constant_loss(data.y, spec.loss_name)
    return loss <= LEARNED if outcome == "healthy" else loss >= STUCK


def _overflows(setting: Setting, data: gc.Dataset) -> bool:
    """Say whether plain gradient descent on all the data ends in numbers that are not finite."""
    net = gc.build(setting.spec, setting.seed, data.x)
    with np.errstate(all="ignore"):
        for _ in range(setting.tspec.steps):
            grads = gc.backward(net, gc.forward(net, data.x), data.y)
            net.parameters -= setting.tspec.learning_rate * grads.flat
            if not (np.isfinite(grads.loss) and np.isfinite(net.parameters).all()):
                return True
    return False


def _first_norm(grads: gc.Gradients) -> float:
    return float(np.linalg.norm(grads.layers[0].weight_grad))


def _constant_loss(y: npt.NDArray[Any], loss: str) -> float:
    """Return the least loss of a prediction that does not depend on the input."""
    if loss == "mse":
        return float(y.var(axis=0).sum() / 2)
    shares = np.bincount(y) / len(y)
    return float(-(shares * np.log(shares)).sum())


def judge(seed: int = SEED) -> Iterator[tuple[Setting, str, int]]:
    """Yield each of the 100 settings with the verdict on it, and how often it was drawn anew."""
    for draws in candidates(seed):
        for redrawn, setting in enumerate(draws):
            run, said = diagnosed(setting)
            if agrees(setting, run):
                yield setting, said, redrawn
                break


def main(arguments: Sequence[str] = ()) -> int:
    """Print the table and the summary; return 1 if fewer than 90 are right."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for number, (setting, said, redrawn) in enumerate(judge(int(arguments[0]) if arguments else SEED), 1):
        outcome = setting.outcome
        asked[outcome] += 1
        right[outcome] += said == outcome
        again[outcome] += redrawn
        mark = "right" if said == outcome else "WRONG"
        print(f"{number:3}  {setting!s:86}  expected {outcome:15}  said {said:15}  {mark}", flush=True)
    print()
    for outcome, number in asked.items():
        print(f"{outcome}: {right[outcome]} of {number} right; {again[outcome]} drawn anew as unclear")
    print(f"{right.total()} of {asked.total()} right")
    return int(right.total() < ENOUGH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
