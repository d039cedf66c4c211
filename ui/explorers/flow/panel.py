"""The gradient-flow explorer's panel: measured, packed, drawn by view.js."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import gradcore as gc
from ui.explorers.explorer import Question, explorer
from ui.explorers.flow import extras, words
from ui.explorers.flow.measure import FORMATS, Measured, measure
from ui.explorers.flow.setup import SCREEN, Settings
from ui.explorers.screen import Screen, Values
from ui.live_panel.component import explorer_component
from ui.live_panel.wire import plain

HERE = Path(__file__).parent
_component = explorer_component("flow_panel", HERE / "panel.html", [HERE / "charts.js", HERE / "view.js"])


def flow_panel(settings: Settings, screen: Screen = SCREEN) -> None:
    """Show the panel; call it after the controls."""
    explorer(screen, _component, settings, answer)


def answer(settings: Settings, question: Question) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and arrays of the packet; what takes longer only once nothing is dragged any more."""
    seen = measure(settings, question.values)
    header: dict[str, Any] = {
        "depth": len(seen.weights),
        "verdict": seen.verdict,
        "headline": words.headline(seen),
        "blame": words.blame(settings, seen),
        "disagreement": words.disagreement(seen),
        "precision": words.precision(seen),
        "spread": words.spread(seen),
        "rest": words.rest_name(settings),
        "ratio": plain(seen.ratio),
        "deltaRatio": plain(seen.delta_ratio),
        "formats": {name: list(ends) for name, ends in FORMATS.items()},
    }
    arrays: dict[str, Any] = {
        "deltas": (seen.deltas, "f8"),
        "weights": (seen.weights, "f8"),
        "others": (seen.rest, "f8"),
        "lower": (seen.low, "f8"),
        "upper": (seen.high, "f8"),
        "gradients": (np.median([one.grad_rms for one in seen.passes], axis=0), "f8"),
    }
    if question.settled:
        more, behind = _extras(settings, question.values, seen)
        header["extras"], arrays = more, arrays | behind
    return header, arrays


def _extras(settings: Settings, values: Values, seen: Measured) -> tuple[dict[str, Any], dict[str, Any]]:
    curves = extras.other_activations(settings, values)
    stretched = extras.stretching(settings, values)
    header = {
        "curves": [gc.ACTIVATIONS[name].label for name in curves],
        "stretched": [gc.INITIALIZERS[name].label for name in stretched or {}],
        "cures": words.cure_rows(extras.cures(settings, values)),
        "clipping": words.clipping(settings, extras.clipped(settings, seen.passes[0])),
        "why": "" if stretched else "Singular values: of plain networks only",
    }
    arrays: dict[str, Any] = {f"curve{at}": (values, "f8") for at, values in enumerate(curves.values())}
    for at, (one, product) in enumerate((stretched or {}).values()):
        arrays |= {f"one{at}": (one, "f8"), f"product{at}": (product, "f8")}
    return header, arrays
