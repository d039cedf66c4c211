"""The comparison of comparisons in Markdown, goals beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.comparison.bundles import Bundle
from benchmarks.comparison.timing import SINGLE
from benchmarks.engine.comparison import OURS, Comparison
from benchmarks.engine.peers import Entry
from benchmarks.engine.rounds import spread
from benchmarks.engine.tables import markdown

# How many times longer single runs take than stacked ones, at least.
GOALS = {"T × 64": 7, "S × 32": 2}
OWN = {OURS: "`gc.compare`", SINGLE: "`gc.train`, one by one"}

Results = Mapping[str, Comparison]


def _names(peers: Mapping[str, Entry]) -> dict[str, str]:
    return OWN | {file: entry.name for file, entry in peers.items()}


def microseconds_table(results: Results, bundles: Mapping[str, Bundle], peers: Mapping[str, Entry]) -> str:
    """Return what everybody takes for one step of one run."""
    rows = [
        [
            name,
            *(
                str(spread([1e6 * value / bundles[bundle].runs for value in each.seconds[file]]))
                for bundle, each in results.items()
            ),
        ]
        for file, name in _names(peers).items()
    ]
    return markdown(["µs a run and step, tanh, float32", *results], rows)


def ratios_table(results: Results, peers: Mapping[str, Entry]) -> str:
    """Return everybody's time over that of the stacked runs."""
    rows = [
        [name, *(f"{each.faster_than(file)}{_goal(file, bundle)}" for bundle, each in results.items())]
        for file, name in _names(peers).items()
        if file != OURS
    ]
    return markdown([f"÷ {OWN[OURS]}, tanh, float32", *results], rows)


def _goal(file: str, bundle: str) -> str:
    return f" ≥ {GOALS[bundle]}" if file == SINGLE and bundle in GOALS else ""
