"""The panel of backprop by hand: all moments of a step at once, so that going through them needs no server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ui.explorers.by_hand.moments import below, moments, unit_name, weight_name
from ui.explorers.by_hand.numbers import Step, shown
from ui.explorers.by_hand.setup import SCREEN, Settings
from ui.explorers.explorer import Question, explorer
from ui.explorers.screen import Screen
from ui.live_panel.component import explorer_component
from ui.live_panel.wire import plain

HERE = Path(__file__).parent
_component = explorer_component("by_hand_panel", HERE / "panel.html", [HERE / "drawing.js", HERE / "view.js"])


def by_hand_panel(settings: Settings, screen: Screen = SCREEN) -> None:
    """Show the panel; call it after the controls."""
    explorer(screen, _component, settings, answer)


def answer(settings: Settings, question: Question) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and arrays of the packet."""
    values, step, refusal = shown(settings, question.values)
    sizes = step.net.spec.sizes
    header = {
        "values": {name: [*values[name]] for name in ("w", "x", "t")} | {"seed": values["seed"]},
        "put": question.event.get("put") is True,
        "refusal": refusal,
        "sizes": list(sizes),
        "moments": [asdict(moment) for moment in moments(settings, step)],
        "units": [unit_name(layer, unit, settings.layers) for layer, z in enumerate(step.z) for unit in range(len(z))],
        "names": _names(step),
        "rate": settings.rate,
        "loss": plain(step.loss),
        "nextLoss": plain(step.next_loss),
    }
    joined = {
        name: np.concatenate(parts)
        for name, parts in (("z", step.z), ("a", step.a), ("slope", step.slope), ("delta", step.delta))
    }
    arrays = {name: (values, "f8") for name, values in joined.items()}
    arrays |= {
        "gradients": (step.gradients, "f8"),
        "nudged": (step.nudged, "f8"),
        "next": (step.next, "f8"),
        "below": (np.concatenate([below(step, layer) for layer in range(len(step.z))]), "f8"),
    }
    return header, arrays


def _names(step: Step) -> list[str]:
    return [
        weight_name(step, layer, unit, source)
        for layer, weights in enumerate(step.net.weights)
        for unit in range(weights.shape[0])
        for source in range(weights.shape[1] + 1)
    ]
