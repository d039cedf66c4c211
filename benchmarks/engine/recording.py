"""What records cost: the same training with a record now and then, and with more of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from benchmarks.engine.jobs import CONFIGURATIONS, make_job
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, Spread, epochs_lasting, interleave, paired
from benchmarks.engine.tables import markdown

GOALS = {"M": 15, "L": 6, "D": 9}
BARE = "bare"
WAYS: dict[str, tuple[int, int | None]] = {
    "every step": (1, None),
    "every 10th step": (10, None),
    "every step, with histograms": (1, 1),
    "every 10th step, with histograms": (10, 10),
}


def overheads(name: str, dtype: str, effort: Effort) -> dict[str, Spread]:
    """Return for each way of recording what it adds to a step, in %."""
    job = make_job(CONFIGURATIONS[name], dtype=dtype)
    epochs = epochs_lasting(Ours(job, record_every=job.batches).run, job.batches, effort)
    runs = {BARE: partial(Ours(job, record_every=epochs * job.batches).run, epochs)}
    runs |= {way: partial(Ours(job, *intervals).run, epochs) for way, intervals in WAYS.items()}
    return added(runs, effort)


def added(runs: Mapping[str, Callable[[], object]], effort: Effort) -> dict[str, Spread]:
    """Return what the others take more than BARE, in %."""
    seconds = interleave(runs, effort.rounds)
    ratios = {way: paired(seconds[way], seconds[BARE]) for way in runs if way != BARE}
    return {way: Spread(*(100 * (part - 1) for part in (r.median, r.low, r.high))) for way, r in ratios.items()}


def table(names: list[str], dtype: str, effort: Effort) -> str:
    """Measure, and return the table."""
    found = {name: overheads(name, dtype, effort) for name in names}
    rows = [[f"{way}, %", *(str(found[name][way]) for name in names)] for way in WAYS]
    rows.insert(1, ["goal: at most, %", *(str(GOALS[name]) for name in names)])
    return markdown([f"records ({dtype})", *names], rows)
