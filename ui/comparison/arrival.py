"""A visitor arrives with a link to a comparison."""

from __future__ import annotations

from collections.abc import Callable

from ui import state
from ui.arrival import arrive
from ui.comparison import controls, links
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.runs import start
from ui.turns import with_progress


def arrive_compared(slot: str) -> None:
    """Restore a comparison in `slot` from a link; call it before the controls."""
    arrive(links.read, lambda link: _restore(slot, link), lambda: controls.put_setup(PRESETS[STORY]), "the default one")


def _restore(slot: str, link: links.Link) -> None:
    controls.put_setup(link.setup)
    if link.step is not None:
        restore_comparison(slot, link)


def restore_comparison(slot: str, link: links.Link) -> None:
    """Compute a link's comparison up to its step again, and keep it in `slot`."""
    step, count = link.step or 0, len(link.setup.variants) * link.setup.seeds

    def compute(progress: Callable[[float], None]) -> None:
        runs = start(slot, link.setup)
        runs.restore(step, progress)
        state.put(f"{slot}.paused", (runs.identity, runs.shown))

    with_progress(f"Computing {count} runs up to step {step:,} again …", compute)
