"""What a visitor takes away of the small network: every number of the step."""

from __future__ import annotations

from typing import Any

from gradcore.numbers import readable
from ui.cards import Card, chart_card
from ui.explorers.by_hand.drawing import network_frame
from ui.explorers.by_hand.moments import moments, unit_name, weight_name
from ui.explorers.by_hand.numbers import shown
from ui.explorers.by_hand.setup import SCREEN, Settings
from ui.explorers.kept import kept_explored
from ui.figures.by_hand import network
from ui.scripts import by_hand_script


def kept_by_hand() -> None:
    """Draw what was kept; say how to get it while there is nothing."""
    kept_explored(SCREEN, "Backprop by hand", cards, script)


def script(settings: Settings, values: dict[str, Any]) -> str:
    """Return the script of what is shown."""
    full, _, _ = shown(settings, values)
    return by_hand_script(settings.spec, full, settings.rate)


def cards(settings: Settings, values: dict[str, Any]) -> tuple[list[str], list[Card]]:
    """Return sentences and cards: the step's weights with the drawn network at its end, and its units."""
    _, step, refusal = shown(settings, values)
    names, of = [], []
    for layer, weights in enumerate(step.net.weights):
        for unit in range(weights.shape[0]):
            for source in range(weights.shape[1] + 1):
                names.append(weight_name(step, layer, unit, source))
                of.append(unit_name(layer, unit, settings.layers))
    sentence = f"The loss is {readable(step.loss, 9)}; after one step it is {readable(step.next_loss, 9)}."
    table = {
        "weight": names,
        "of": of,
        "value": step.net.parameters.tolist(),
        "gradient": step.gradients.tolist(),
        "by_nudging": step.nudged.tolist(),
        "after_the_step": step.next.tolist(),
    }
    units = [unit_name(layer, unit, settings.layers) for layer, z in enumerate(step.z) for unit in range(len(z))]
    columns: dict[str, list[Any]] = {
        name: [float(value) for layer in parts for value in layer]
        for name, parts in (("z", step.z), ("a", step.a), ("slope", step.slope), ("delta", step.delta))
    }
    every = moments(settings, step)
    drawn = chart_card(network(tuple(step.net.spec.sizes)), [network_frame(step, every, len(every) - 1)], table)
    return [*filter(None, [refusal]), sentence], [
        Card("gradients", drawn.figure, sentence, table),
        Card("deltas", None, "δ of every unit: what is handed down from layer to layer.", {"unit": units, **columns}),
    ]
