"""The saturation explorer's figures at rest."""

from __future__ import annotations

from typing import Any

import numpy as np

import gradcore as gc
from ui.cards import Card
from ui.explorers.kept import kept_explored
from ui.explorers.saturation import words
from ui.explorers.saturation.measure import BINS, REACH, Measured, measure
from ui.explorers.saturation.setup import SCREEN, Settings, network
from ui.figures import saturation as figures
from ui.scripts import saturation_script


def kept_saturation() -> None:
    """Draw what was kept; say how to get it while there is nothing."""
    kept_explored(SCREEN, "Saturation", cards, script)


def script(settings: Settings, values: dict[str, Any]) -> str:
    """Return Python that prints the same numbers."""
    return saturation_script(settings.spec, settings.seed, settings.inputs, values)


def cards(settings: Settings, values: dict[str, Any]) -> tuple[list[str], list[Card]]:
    """Return sentences and figures of the untrained network."""
    seen = measure(settings, values, network(settings, values["gain"]))
    middles = -REACH + (np.arange(BINS) + 0.5) * 2 * REACH / BINS
    whose = f"the real inputs of layer {seen.layer}" if values["source"] == "layer" else "normal inputs"
    label = words.capital(gc.ACTIVATIONS[settings.activation].label)
    lines = [
        f"**{words.headline(settings, values['source'], seen)}** {words.detail(settings, seen)} (Before training.)"
    ]
    return lines, [
        Card(
            "inputs",
            figures.plane(seen.z, seen.curve, seen.slope, middles, seen.inputs[1:-1], whose, label),
            words.detail(settings, seen),
            {
                "z": ["below", *middles.tolist(), "beyond"],
                "share_of_inputs": seen.inputs.tolist(),
                "slope": [None, *gc.ACTIVATIONS[settings.activation].derivative(middles).tolist(), None],
            },
        ),
        Card("layers", figures.by_layer(seen.nothing, seen.factors), words.whole_way(seen), _layers(seen)),
        Card("path", figures.along_path(seen.without, seen.with_weights), words.path(seen), _path(seen)),
    ]


def _layers(seen: Measured) -> dict[str, list[Any]]:
    return {
        "layer": list(range(1, len(seen.means) + 1)),
        "mean_activation": seen.means.tolist(),
        "factor": seen.factors.tolist(),
        "below_1_percent": seen.nothing.tolist(),
    }


def _path(seen: Measured) -> dict[str, list[Any]]:
    return {
        "layer": list(range(1, len(seen.means) + 1)),
        "z": seen.path_z.tolist(),
        "slope": seen.path_slopes.tolist(),
        "log10_product_of_slopes": seen.without.tolist(),
        "log10_product_with_weights": seen.with_weights.tolist(),
    }
