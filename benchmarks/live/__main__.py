"""What a visitor of the live screens feels, measured in a real browser: python -m benchmarks.live.

Prints a table and writes it into benchmarks/README.md. Run it on a quiet machine; --quick leaves out what takes a
minute or more each: steadiness, memory, the large comparisons.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil

from benchmarks.browser import app, chromium
from benchmarks.live import dragging, memory, motion, steadiness, talk, waiting
from benchmarks.live.scenes import COMPARED, DIGITS, MOST, NEW_RUNS, PLANE, SCENES, SLOW, VISITOR_GOAL
from benchmarks.live.visitor import Row
from benchmarks.report import machine, write_section


def main() -> None:
    """Measure everything, print it, and write it into benchmarks/README.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    rows: list[Row] = []
    plane, digits, compared, most = (SCENES[name].path for name in (PLANE, DIGITS, COMPARED, MOST))
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        rows += waiting.cold_start(browser, folder)
        with app(folder / "log.txt") as (address, process):
            server = psutil.Process(process.pid)
            scenes = {name: scene for name, scene in SCENES.items() if not (quick and name in SLOW)}
            visits: list[Callable[[], list[Row]]] = [
                *(partial(motion.rates, browser, address, server, name, scene) for name, scene in scenes.items()),
                partial(waiting.switching, browser, address, digits),
                *(partial(waiting.first_moving_frame, browser, address, *one) for one in NEW_RUNS.items()),
                *(partial(dragging.dragging, browser, address, *one) for one in dragging.EXPLORERS.items()),
                partial(talk.page_down, browser, address),
                partial(steadiness.plotly_untouched, browser, address, digits),
            ]
            if not quick:
                visits += [
                    partial(steadiness.steadiness, browser, address, PLANE, plane, "gradients"),
                    partial(steadiness.steadiness, browser, address, COMPARED, compared, "maps"),
                ]
            for visit in visits:
                rows += noted(visit)
        if not quick:
            with app(folder / "memory.txt") as (address, process):
                rows += noted(partial(memory.together, browser, address, psutil.Process(process.pid), plane))
            rows += noted(partial(memory.one_more, browser, folder / "more.txt", MOST, most, VISITOR_GOAL))
    if not quick:
        rows += noted(partial(memory.own_objects, MOST, most))
    lines = [
        "| what | measured | goal |",
        "|---|---|---|",
        *(f"| {row.name} | {row.value} | {row.goal} |" for row in rows),
    ]
    text = "\n".join([f"`python -m benchmarks.live{' --quick' if quick else ''}` on {machine()}.", "", *lines])
    write_section("live", text)
    print(text)


def noted(measure: Callable[[], list[Row]]) -> list[Row]:
    """Measure and say at once what came out."""
    rows = measure()
    for row in rows:
        print(f"{row.name}: {row.value} {f'({row.goal})' if row.goal else ''}", file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    main()
