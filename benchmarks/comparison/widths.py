"""From which width on stacking saves nothing: what gradcore.grouping.STACKED_BELOW is taken from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from benchmarks.comparison.bundles import of_seeds
from benchmarks.comparison.peers.one_by_one import OneByOne
from benchmarks.comparison.stacked import Stacked
from benchmarks.engine.jobs import Configuration
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, epochs_lasting, interleave, paired
from benchmarks.engine.tables import markdown
from gradcore.training import grouping

WIDTHS, SEEDS, BATCH, BATCHES = (16, 32, 48, 63, 64, 96, 128), 8, 32, 20


@contextmanager
def _stacked_below(width: int) -> Iterator[None]:
    """Let the engine stack networks below another width than it would."""
    before, grouping.STACKED_BELOW = grouping.STACKED_BELOW, width
    try:
        yield
    finally:
        grouping.STACKED_BELOW = before


def table(effort: Effort) -> str:
    """Measure, and return the table."""
    rows = []
    for width in WIDTHS:
        bundle = of_seeds(Configuration(f"width {width}", (64, *[width] * 10, 10), BATCH, BATCHES), SEEDS)
        epochs = epochs_lasting(Stacked(bundle, record_every=BATCHES).run, BATCHES, effort.shorter)
        steps = epochs * BATCHES
        with _stacked_below(width + 1):
            stacked = Stacked(bundle, steps)
        with _stacked_below(width):
            apart = Stacked(bundle, steps)
        runs = {
            "single": partial(OneByOne(bundle, partial(Ours, record_every=steps)).run, epochs),
            "stacked": partial(stacked.run, epochs),
            "apart": partial(apart.run, epochs),
        }
        seconds = interleave(runs, effort.rounds)
        ratios = [str(paired(seconds["single"], seconds[way])) for way in ("stacked", "apart")]
        rows.append([f"width {width}", *ratios, "stacked" if width < grouping.STACKED_BELOW else "in turns"])
    header = [
        f"64-[width×10]-10, batch {BATCH}, {SEEDS} seeds: `gc.train` ÷",
        "stacked",
        "in turns",
        "`gc.compare` has them",
    ]
    return markdown(header, rows)
