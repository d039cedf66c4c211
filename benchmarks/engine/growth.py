"""How our step grows with depth, width and batch, beside how the number of multiplications grows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from benchmarks.engine.jobs import Configuration, make_job
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, epochs_lasting, interleave, number, paired, spread
from benchmarks.engine.tables import markdown

# 64-[width×depth]-10: one of the three varies, the others stay.
DEPTH, WIDTH, BATCH = 10, 64, 64
BATCHES = 10
VARIED = {"depth": (1, 3, 10, 30, 100), "width": (16, 64, 256, 512, 1024), "batch": (1, 8, 64, 512)}


def _configuration(what: str, value: int) -> Configuration:
    setting = {"depth": DEPTH, "width": WIDTH, "batch": BATCH} | {what: value}
    sizes = (64, *[setting["width"]] * setting["depth"], 10)
    return Configuration(f"{what} {value}", sizes, setting["batch"], BATCHES)


def _products(configuration: Configuration) -> int:
    """Return the multiplications of a step's matrix products."""
    layers = [(below + 1) * here for below, here in pairwise(configuration.sizes)]
    hidden = [below * here for below, here in pairwise(configuration.sizes[1:])]
    return configuration.batch * (2 * sum(layers) + sum(hidden))


def _seconds_a_step(what: str, values: Sequence[int], dtype: str, effort: Effort) -> dict[int, list[float]]:
    runs, steps = {}, {}
    for value in values:
        job = make_job(_configuration(what, value), dtype=dtype)
        epochs = epochs_lasting(Ours(job, record_every=BATCHES).run, BATCHES, effort)
        steps[value] = epochs * BATCHES
        runs[value] = partial(Ours(job, record_every=steps[value]).run, epochs)
    return {
        value: [each / steps[value] for each in measured] for value, measured in interleave(runs, effort.rounds).items()
    }


def table(dtype: str, effort: Effort) -> str:
    """Measure, and return the table."""
    rows = []
    for what, values in VARIED.items():
        first, *_ = values
        products = {value: _products(_configuration(what, value)) for value in values}
        seconds = _seconds_a_step(what, values, dtype, effort.shorter)
        for value in values:
            microseconds = spread([1e6 * each for each in seconds[value]]).median
            grown = paired(seconds[value], seconds[first])
            rows.append(
                [f"{what} {value}", number(microseconds), str(grown), number(products[value] / products[first])]
            )
    header = [
        f"64-[{WIDTH}×{DEPTH}]-10, batch {BATCH}, {dtype}",
        "µs a step",
        "× the first",
        "multiplications × the first",
    ]
    return markdown(header, rows)
