"""How long an audience waits between two scenes of the built-in talk."""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.live.visitor import PATIENCE, Row, open_scene
from ui.talk.built_in import BUILT_IN

# Resolves to ms from the key to the first frame drawn once the next headline is there. While it is not, the scene
# before plays on, and its frames do not count.
NEXT = """headline => new Promise(resolve => {
  const start = performance.now();
  let before = start;
  const look = now => {
    if (![...document.querySelectorAll('h2')].some(h => h.textContent.trim() === headline)) before = now;
    else {
      const drawn = performance.getEntriesByName('gradcore-frame').find(mark => mark.startTime >= before);
      if (drawn) return resolve(drawn.startTime - start);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def page_down(browser: Browser, address: str) -> list[Row]:
    """Go through the talk by Page Down, presenting, and time each scene's first picture."""
    page = open_scene(browser, address, "talk?v=1&scene=1&present=1")
    page.set_default_timeout(PATIENCE)
    waits = {}
    for number, scene in enumerate(BUILT_IN.scenes[1:], start=2):
        page.wait_for_timeout(3000)
        waiting = page.evaluate_handle(f"headline => ({{ found: ({NEXT})(headline) }})", scene.headline)
        page.keyboard.press("PageDown")
        waits[number] = waiting.evaluate("({ found }) => found") / 1000
    page.context.close()
    slowest = max(waits, key=waits.__getitem__)
    what = f"talk: from Page Down to the next scene's first picture, s, slowest of {len(waits)} (scene {slowest})"
    return [Row(what, f"{waits[slowest]:.2f}", "≤ 1")]
