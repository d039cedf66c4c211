"""How long a visitor waits: for the first screen, for another page, for a new run."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import app
from benchmarks.live.visitor import CLICK, FIND_PANEL, PATIENCE, Row, open_scene

ROUNDS = 5


def cold_start(browser: Browser, folder: Path) -> list[Row]:
    """Start the app and measure until a visitor sees the first frame move."""
    times = []
    for attempt in range(3):
        start = time.monotonic()
        with app(folder / f"cold{attempt}.txt") as (address, _):
            page = open_scene(browser, address, "")
            page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 3", timeout=PATIENCE)
            times.append(time.monotonic() - start)
            page.context.close()
    return [Row("first screen moving after a cold start, s (median of 3)", f"{statistics.median(times):.1f}", "≤ 6")]


def switching(browser: Browser, address: str, path: str) -> list[Row]:
    """Measure how long it takes to leave live training in mid-run, and to come back."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(2000)
    leaving, returning = [], []
    for _ in range(ROUNDS):
        start = time.monotonic()
        page.get_by_role("link", name="Home").click()
        page.get_by_role("heading", name="Why does a deep network stop learning?").wait_for()
        leaving.append(time.monotonic() - start)
        page.wait_for_timeout(500)
        start = time.monotonic()
        page.get_by_role("link", name="Live training").click()
        page.locator("section.panel.single .clock", has_text="step").wait_for()
        returning.append(time.monotonic() - start)
        page.wait_for_timeout(500)
    page.context.close()
    return [
        Row("leaving the page in mid-run, s (median)", f"{statistics.median(leaving):.2f}", "≤ 1"),
        Row("coming back to the run, s (median)", f"{statistics.median(returning):.2f}"),
    ]


def first_moving_frame(browser: Browser, address: str, name: str, path: str) -> list[Row]:
    """Measure the time from a press on new weights to the second frame of the new run."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(2000)
    times = []
    for _ in range(ROUNDS):
        panel = page.evaluate_handle(FIND_PANEL)
        at = panel.evaluate(CLICK, ".reseed")
        moving = page.wait_for_function(
            """at => {
              const marks = performance.getEntriesByName('gradcore-frame').filter(mark => mark.startTime > at);
              const first = marks.findIndex(mark => mark.detail.step < 1);
              return first >= 0 && marks.length > first + 1 && marks[first + 1].startTime - at;
            }""",
            arg=at,
            timeout=PATIENCE,
        )
        times.append(float(moving.json_value()))
        page.wait_for_timeout(1500)
    page.context.close()
    return [Row(f"{name}: new weights to the first moving frame, ms (median)", f"{statistics.median(times):.0f}")]
