"""A scene in motion: how often it shows something new, and what that costs."""

from __future__ import annotations

import time

import psutil
from playwright.sync_api import Browser

from benchmarks.live.scenes import Scene
from benchmarks.live.visitor import Row, frames, open_scene, pause_ms

SECONDS = 20


def rates(browser: Browser, address: str, server: psutil.Process, name: str, scene: Scene) -> list[Row]:
    """Measure one scene in motion."""
    received: list[int] = []
    page = open_scene(browser, address, scene.path, received)
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
    return [
        Row(f"{name}: visible updates a second", f"{updates / seconds:.1f}", scene.updates),
        Row(f"{name}: animation frames a second", f"{paints:.0f}", "60"),
        Row(f"{name}: KB an update", f"{sum(received) / 1000 / updates:.1f}", scene.kilobytes),
        Row(f"{name}: server CPU ms an update", f"{1000 * spent / updates:.1f}", scene.cpu),
        Row(f"{name}: last frame after Pause, ms", f"{pause:.0f}", scene.pause),
    ]
