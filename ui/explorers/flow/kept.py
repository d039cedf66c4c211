"""The gradient-flow explorer's figures at rest."""

from __future__ import annotations

from typing import Any

import numpy as np

import gradcore as gc
from ui.cards import Card
from ui.explorers.flow import extras, words
from ui.explorers.flow.measure import FORMATS, Measured, measure
from ui.explorers.flow.setup import SAMPLES, SCREEN, Settings, deepest_spec
from ui.explorers.kept import kept_explored
from ui.figures import flow as figures
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
    """Return sentences and figures."""
    seen = measure(settings, values)
    lines = [" ".join(filter(None, [f"**{words.headline(seen)}**", words.blame(settings, seen), words.spread(seen)]))]
    drawn = [
        Card(
            "waterfall",
            figures.waterfall(seen.deltas, seen.weights, seen.rest, seen.low, seen.high, words.rest_name(settings)),
            words.blame(settings, seen) or words.headline(seen),
            _layers(seen),
        ),
        Card("gradients", figures.gradients(_rms(seen), FORMATS), words.precision(seen), _gradients(seen)),
    ]
    curves = extras.other_activations(settings, values)
    names = {name: gc.ACTIVATIONS[name].label for name in curves}
    first = ", ".join(f"{names[name]} {words.of_power(curve[0])}" for name, curve in curves.items())
    table = {"layer": _names(len(seen.deltas))} | {
        f"log10_delta_{name}": curve.tolist() for name, curve in curves.items()
    }
    drawn.append(
        Card(
            "activations",
            figures.curves(list(names.values()), list(curves.values())),
            f"‖δ‖ at layer 1: {first}.",
            table,
        )
    )
    stretched = extras.stretching(settings, values)
    if stretched:
        labels = [gc.INITIALIZERS[name].label for name in stretched]
        ends = "; ".join(
            f"{label}: {words.of_power(product[0])} to {words.of_power(product[-1])}"
            for label, (_, product) in zip(labels, stretched.values(), strict=True)
        )
        columns = {
            f"log10_{part}_{name}": pair[at].tolist()
            for name, pair in stretched.items()
            for at, part in enumerate(("layer", "product"))
        }
        drawn.append(
            Card(
                "singular_values",
                figures.stretched(labels, list(stretched.values())),
                f"The product of all layers stretches directions by {ends}.",
                {"number": list(range(1, settings.width + 1))} | columns,
            )
        )
    return lines, drawn


def _names(count: int) -> list[str]:
    return [*(str(layer) for layer in range(1, count)), "output"]


def _rms(seen: Measured) -> Any:
    return np.median([one.grad_rms for one in seen.passes], axis=0)


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
    lost = {f"zero_in_{name}": seen.passes[0].lost[name].tolist() for name in FORMATS}
    return {"layer": _names(len(seen.deltas)), "gradient_rms": _rms(seen).tolist()} | lost
