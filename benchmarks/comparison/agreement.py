"""Before anything is timed: everybody's losses are those of the engine's single runs, in both precisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

import gradcore as gc
from benchmarks.comparison.bundles import Bundle
from benchmarks.engine import agreement
from benchmarks.engine.jobs import Array
from benchmarks.engine.peers import Entry

# Batches over which erratic specs are compared: beyond, a rounding has grown to all that the loss has of digits.
PREDICTABLE = {"float32": 1, "float64": 2}


def reference(bundle: Bundle) -> Array:
    """Train every run alone for one epoch; return their mean losses, (runs,)."""
    return np.array([agreement.reference(job)[0] for job in bundle.jobs])


def stacked(bundle: Bundle) -> Array:
    """Do the same in lockstep."""
    records = gc.compare(bundle.specs, bundle.job.settings(), bundle.job, bundle.seeds)
    return np.ravel(np.mean([next(records).loss for _ in range(bundle.batches)], axis=0))


def disagreement(bundle: Bundle, losses: Array, expected: Array) -> str | None:
    """Return which run's mean loss of the first epoch differs most from the engine's, None if none does."""
    errors = np.abs(losses - expected) / np.abs(expected)
    errors[np.isnan(errors)] = np.inf
    worst = int(np.argmax(errors))
    if errors[worst] <= agreement.TOLERANCE[bundle.job.spec.dtype]:
        return None
    spec, seed = divmod(worst, len(bundle.seeds))
    name = bundle.specs[spec].initializers[0]
    return f"of {name}, seed {seed}, its mean loss is {losses[worst]:.9g}, the engine's {expected[worst]:.9g}"


def check(bundle: Bundle, entries: Iterable[Entry]) -> None:
    """Let new peers, and our own lockstep, train for an epoch; erratic specs for a few batches.

    Raises
    ------
    SystemExit
        If one differs from the engine's single runs; the message names it.
    """
    trainers = {"gc.compare": stacked} | {entry.name: _trainer(entry) for entry in entries}
    parts = [bundle]
    if bundle.erratic:
        parts = [bundle.calm, bundle.first(PREDICTABLE[bundle.job.spec.dtype])]
    for part in parts:
        expected = reference(part)
        for name, train in trainers.items():
            found = disagreement(part, train(part), expected)
            if found is not None:
                raise SystemExit(f"{name} does not do the same job ({bundle.job.name}): {found}")


def _trainer(entry: Entry) -> Callable[[Bundle], Array]:
    return lambda bundle: entry.make(bundle).run(1)
