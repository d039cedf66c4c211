"""Comparisons beside single runs, PyTorch and JAX: python -m benchmarks.comparison.

Prints tables and, after a whole run, writes them into benchmarks/README.md. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from benchmarks.comparison import agreement, memory, recording, tables, timing, widths
from benchmarks.comparison.bundles import BUNDLES
from benchmarks.comparison.peers import installed
from benchmarks.engine.jobs import CONFIGURATIONS
from benchmarks.engine.rounds import QUICK, WHOLE
from benchmarks.engine.tables import circumstances, startup_table
from benchmarks.report import noted, write_section


def main(arguments: list[str] | None = None) -> None:
    """Compare, measure, print, and write what was printed into the README."""
    options = _options(arguments)
    effort = QUICK if options.quick else WHOLE
    effort = replace(effort, rounds=options.rounds or effort.rounds)
    peers, missing = installed()
    labels = [CONFIGURATIONS[name].label for name in "TSM"]
    parts = [
        *circumstances("benchmarks.comparison", peers, missing, effort),
        " · ".join([*labels, "**page** 64-[32×10]-10 batch 32, digits"]) + "; × seeds, the page's starts × seeds",
    ]
    memory_table = noted("memory", memory.table())  # before the peers' own
    for dtype in agreement.PREDICTABLE:
        for make in BUNDLES.values():
            agreement.check(make(dtype), peers.values())
    print("all agree with the engine's single runs", file=sys.stderr, flush=True)
    bundles = {name: make("float32") for name, make in BUNDLES.items()}
    results = {}
    for name, bundle in bundles.items():
        results[name] = timing.compare(bundle, peers, effort)
        noted(name, tables.microseconds_table({name: results[name]}, bundles, peers))
    parts += [
        tables.ratios_table(results, peers),
        tables.microseconds_table(results, bundles, peers),
        *([startup_table(results, peers)] if peers else []),
        noted("recording", recording.table(bundles, effort)),
        noted("widths", widths.table(effort)),
        memory_table,
    ]
    text = "\n\n".join(parts)
    print(text)
    if effort.rounds >= WHOLE.rounds and not options.quick and not missing:
        write_section("comparison", text)
    else:
        print("not a whole run, so benchmarks/README.md stays as it is", file=sys.stderr)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison", description=__doc__)
    parser.add_argument("--rounds", type=int, help=f"{WHOLE.rounds} if not given")
    parser.add_argument("--quick", action="store_true", help="few and short rounds: noisy, and not written down")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
