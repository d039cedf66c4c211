"""Ways into our screens with settings, written by what reads them there, so that they cannot rot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ui.comparison import links as comparison_links
from ui.comparison.setup import Setup, checked
from ui.experiment import experiment_from
from ui.explorers import links as explorer_links
from ui.explorers.by_hand.setup import SCREEN as BY_HAND_SCREEN
from ui.explorers.flow.setup import SCREEN as FLOW_SCREEN
from ui.explorers.saturation.setup import SCREEN as SATURATION_SCREEN
from ui.explorers.screen import Screen
from ui.settings import SETTINGS, VERSION

LIVE, COMPARE, SATURATION = "pages/live_training.py", "pages/compare_initializers.py", "pages/saturation.py"
FLOW, BY_HAND = "pages/gradient_flow.py", "pages/backprop_by_hand.py"


@dataclass(frozen=True)
class Way:
    """A way into one of our screens.

    Attributes
    ----------
    page : str
        Its file.
    label : str
    query : str
        What its own links module wrote; empty for the screen as it opens.
    """

    page: str
    label: str
    query: str = ""

    @property
    def parts(self) -> dict[str, str]:
        """The query by name, as the screen's own parser gets it."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


def live(label: str, **values: Any) -> Way:
    """Return the way to live training with these settings; a ValueError says which one makes no sense."""
    experiment_from(values)
    parts = {name: SETTINGS[name].write(value) for name, value in values.items()}
    return Way(LIVE, label, urlencode({"v": VERSION, **parts}, safe=",:*"))


def compare(label: str, setup: Setup) -> Way:
    """Return the way to a comparison; a ValueError says why it cannot be run."""
    return Way(COMPARE, label, _whole(comparison_links.write(checked(setup))))


def saturation(label: str, **values: Any) -> Way:
    """Return the way to the saturation explorer; a ValueError says which value makes no sense."""
    return _explorer(SATURATION, SATURATION_SCREEN, label, values)


def flow(label: str = "Weights or slopes: gradient flow", **values: Any) -> Way:
    """Return the way to gradient flow; a ValueError says which value makes no sense."""
    return _explorer(FLOW, FLOW_SCREEN, label, values)


def by_hand(label: str = "Compute it by hand", **values: Any) -> Way:
    """Return the way to backprop by hand; a ValueError says which value makes no sense."""
    return _explorer(BY_HAND, BY_HAND_SCREEN, label, values)


def _explorer(page: str, screen: Screen, label: str, values: dict[str, Any]) -> Way:
    settings = {**screen.defaults, **values}
    screen.checked({name: settings[name] for name in screen.settings})
    return Way(page, label, _whole(explorer_links.write(screen, settings)))


def _whole(query: str | None) -> str:
    if query is None:
        raise ValueError("these settings are too long for a link")
    return query
