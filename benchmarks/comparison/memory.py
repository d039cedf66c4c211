"""What a comparison holds: the numbers that the engine foretells, and what Python and NumPy really allocate."""

from __future__ import annotations

import gc as collector
import tracemalloc

import gradcore as gc
from benchmarks.comparison.bundles import MOST, PAGE, PAGE_BATCH, PAGE_RATE, of_starts
from benchmarks.engine.rounds import number
from benchmarks.engine.tables import markdown
from gradcore.training.grouping import cost

# Starts and seeds of each; the goal is for the most that the page takes with its own number of seeds.
CASES = ((PAGE, 8), (MOST, 8), (MOST, 16))
HELD_AGAINST_GOAL = (MOST, 8)
# MB of one visitor.
GOAL = 8
STEPS, EVERY, FULL_EVERY = 20, 5, 10
MEGABYTE = 1e6


def allocated(starts: tuple[tuple[str, float | None], ...], seeds: int) -> tuple[float, float, float]:
    """Return MB: what is foretold, what a comparison holds after some steps, and the most that it held until then."""
    data, specs = gc.load_dataset("digits"), of_starts(starts, seeds).specs
    tspec = gc.TrainingSpec(learning_rate=PAGE_RATE, batch_size=PAGE_BATCH, steps=10**6)
    foretold = cost(specs, tspec, len(data.x), seeds).bytes
    collector.collect()
    tracemalloc.start()
    try:
        comparison = gc.Comparison(specs, tspec, data, range(seeds))
        for step in range(0, STEPS, EVERY):
            comparison.advance(step, full=step % FULL_EVERY == 0)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return foretold / MEGABYTE, held / MEGABYTE, peak / MEGABYTE


def table() -> str:
    """Measure, and return the table."""
    rows = []
    for starts, seeds in CASES:
        foretold, held, peak = allocated(starts, seeds)
        goal = f" ≤ {GOAL}" if (starts, seeds) == HELD_AGAINST_GOAL else ""
        rows.append([f"{len(starts)} × {seeds}", number(foretold), f"{number(held)}{goal}", number(peak)])
    return markdown(["`gc.Comparison` of the page, MB", "foretold (`grouping.cost`)", "held", "at most"], rows)
