"""The README's picture, taken from the running app: python -m benchmarks.picture."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.browser import app, chromium

PICTURE = Path(__file__).parent / "live_training.png"
STEP = 400


def main() -> None:
    """Open the home screen, let it train for a while, and take its picture."""
    with tempfile.TemporaryDirectory() as folder, app(Path(folder) / "log.txt") as (address, _), chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 860}, color_scheme="light")
        page.goto(address)
        reached = f"performance.getEntriesByName('gradcore-frame').some(mark => mark.detail.step >= {STEP})"
        page.wait_for_function(reached, timeout=120_000)
        page.screenshot(path=PICTURE)
    print(PICTURE)


if __name__ == "__main__":
    main()
