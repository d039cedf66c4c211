"""The app with next to no processor, as a free host gives it: python -m benchmarks.cloud.

Starts the app under 0.1 core and 690 MB, visits it in a browser that is not limited, prints what a visitor sees and
writes it into benchmarks/README.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from benchmarks.browser import app, chromium
from benchmarks.cloud.limits import Limit, limited
from benchmarks.live.visitor import Row
from benchmarks.report import machine, write_section

CORES, MEGABYTES = 0.1, 690
WATCHED_SECONDS = 60
PATIENCE = 300
FIRST_GOAL = "≤ 20"
PAGES = {"home, two networks": "", "live training": "live_training", "comparison": "compare_initializers"}
STEPS = "performance.getEntriesByName('gradcore-frame').map(mark => [mark.startTime, mark.detail.step])"


def main() -> None:
    """Measure, print, and write into benchmarks/README.md."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name, chromium() as browser, limited(CORES, MEGABYTES) as limit:
        log = Path(name) / "log.txt"
        for title, path in PAGES.items():
            rows += _visited(browser, log, limit, title, path)
    under = f"The server under {CORES:g} core and {MEGABYTES} MB ({limit.what})."
    what = f"`python -m benchmarks.cloud` on {machine()}. {under}"
    lines = ["| what | measured | goal |", "|---|---|---|", *(f"| {r.name} | {r.value} | {r.goal} |" for r in rows)]
    text = "\n".join([what, "", *lines])
    write_section("cloud", text)
    print(text)


def _visited(browser: Browser, log: Path, limit: Limit, title: str, path: str) -> list[Row]:
    """Start a server, let its first visitor come to a page, let a second one come, and see what the second one sees."""
    start = time.monotonic()
    with app(log, started=limit.enter, patience=PATIENCE) as (address, process):
        up = time.monotonic() - start
        server = psutil.Process(process.pid)
        first = _first_picture(browser, f"{address}/{path}")
        second = _first_picture(browser, f"{address}/{path}", WATCHED_SECONDS)
        alive = process.poll() is None
        used = server.memory_info().rss / 1e6 if alive else float("nan")
    gaps = [(later[0] - one[0]) / 1000 for one, later in zip(second.marks, second.marks[1:], strict=False)]
    half = [at for at, _ in second.marks if at > second.marks[0][0] + 500 * WATCHED_SECONDS]
    values = {
        "server answers after its start, s": (f"{up:.1f}", ""),
        "first picture for its first visitor, who has waited for the start, s": (
            f"{up + first.seconds:.1f}",
            FIRST_GOAL,
        ),
        "first picture for a later visitor, s": (f"{second.seconds:.1f}", FIRST_GOAL),
        f"frames in the next {WATCHED_SECONDS} s": (str(len(second.marks)), ""),
        "longest time without a new frame, s": (f"{max(gaps, default=float('nan')):.1f}", ""),
        "still playing at the end": ("yes" if half else "no: the run was over" if second.ended else "no", "yes"),
        "server's memory, MB": (f"{used:.0f}", f"≤ {MEGABYTES}"),
        "server alive": ("yes" if alive else "no", "yes"),
    }
    rows = [Row(f"{title}: {name}", *value) for name, value in values.items()]
    for row in rows:
        print(f"{row.name}: {row.value} {row.goal}", file=sys.stderr, flush=True)
    return rows


@dataclass
class Seen:
    """What a visitor saw: seconds to the first picture, time in ms and step of each frame, whether the run ended."""

    seconds: float
    marks: list[tuple[float, float]]
    ended: bool


def _first_picture(browser: Browser, address: str, stay: float = 0) -> Seen:
    """Open a page as a new visitor, stay for a time after the first picture, and leave."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    start = time.monotonic()
    page.goto(address, timeout=1000 * PATIENCE)
    page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 0", timeout=1000 * PATIENCE)
    seconds = time.monotonic() - start
    page.wait_for_timeout(1000 * stay)
    marks = [(at, step) for at, step in page.evaluate(STEPS)]
    ended = page.get_by_role("button", name="Finished", exact=True).count() > 0
    page.context.close()
    return Seen(seconds, marks, ended)


if __name__ == "__main__":
    main()
