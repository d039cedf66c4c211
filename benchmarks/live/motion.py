"""A scene in motion: how often it shows something new, and what that costs."""

from __future__ import annotations

import time

import psutil
from playwright.sync_api import Browser

from benchmarks.live.scenes import Scene
from benchmarks.live.visitor import Row, frames, open_scene, pause_ms

# Counts how often each chart that is in sight is drawn.
COUNT_DRAWINGS = """() => {
  window.drawings = {};
  for (const plot of document.querySelectorAll('.panel .js-plotly-plot')) {
    const { top, bottom, width } = plot.getBoundingClientRect();
    if (!width || bottom < 0 || top > innerHeight) continue;
    const track = [...document.querySelectorAll('.track')].indexOf(plot.closest('.track'));
    const name = track + plot.closest('[data-chart]').dataset.chart;
    window.drawings[name] = 0;
    for (const event of ['plotly_afterplot', 'plotly_restyle']) plot.on(event, () => { window.drawings[name] += 1; });
  }
}"""


def rates(browser: Browser, address: str, server: psutil.Process, name: str, scene: Scene) -> list[Row]:
    """Measure one scene in motion."""
    received: list[int] = []
    page = open_scene(browser, address, scene.path, received)
    page.wait_for_timeout(3000)
    received.clear()
    page.evaluate(COUNT_DRAWINGS)
    shown, painted, cpu, start = frames(page), page.evaluate("painted"), sum(server.cpu_times()[:2]), time.monotonic()
    page.wait_for_timeout(1000 * scene.seconds)
    updates = frames(page) - shown
    seconds = time.monotonic() - start
    paints = (page.evaluate("painted") - painted) / seconds
    spent = sum(server.cpu_times()[:2]) - cpu
    drawings = page.evaluate("Object.entries(window.drawings)")
    first, *others = sorted((count / seconds for _, count in drawings), reverse=True) or [0.0]
    pause = pause_ms(page)
    page.context.close()
    return [
        Row(f"{name}: visible updates a second", f"{updates / seconds:.1f}", scene.updates),
        Row(
            f"{name}: drawings a second, first chart and rarest other",
            f"{first:.1f}, {min(others, default=0):.1f}",
            scene.others,
        ),
        Row(f"{name}: animation frames a second", f"{paints:.0f}", "60"),
        Row(f"{name}: KB an update", f"{sum(received) / 1000 / updates:.1f}", scene.kilobytes),
        Row(f"{name}: server CPU ms an update", f"{1000 * spent / updates:.1f}", scene.cpu),
        Row(f"{name}: last frame after Pause, ms", f"{pause:.0f}", scene.pause),
    ]
