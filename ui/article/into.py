"""Ways into our screens with a claim's settings, written by what reads them there, so that they cannot rot."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from ui.article.claim import Into
from ui.comparison import links as comparison_links
from ui.comparison.setup import Setup, checked
from ui.experiment import experiment_from
from ui.explorers import links as explorer_links
from ui.explorers.saturation.setup import SCREEN
from ui.settings import SETTINGS, VERSION

LIVE, COMPARE, SATURATION = "pages/live_training.py", "pages/compare_initializers.py", "pages/saturation.py"
FLOW = Into("pages/gradient_flow.py", "Weights or slopes: gradient flow")
BY_HAND = Into("pages/backprop_by_hand.py", "Compute it by hand")


def live(label: str, **values: Any) -> Into:
    """Return the way to live training with these settings; a ValueError says which one makes no sense."""
    experiment_from(values)
    parts = {name: SETTINGS[name].write(value) for name, value in values.items()}
    return Into(LIVE, label, urlencode({"v": VERSION, **parts}, safe=",:*"))


def compare(label: str, setup: Setup) -> Into:
    """Return the way to a comparison; a ValueError says why it cannot be run."""
    return Into(COMPARE, label, _whole(comparison_links.write(checked(setup))))


def saturation(label: str, **values: Any) -> Into:
    """Return the way to the saturation explorer; a ValueError says which value makes no sense."""
    settings = {**SCREEN.defaults, **values}
    SCREEN.checked({name: settings[name] for name in SCREEN.settings})
    return Into(SATURATION, label, _whole(explorer_links.write(SCREEN, settings)))


def _whole(query: str | None) -> str:
    if query is None:
        raise ValueError("these settings are too long for a link")
    return query
