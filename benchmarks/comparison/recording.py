"""What records of all runs cost: the same training with a record now and then, and as the page records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.comparison.bundles import Bundle
from benchmarks.comparison.stacked import Stacked
from benchmarks.engine.jobs import Array
from benchmarks.engine.recording import BARE, added
from benchmarks.engine.rounds import Effort, Spread, epochs_lasting
from benchmarks.engine.tables import markdown

# Steps between the page's records, and between its looks at the test part and counts of different units.
EVERY, FULL_EVERY = 5, 10
# One sample in so many stands in for a test part, as large as the data sets' own.
TEST_PART = 4


@dataclass(frozen=True, eq=False)
class Tested:
    """Data with a test part."""

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    name: str


def tested(bundle: Bundle) -> Tested:
    """Return a bundle's data with some of its samples as test part."""
    job, n = bundle.job, len(bundle.job.x) // TEST_PART
    return Tested(job.x, job.y, job.x[:n], job.y[:n], job.name)


def overheads(bundle: Bundle, effort: Effort) -> dict[str, Spread]:
    """Return for each way of recording what it adds to a step, in %."""
    epochs = epochs_lasting(Stacked(bundle, record_every=bundle.batches).run, bundle.batches, effort)
    epochs *= math.lcm(bundle.batches, FULL_EVERY) // bundle.batches  # so that a measurement holds whole intervals
    full = Stacked(bundle, EVERY, tested(bundle), test_every=FULL_EVERY, histogram_every=FULL_EVERY)
    ways = {
        BARE: Stacked(bundle, record_every=epochs * bundle.batches),
        f"every {EVERY}th step": Stacked(bundle, EVERY),
        f"as the page does: every {FULL_EVERY}th with test part and different units": full,
    }
    return added({way: partial(one.run, epochs) for way, one in ways.items()}, effort)


def table(bundles: Mapping[str, Bundle], effort: Effort) -> str:
    """Measure, and return the table."""
    found = {name: overheads(bundle, effort) for name, bundle in bundles.items()}
    ways = next(iter(found.values()))
    rows = [[f"{way}, %", *(str(each[way]) for each in found.values())] for way in ways]
    return markdown(["records, float32", *found], rows)
