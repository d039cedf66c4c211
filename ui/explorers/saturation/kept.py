"""What a visitor takes away of the saturation explorer: its charts with their numbers."""

from __future__ import annotations

from typing import Any

from ui.cards import Card, chart_card
from ui.explorers.kept import kept_explored
from ui.explorers.saturation import words
from ui.explorers.saturation.measure import BINS, DECADES, PER_DECADE, REACH, Measured, measure
from ui.explorers.saturation.panel import charts, frame
from ui.explorers.saturation.setup import SCREEN, Settings, network
from ui.scripts import saturation_script


def kept_saturation() -> None:
    """Draw what was kept; say how to get it while there is nothing."""
    kept_explored(SCREEN, "Saturation", cards, script)


def script(settings: Settings, values: dict[str, Any]) -> str:
    """Return Python that prints the same numbers."""
    return saturation_script(settings.spec, settings.seed, settings.inputs, values)


def cards(settings: Settings, values: dict[str, Any]) -> tuple[list[str], list[Card]]:
    """Return sentences and cards of the untrained network."""
    seen = measure(settings, values, network(settings, values["gain"]))
    shown = {**frame(settings, values, seen), "step": 0.0}
    lines = [
        f"**{words.headline(settings, values['source'], seen)}** {words.detail(settings, seen)} (Before training.)"
    ]
    tables = (_inputs(shown, seen), _slopes(seen), _shades(seen), _path(seen), _layers(seen))
    return lines, [chart_card(chart, [shown], table) for chart, table in zip(charts(settings), tables, strict=True)]


def _inputs(shown: Any, seen: Measured) -> dict[str, list[Any]]:
    return {"z": ["below", *shown["middles"].tolist(), "beyond"], "share_of_inputs": seen.inputs.tolist()}


def _slopes(seen: Measured) -> dict[str, list[Any]]:
    edges = [f"10^{-DECADES + at / PER_DECADE:g}" for at in range(DECADES * PER_DECADE + 1)]
    return {
        "slope_over_largest_from": ["exactly 0", "above 0", *edges[:-1]],
        "to": ["exactly 0", edges[0], *edges[1:]],
        "share": seen.slopes.tolist(),
    }


def _shades(seen: Measured) -> dict[str, list[Any]]:
    wide = 2 * REACH / BINS
    return {"z": [-REACH + (at + 0.5) * wide for at in range(BINS)]} | {
        f"layer_{layer}": row.tolist() for layer, row in enumerate(seen.shades, start=1)
    }


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
