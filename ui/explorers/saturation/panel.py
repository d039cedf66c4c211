"""The saturation explorer's panel: measured, packed, drawn by view.js."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.records.saturation import largest_derivative
from ui.explorers.explorer import Question, explorer
from ui.explorers.saturation import words
from ui.explorers.saturation.measure import BINS, DECADES, PER_DECADE, REACH, measure
from ui.explorers.saturation.setup import SCREEN, Settings, network
from ui.explorers.saturation.training import training
from ui.explorers.screen import Screen
from ui.live_panel.component import explorer_component
from ui.live_panel.wire import plain

HERE = Path(__file__).parent
_component = explorer_component("saturation_panel", HERE / "panel.html", [HERE / "charts.js", HERE / "view.js"])


def saturation_panel(settings: Settings, screen: Screen = SCREEN) -> None:
    """Show the panel; call it after the controls."""
    explorer(screen, _component, settings, answer)


def answer(settings: Settings, question: Question) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and arrays of the packet for what the panel asks."""
    run, values = training(settings, question), question.values
    seen = measure(settings, values, run.net if run else network(settings, values["gain"]))
    activation = gc.ACTIVATIONS[settings.activation]
    header = {
        "activation": activation.label,
        "formula": activation.formula,
        "depth": settings.depth,
        "layer": seen.layer,
        "reach": REACH,
        "bins": BINS,
        "decades": DECADES,
        "perDecade": PER_DECADE,
        "low": seen.low,
        "high": seen.high,
        "largest": largest_derivative(settings.activation),
        "saturation": [plain(end) for end in activation.saturation],
        "headline": words.headline(settings, values["source"], seen),
        "detail": words.detail(settings, seen),
        "wholeWay": words.whole_way(seen),
        "numbers": words.numbers(seen.passage),
        "step": run.step if run else 0,
        "loss": plain(run.loss) if run else "NaN",
        "ended": bool(run and run.diverged),
    }
    shades = np.sqrt(seen.shades / np.maximum(1e-12, seen.shades.max(axis=1, keepdims=True)))
    arrays = {
        "curve": (seen.curve, "f4"),
        "slope": (seen.slope, "f4"),
        "inputs": (seen.inputs, "f4"),
        "outputs": (seen.outputs, "f4"),
        "slopes": (seen.slopes, "f4"),
        "shades": (255 * shades, "u1"),
        "means": (seen.means, "f8"),
        "factors": (seen.factors, "f8"),
        "nothing": (seen.nothing, "f8"),
        "pathZ": (seen.path_z, "f8"),
        "pathSlopes": (seen.path_slopes, "f8"),
        "without": (seen.without, "f8"),
        "withWeights": (seen.with_weights, "f8"),
    }
    return header, arrays
