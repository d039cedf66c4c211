"""What a visitor takes away of the gradient-flow explorer: its charts with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ui.cards import Card, chart_card
from ui.explorers.flow import extras, words
from ui.explorers.flow.measure import FORMATS, Measured, measure
from ui.explorers.flow.panel import charts, curves_frame, frame, stretched_frame
from ui.explorers.flow.setup import SAMPLES, SCREEN, Settings, deepest_spec
from ui.explorers.kept import kept_explored
from ui.scripts import flow_script


def kept_flow() -> None:
    """Draw what was kept; say how to get it while there is nothing."""
    kept_explored(SCREEN, "Gradient flow", cards, script)


def script(settings: Settings, values: dict[str, Any]) -> str:
    """Return Python that prints the first seed's factors."""
    return flow_script(
        settings.spec(values["depth"]), deepest_spec(settings), settings.seed, settings.inputs, SAMPLES, values["gain"]
    )


def cards(settings: Settings, values: dict[str, Any]) -> tuple[list[str], list[Card]]:
    """Return sentences and cards."""
    seen = measure(settings, values)
    curves, stretched = extras.other_activations(settings, values), extras.stretching(settings, values)
    shown = {**frame(settings, seen), **curves_frame(curves), **stretched_frame(stretched)}
    lines = [" ".join(filter(None, [f"**{words.headline(seen)}**", words.blame(settings, seen), words.spread(seen)]))]
    tables = [_layers(seen), _gradients(seen), _curves(curves)]
    if stretched:
        tables.append(_singular(settings, stretched))
    # The chart of singular values comes last: it is left out where there are none.
    return lines, [chart_card(chart, [shown], table) for chart, table in zip(charts(), tables, strict=False)]


def _names(count: int) -> list[str]:
    return [*(str(layer) for layer in range(1, count)), "output"]


def _layers(seen: Measured) -> dict[str, list[Any]]:
    return {
        "layer": _names(len(seen.deltas)),
        "log10_delta": seen.deltas.tolist(),
        "log10_weights": [*seen.weights.tolist(), None],
        "log10_rest": [*seen.rest.tolist(), None],
        "log10_delta_least": seen.low.tolist(),
        "log10_delta_largest": seen.high.tolist(),
    }


def _gradients(seen: Measured) -> dict[str, list[Any]]:
    rms = np.median([one.grad_rms for one in seen.passes], axis=0)
    lost = {f"zero_in_{name}": seen.passes[0].lost[name].tolist() for name in FORMATS}
    return {"layer": _names(len(seen.deltas)), "gradient_rms": rms.tolist()} | lost


def _curves(curves: dict[str, Any]) -> dict[str, list[Any]]:
    longest = max(map(len, curves.values()))
    return {"layer": _names(longest)} | {f"log10_delta_{name}": curve.tolist() for name, curve in curves.items()}


def _singular(settings: Settings, stretched: dict[str, Any]) -> dict[str, list[Any]]:
    return {"number": list(range(1, settings.width + 1))} | {
        f"log10_{part}_{name}": pair[at].tolist()
        for name, pair in stretched.items()
        for at, part in enumerate(("layer", "product"))
    }
