"""How long an explorer's figure takes to follow a drag: one that rests in between, and one that goes on."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from playwright.sync_api import Browser

from benchmarks.live.visitor import FIND_PANEL, Row, open_scene

DRAGS, APART_MS, ON_MS = 12, 2500, 40
GOAL = "≤ 150"
EXPLORERS = {
    "gradient flow, 10 layers": "gradient_flow?v=1&depth=10",
    "gradient flow, 50 layers": "gradient_flow?v=1&depth=50",
    "saturation, 10 layers": "saturation?v=1&depth=10",
    "saturation, 30 layers": "saturation?v=1&depth=30",
}
# Moves the gain like a hand: an input event for each place on the way.
DRAG = """(root, to) => {
  const gain = root.querySelector('[data-drag=gain]');
  gain.value = to;
  gain.dispatchEvent(new Event('input', { bubbles: true }));
}"""
# From the oldest change that an answer carries until its charts are drawn.
DELAYS = """performance.getEntriesByName('gradcore-frame').filter(mark => mark.detail.since !== undefined)
  .map(mark => mark.startTime - mark.detail.since)"""


def dragging(browser: Browser, address: str, name: str, path: str) -> list[Row]:
    """Drag the gain: single moves with a rest after each, then moves without any."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(5000)
    panel = page.evaluate_handle(FIND_PANEL)
    for number in range(DRAGS):
        panel.evaluate(DRAG, 0.3 * (-1) ** number + 0.01 * number)
        page.wait_for_timeout(APART_MS)
    single = page.evaluate(DELAYS)
    for number in range(DRAGS * 20):
        panel.evaluate(DRAG, -0.5 + number / (DRAGS * 20))
        page.wait_for_timeout(ON_MS)
    page.wait_for_timeout(2000)
    on = page.evaluate(DELAYS)[len(single) :]
    page.context.close()
    return [
        Row(f"{name}: drag to drawn figure, ms (median, longest)", _middle_and_longest(single), GOAL),
        Row(f"{name}: the same while one drags on", _middle_and_longest(on), GOAL),
    ]


def _middle_and_longest(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.0f}, {max(times):.0f}" if times else "none"
