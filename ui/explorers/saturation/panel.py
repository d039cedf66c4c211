"""The saturation explorer's panel: what is measured, as a frame of its charts, texts and tables."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.numbers import percent, readable
from ui import theme
from ui.explorers.explorer import Answer, Question, explorer
from ui.explorers.saturation import words
from ui.explorers.saturation.measure import BINS, DECADES, PER_DECADE, REACH, Measured, axis_of, measure
from ui.explorers.saturation.setup import SCREEN, Settings, network
from ui.explorers.saturation.training import training
from ui.explorers.screen import Screen, Values
from ui.figures import saturation, saturation_layers
from ui.figures.chart import Chart, Frame
from ui.figures.layout import power_ticks, span_of
from ui.panel.component import explorer_component, form_of

_component = explorer_component("saturation_panel", Path(__file__).parent / "panel.html")


def saturation_panel(settings: Settings, screen: Screen = SCREEN) -> None:
    """Show the panel; call it after the controls."""
    explorer(screen, _component, settings, answer)


def charts(settings: Settings) -> list[Chart]:
    """Return the charts of a network; the first one is drawn first."""
    activation = gc.ACTIVATIONS[settings.activation]
    return [
        saturation.plane(activation.label, activation.formula, REACH, *axis_of(activation), activation.saturation),
        saturation.slopes(DECADES, PER_DECADE),
        saturation_layers.shades(settings.depth, BINS, REACH),
        saturation_layers.along_path(settings.depth),
        saturation_layers.means(settings.depth),
    ]


def answer(settings: Settings, question: Question) -> Answer:
    """Return what the panel shows for what it asks."""
    run, values = training(settings, question), question.values
    seen = measure(settings, values, run.net if run else network(settings, values["gain"]))
    return Answer(
        charts(settings),
        form_of("saturation", settings.activation, settings.depth),
        {**frame(settings, values, seen), "step": float(run.step if run else 0)},
        {
            "headline": words.headline(settings, values["source"], seen),
            "detail": words.detail(settings, seen),
            "whole-way": words.whole_way(seen),
            "status": words.trained(run.step, run.loss, run.diverged) if run else "",
        },
        {"numbers": words.numbers(seen.passage), "layers": words.layer_rows(seen)},
        {
            "limits": {"layer": settings.depth},
            "grows": run.step if run else 0,
            "ended": bool(run and run.diverged),
            "verdict": theme.VERDICT["saturated"],
        },
    )


def frame(settings: Settings, values: Values, seen: Measured) -> Frame:
    """Return what goes into the charts."""
    activation = gc.ACTIVATIONS[settings.activation]
    middles = _middles(-REACH, REACH)
    outputs = seen.outputs[1:-1].copy()
    outputs[[0, -1]] += seen.outputs[[0, -1]]
    path_range = span_of(seen.without, seen.with_weights, [0.0])
    ticks, names = power_ticks(*path_range)
    return {
        "z": seen.z,
        "curve": np.clip(seen.curve, seen.low, seen.high),
        "slope": np.clip(seen.slope, seen.low, seen.high),
        "middles": middles,
        "inputs": seen.inputs[1:-1],
        "is_flat": ((middles < activation.saturation[0]) | (middles > activation.saturation[1])).astype(np.uint8),
        "beyond": [_beyond(seen.inputs[0], f"below −{REACH:g}"), _beyond(seen.inputs[-1], f"beyond {REACH:g}")],
        "outputs": outputs,
        "output_middles": _middles(seen.low, seen.high),
        "slopes": seen.slopes,
        "shades": np.sqrt(seen.shades / np.maximum(1e-12, seen.shades.max(axis=1, keepdims=True))).astype(np.float32),
        "layer_shares": seen.shades.astype(np.float32),
        "saturated": [percent(share) for share in seen.nothing],
        "saturated_said": ", ".join(map(percent, seen.nothing)),
        "path_drawn": np.clip(seen.path_z, -REACH, REACH),
        "frame_low": seen.layer - 0.5,
        "frame_high": seen.layer + 0.5,
        "without": seen.without,
        "with_weights": seen.with_weights,
        "path_range": list(path_range),
        "path_ticks": ticks,
        "path_names": names,
        "path_said": words.path(seen),
        "means": seen.means,
        "means_said": ", ".join(readable(mean) for mean in seen.means),
        "whose": f"layer {seen.layer}'s real inputs" if values["source"] == "layer" else "normal inputs",
        "headline": words.headline(settings, values["source"], seen),
        "detail": words.detail(settings, seen),
        "whole_way": words.whole_way(seen),
    }


def _middles(low: float, high: float) -> Any:
    return low + (np.arange(BINS) + 0.5) * (high - low) / BINS


def _beyond(share: float, where: str) -> str:
    return f"{percent(float(share))} {where}" if share >= 0.0005 and not math.isnan(share) else ""
