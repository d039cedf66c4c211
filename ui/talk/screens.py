"""The screens that a scene can be: what reads their links, and what draws their picture without their controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qsl

import gradcore as gc
from ui import controls, links, state
from ui.arrival import restore_run
from ui.article import links as article_links
from ui.comparison import links as comparison_links
from ui.comparison.arrival import restore_comparison
from ui.comparison.panel import compare_panel
from ui.experiment import experiment_from
from ui.explorers import links as explorer_links
from ui.explorers.by_hand.panel import by_hand_panel
from ui.explorers.by_hand.setup import SCREEN as BY_HAND
from ui.explorers.flow.panel import flow_panel
from ui.explorers.flow.setup import SCREEN as FLOW
from ui.explorers.saturation.panel import saturation_panel
from ui.explorers.saturation.setup import SCREEN as SATURATION
from ui.explorers.screen import Screen
from ui.live_panel import live_panel
from ui.settings import VERSION
from ui.talk.claim_scene import claim_scene
from ui.talk.scene import Scene
from ui.ways import Way

LIVE_PAGE = "pages/live_training.py"


@dataclass(frozen=True)
class Shown:
    """A screen as a scene.

    Attributes
    ----------
    page : str
        Its file.
    title : str
    read : callable
        The parts of its link → what they say; raises ValueError in words.
    draw : callable
        draw(slot, what they say): the picture, its runs and values kept under `slot`.
    """

    page: str
    title: str
    read: Callable[[Mapping[str, str]], Any]
    draw: Callable[[str, Any], None]


def check(scene: Scene) -> None:
    """Refuse a scene that none of our screens can show."""
    read(scene)


def read(scene: Scene) -> Any:
    """Return what a scene's settings say.

    Raises
    ------
    ValueError
        If there is no such screen, or its own parser refuses the settings.
    """
    if scene.screen not in SCREENS:
        raise ValueError(f"screen must be one of {', '.join(SCREENS)}, got {scene.screen!r}")
    try:
        pairs = parse_qsl(scene.settings or f"v={VERSION}", keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise ValueError("settings are no link's query, such as v=1&depth=5") from None
    parts = dict(pairs)
    if len(parts) != len(pairs):
        raise ValueError("settings name something twice")
    try:
        return SCREENS[scene.screen].read(parts)
    except ValueError as refusal:
        raise ValueError(f"settings: {refusal}") from None


def way(scene: Scene) -> Way:
    """Return the way into a scene's own screen, with its settings."""
    shown = SCREENS[scene.screen]
    return Way(shown.page, shown.title, scene.settings)


def _read_home(parts: Mapping[str, str]) -> None:
    if dict(parts) != {"v": VERSION}:
        raise ValueError("home has no settings")


def _home(slot: str, _: None) -> None:
    live_panel(slot, [controls.default_experiment(), controls.healthy_experiment()], remedy_page=LIVE_PAGE)


def _live(slot: str, link: links.Link) -> None:
    last_rate = {"rate": link.changes[-1][1]} if link.changes else {}
    if link.step is not None and state.get(slot) is None:
        restore_run(slot, link, gc.Thresholds())
    live_panel(slot, [experiment_from({**link.values, **last_rate})], remedy_page=LIVE_PAGE)


def _compared(slot: str, link: comparison_links.Link) -> None:
    if link.step is not None and state.get(slot) is None:
        restore_comparison(slot, link)
    compare_panel(slot, link.setup)


def _explorer(screen: Screen, panel: Callable[[Any, Screen], None]) -> tuple[Any, Any]:
    """Return what reads and what draws an explorer; it has its own values, the visitor's own stay as they are."""

    def draw(slot: str, values: Mapping[str, Any]) -> None:
        here, full = replace(screen, slot=slot), {**screen.defaults, **values}
        if state.get(f"{slot}.dragged") is None:
            here.drag({name: full[name] for name in here.drags})
        panel(here.checked({name: full[name] for name in here.settings}), here)

    return lambda parts: explorer_links.read(screen, parts), draw


_ALL = (
    Shown("app.py", "Home", _read_home, _home),
    Shown(LIVE_PAGE, "Live training", links.read, _live),
    Shown("pages/compare_initializers.py", "Compare initializers", comparison_links.read, _compared),
    Shown("pages/saturation.py", "Saturation", *_explorer(SATURATION, saturation_panel)),
    Shown("pages/gradient_flow.py", "Gradient flow", *_explorer(FLOW, flow_panel)),
    Shown("pages/backprop_by_hand.py", "Backprop by hand", *_explorer(BY_HAND, by_hand_panel)),
    Shown("pages/the_article_tested.py", "The article, tested", article_links.read, claim_scene),
)
# By the name that a file has for it: its page's.
SCREENS: Mapping[str, Shown] = {
    "home" if shown.page == "app.py" else PurePosixPath(shown.page).stem: shown for shown in _ALL
}
