"""What a visitor of the live screens feels, measured in a real browser: python -m benchmarks.live.

Prints a table and writes it into benchmarks/README.md. Run it on a quiet machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.browser import app, chromium
from benchmarks.report import machine, write_section

SECONDS = 20
MINUTE = 60
VISITORS = 10
PATIENCE = 120_000
ROUNDS = 5

SCENES = {
    "10 layers, plane with boundary": "live_training?v=1&data=moons",
    "10 layers, digits": "live_training",
    "home, two networks": "",
    "100 layers, plane with boundary": "live_training?v=1&data=moons&depth=100",
    "10 layers of 512": "live_training?v=1&data=moons&width=512&depth=10",
}

# Visible updates a second, KB and server CPU ms an update.
GOALS = {
    "10 layers, plane with boundary": ("≥ 20", "≤ 10", "≤ 40"),
    "10 layers, digits": ("≥ 20", "≤ 10", "≤ 40"),
    "100 layers, plane with boundary": ("≥ 8", "", ""),
}

# Counts animation frames, and notes when a canvas that was put up is gone.
WATCH = """() => {
  window.painted = 0;
  const count = () => { window.painted += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""
FIND_PANEL = """() => {
  const search = root => {
    for (const node of root.querySelectorAll('*')) {
      if (node.matches('section.panel')) return node;
      const found = node.shadowRoot && search(node.shadowRoot);
      if (found) return found;
    }
  };
  return search(document);
}"""
CLICK = "(root, name) => { const now = performance.now(); root.querySelector(name).click(); return now; }"
BLANK = """root => [...root.querySelectorAll('canvas.gradients')].every(canvas => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some(value => value !== 0);
})"""


@dataclass
class Row:
    """One measured thing: its value in words, and the goal it is held against."""

    name: str
    value: str
    goal: str = ""


def open_scene(browser: Browser, address: str, path: str, received: list[int]) -> Page:
    """Open a page as a new visitor and wait for its first frame; bytes that arrive go into `received`."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    page.goto(f"{address}/{path}")
    page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 0", timeout=PATIENCE)
    page.evaluate(WATCH)
    return page


def frames(page: Page) -> int:
    """Return how many frames were shown so far."""
    return int(page.evaluate("performance.getEntriesByName('gradcore-frame').length"))


def rates(browser: Browser, address: str, server: psutil.Process, name: str, path: str) -> list[Row]:
    """Measure one scene in motion."""
    received: list[int] = []
    page = open_scene(browser, address, path, received)
    page.wait_for_timeout(3000)
    received.clear()
    shown, painted, cpu, start = frames(page), page.evaluate("painted"), sum(server.cpu_times()[:2]), time.monotonic()
    page.wait_for_timeout(1000 * SECONDS)
    updates = frames(page) - shown
    seconds = time.monotonic() - start
    paints = (page.evaluate("painted") - painted) / seconds
    spent = sum(server.cpu_times()[:2]) - cpu
    pause = pause_ms(page)
    page.context.close()
    rate, kilobytes, cpu_ms = GOALS.get(name, ("", "", ""))
    return [
        Row(f"{name}: visible updates a second", f"{updates / seconds:.1f}", rate),
        Row(f"{name}: animation frames a second", f"{paints:.0f}", "60"),
        Row(f"{name}: KB an update", f"{sum(received) / 1000 / updates:.1f}", kilobytes),
        Row(f"{name}: server CPU ms an update", f"{1000 * spent / updates:.1f}", cpu_ms),
        Row(f"{name}: last frame after Pause, ms", f"{pause:.0f}", "≤ 50"),
    ]


def pause_ms(page: Page) -> float:
    """Press Pause and return how long after it the last frame came, 0 if none did."""
    panel = page.evaluate_handle(FIND_PANEL)
    pressed = panel.evaluate(CLICK, ".play")
    page.wait_for_timeout(1000)
    last = page.evaluate("performance.getEntriesByName('gradcore-frame').at(-1).startTime")
    return max(0.0, last - pressed)


def steadiness(browser: Browser, address: str) -> list[Row]:
    """Watch a run for a minute for nodes put up anew and for blank frames."""
    page = open_scene(browser, address, SCENES["10 layers, plane with boundary"], [])
    page.wait_for_timeout(2000)
    panel = page.evaluate_handle(FIND_PANEL)
    nodes = panel.evaluate("root => { window.nodes = [...root.querySelectorAll('*')]; return window.nodes.length; }")
    blank = 0
    for _ in range(MINUTE * 4):
        page.wait_for_timeout(250)
        blank += not panel.evaluate(BLANK)
    gone = panel.evaluate("() => window.nodes.filter(node => !node.isConnected).length")
    page.context.close()
    return [
        Row(f"nodes put up anew in a minute, of {nodes}", str(gone), "0"),
        Row(f"blank gradient charts in {MINUTE * 4} looks over a minute", str(blank), "0"),
    ]


def switching(browser: Browser, address: str) -> list[Row]:
    """Measure how long it takes to leave in mid-run, to come back, and from a change to the first moving frame."""
    page = open_scene(browser, address, SCENES["10 layers, digits"], [])
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


def first_moving_frame(browser: Browser, address: str) -> list[Row]:
    """Measure the time from a change of settings to the second frame of the new run."""
    rows = []
    for name, path in (("default", ""), ("100 layers", "&depth=100"), ("width 512", "&width=512")):
        page = open_scene(browser, address, f"live_training?v=1{path}", [])
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
        rows.append(
            Row(f"{name}: new weights to the first moving frame, ms (median)", f"{statistics.median(times):.0f}")
        )
    return rows


def plotly_untouched(browser: Browser, address: str) -> list[Row]:
    """Zoom a figure and hide a legend entry at rest, and look again after the page has idled."""
    page = open_scene(browser, address, "live_training", [])
    page.wait_for_timeout(2000)
    pause_ms(page)
    plot = page.locator(".js-plotly-plot").nth(2)
    plot.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(2000)
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    plot.locator(".legendtoggle").first.click()
    page.wait_for_timeout(1500)
    state = "plot => JSON.stringify([plot.layout.xaxis.range, plot.data.map(trace => trace.visible)])"
    before = plot.evaluate(state)
    page.wait_for_timeout(5000)
    kept = "yes" if before == plot.evaluate(state) and "legendonly" in before else "no"
    page.context.close()
    return [Row("zoom and hidden legend entry kept at rest", kept, "yes")]


def memory(browser: Browser, address: str, server: psutil.Process) -> list[Row]:
    """Open visitors that all train, and look at the server's memory."""
    pages = [open_scene(browser, address, "live_training?v=1&data=moons", []) for _ in range(VISITORS)]
    pages[0].wait_for_timeout(1000 * SECONDS)
    used = server.memory_info().rss / 1e6
    counts = [frames(page) for page in pages]
    for page in pages:
        page.context.close()
    return [
        Row(f"server memory with {VISITORS} open training visitors, MB", f"{used:.0f}", "≤ 250"),
        Row(f"frames that the slowest of {VISITORS} visitors saw in {SECONDS} s", str(min(counts))),
    ]


def cold_start(browser: Browser, folder: Path) -> list[Row]:
    """Start the app and measure until a visitor sees the first frame move."""
    times = []
    for attempt in range(3):
        start = time.monotonic()
        with app(folder / f"cold{attempt}.txt") as (address, _):
            page = open_scene(browser, address, "", [])
            page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 3", timeout=PATIENCE)
            times.append(time.monotonic() - start)
            page.context.close()
    return [Row("first screen moving after a cold start, s (median of 3)", f"{statistics.median(times):.1f}", "≤ 6")]


def main() -> None:
    """Measure everything, print it, and write it into the README beside this file."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        rows += cold_start(browser, folder)
        with app(folder / "log.txt") as (address, process):
            server = psutil.Process(process.pid)
            for scene, path in SCENES.items():
                rows += noted(lambda: rates(browser, address, server, scene, path))  # noqa: B023
            rows += noted(lambda: steadiness(browser, address))
            rows += noted(lambda: switching(browser, address))
            rows += noted(lambda: first_moving_frame(browser, address))
            rows += noted(lambda: plotly_untouched(browser, address))
        with app(folder / "memory.txt") as (address, process):
            rows += noted(lambda: memory(browser, address, psutil.Process(process.pid)))
    lines = [
        "| what | measured | goal |",
        "|---|---|---|",
        *(f"| {row.name} | {row.value} | {row.goal} |" for row in rows),
    ]
    text = "\n".join([f"`python -m benchmarks.live` on {machine()}.", "", *lines])
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
