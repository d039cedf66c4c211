"""Many visitors at once, over the websocket that browsers use: python -m benchmarks.load.

Prints a table and writes it into benchmarks/README.md. Run it on a quiet machine. It visits this machine only, with at
most 50 visitors for at most 300 seconds: by default a server that it starts, a new one for each number of visitors.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path

from benchmarks.browser import app
from benchmarks.load.bounds import loopback, seconds, visitors
from benchmarks.load.walk import PAGES, Waits, stroll, together
from benchmarks.report import machine, noted, write_section

VISITORS = (1, 5, 10, 20)
SECONDS = 60
# Visitors → the p95 of a rerun, s, and the server's memory, MB, at most.
GOALS = {10: 1.0, 20: 2.5}
MEMORY_GOAL = 400
HEAD = (
    "visitors", "of these training", "settings changed", "page ran again, s: median", "95 of 100 within", "longest",
    "page opened, s: 95 of 100 within", "more steps for a panel, s: 95 of 100 within", "server memory, MB",
)  # fmt: skip


def main() -> None:
    """Measure every number of visitors, print the table, and write it into benchmarks/README.md."""
    options = _options()
    rows = []
    for count in options.visitors:
        if options.address:
            rows.append(_row(count, asyncio.run(_measured(options.address, count, options.seconds)), None))
        else:
            with tempfile.TemporaryDirectory() as name, app(Path(name) / "log.txt") as (address, process):
                waits = asyncio.run(_measured(address, count, options.seconds))
                rows.append(_row(count, waits, _megabytes(process.pid)))
        noted(f"{count} visitors", rows[-1])
    what = f"`python -m benchmarks.load` on {machine()}; {options.seconds} s each."
    text = "\n".join([what, "", f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}", *rows])
    print(text)
    if not options.address:
        write_section("load", text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=visitors, nargs="+", default=VISITORS, help="how many at once, in turn")
    parser.add_argument("--seconds", type=seconds, default=SECONDS, help="for how long each")
    parser.add_argument("--address", type=loopback, help="a server of this machine that runs already; writes nothing")
    return parser.parse_args()


async def _measured(address: str, count: int, time: float) -> Waits:
    """Let one visitor see every page before anybody is timed: he loads what all share."""
    await stroll(address, Waits(), asyncio.get_running_loop().time() + 5 * len(PAGES), 0)
    waits = await together(address, count, time)
    if waits.errors:
        raise SystemExit(f"{count} visitors: {waits.errors[0]}")
    return waits


def _megabytes(process: int) -> float:
    import psutil  # here: a command that refuses its options, and its tests, need none of the benchmarks' packages

    return float(psutil.Process(process).memory_info().rss) / 1e6


def _row(count: int, waits: Waits, megabytes: float | None) -> str:
    goal = f" ≤ {GOALS[count]:g}" if count in GOALS else ""
    changed = waits.changed or [float("nan")]
    cells = [
        str(count),
        str(min(2, count - 1)),
        str(len(waits.changed)),
        f"{statistics.median(changed):.2f}",
        f"{percentile(changed):.2f}{goal}",
        f"{max(changed):.2f}",
        f"{percentile(waits.opened):.2f}",
        f"{percentile(waits.ticked):.2f}" if waits.ticked else "–",
        "–" if megabytes is None else f"{megabytes:.0f} ≤ {MEMORY_GOAL}",
    ]
    return f"| {' | '.join(cells)} |"


def percentile(values: list[float], share: float = 0.95) -> float:
    """Return the smallest value that at least such a share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-round(share * 100) * len(ordered) // 100) - 1)]


if __name__ == "__main__":
    main()
