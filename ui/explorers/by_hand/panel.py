"""The panel of backprop by hand: all moments of a step at once, so that going through them needs no server."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from gradcore.numbers import readable
from ui import state, theme
from ui.explorers.by_hand.drawing import brief, network_frame
from ui.explorers.by_hand.moments import below, moments, unit_name, weight_name
from ui.explorers.by_hand.numbers import Step, shown
from ui.explorers.by_hand.setup import LARGEST, SCREEN, Settings
from ui.explorers.explorer import Answer, Question, explorer
from ui.explorers.screen import Screen
from ui.figures.by_hand import network
from ui.panel.component import explorer_component, form_of

_component = explorer_component("by_hand_panel", Path(__file__).parent / "panel.html")
# Losses of earlier steps that are told.
TOLD = 4


def by_hand_panel(settings: Settings, screen: Screen = SCREEN) -> None:
    """Show the panel; call it after the controls."""
    explorer(screen, _component, settings, answer)


def answer(settings: Settings, question: Question) -> Answer:
    """Return what the panel shows; a press of "Take the step" or "Other weights" changes the weights first."""
    values, event = dict(question.values), question.event
    full, step, refusal = shown(settings, values)
    losses = _losses(settings, question.slot, full["seed"])
    if event.get("take") is True:
        losses.append(step.loss)
        full, step, refusal = shown(settings, {**full, "w": tuple(map(float, step.next))})
    elif event.get("others") is True:
        losses = []
        full, step, refusal = shown(settings, {**full, "w": (), "seed": full["seed"] + 1})
    state.put(f"{question.slot}.losses", (settings, full["seed"], losses))
    sizes = tuple(step.net.spec.sizes)
    every = moments(settings, step)
    return Answer(
        [network(sizes)],
        form_of("by_hand", *sizes),
        {},
        {"refused": refusal, "losses": _course(losses, step)},
        {"ends": _ends(step), "units": _units(settings, step), "weights": _weights(settings, step)},
        {
            "values": {name: [*full[name]] for name in ("w", "x", "t")} | {"seed": full["seed"]},
            "put": event.get("take") is True or event.get("others") is True,
            "verdict": theme.SERIES[1],
            "moments": [
                {
                    "texts": {
                        "headline": f"{one.phase}: {one.title}",
                        "formula": one.formula,
                        "count": f"{now + 1} of {len(every)}",
                    },
                    "frame": network_frame(step, every, now),
                    "lit": {"weights": one.weight},
                }
                for now, one in enumerate(every)
            ],
        },
    )


def _losses(settings: Settings, slot: str, seed: int) -> list[float]:
    """Return the losses of the steps taken so far from these settings."""
    known, drawn, losses = state.get(f"{slot}.losses", (None, None, []))
    return list(losses) if (known, drawn) == (settings, seed) else []


def _course(losses: list[float], step: Step) -> str:
    before = "".join(f"{brief(loss)} → " for loss in losses[-TOLD:])
    return f"Loss {before}{brief(step.loss)}; after this step {brief(step.next_loss)}"


def _typed(name: str, at: int, label: str) -> dict[str, Any]:
    return {"drag": name, "at": at, "label": label, "most": LARGEST}


def _ends(step: Step) -> list[list[Any]]:
    return [
        [title, *(_typed(name, at, f"{title} {at + 1}") for at in range(len(known)))]
        for name, title, known in (("x", "Input", step.x), ("t", "Target", step.t))
    ]


def _units(settings: Settings, step: Step) -> list[list[str]]:
    return [
        [
            unit_name(layer, unit, settings.layers),
            *(exactly(part[layer][unit]) for part in (step.z, step.a, step.slope, step.delta)),
        ]
        for layer in range(len(step.z))
        for unit in range(len(step.z[layer]))
    ]


def _weights(settings: Settings, step: Step) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for layer, weights in enumerate(step.net.weights):
        values = below(step, layer)
        for unit in range(weights.shape[0]):
            of = unit_name(layer, unit, settings.layers)
            for source in range(weights.shape[1] + 1):
                at, name = len(rows), weight_name(step, layer, unit, source)
                typed = _typed("w", at, f"Weight {name} of {of}")
                numbers = (values[source], step.gradients[at], step.nudged[at], step.next[at])
                rows.append([name, of, typed, *map(exactly, numbers)])
    return rows


def exactly(value: float) -> str:
    """Return nine digits, as printed examples have them."""
    if math.isnan(value):
        return "–"
    if not math.isfinite(value) or (value != 0 and not 1e-6 <= abs(value) < 1e6):
        return readable(value)
    return f"{value:.9f}".replace("-", "−")
