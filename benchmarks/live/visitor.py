"""A visitor of the app in Chromium: opens a page, counts what it shows, presses its buttons."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Page

PATIENCE = 120_000

# Counts animation frames.
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


@dataclass
class Row:
    """One measured thing: its value in words, and the goal it is held against."""

    name: str
    value: str
    goal: str = ""


def open_scene(browser: Browser, address: str, path: str, received: list[int] | None = None) -> Page:
    """Open a page as a new visitor and wait for its first frame; sizes of what arrives go into `received`."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    if received is not None:
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    page.goto(f"{address}/{path}")
    page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 0", timeout=PATIENCE)
    page.evaluate(WATCH)
    return page


def frames(page: Page) -> int:
    """Return how many frames were shown so far."""
    return int(page.evaluate("performance.getEntriesByName('gradcore-frame').length"))


def pause_ms(page: Page) -> float:
    """Press Pause and return how long after it the last frame came, 0 if none did."""
    panel = page.evaluate_handle(FIND_PANEL)
    pressed = panel.evaluate(CLICK, ".play")
    page.wait_for_timeout(1000)
    last = page.evaluate("performance.getEntriesByName('gradcore-frame').at(-1).startTime")
    return max(0.0, last - pressed)
