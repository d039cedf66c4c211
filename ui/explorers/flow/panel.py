"""The gradient-flow explorer's panel: what is measured, as a frame of its charts, texts and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import gradcore as gc
from gradcore.numbers import power_of_ten, readable
from ui import theme
from ui.explorers.explorer import Answer, Question, explorer
from ui.explorers.flow import extras, words
from ui.explorers.flow.measure import FORMATS, Measured, measure
from ui.explorers.flow.setup import SCREEN, Settings
from ui.explorers.screen import Screen, Values
from ui.figures import flow as figures
from ui.figures import light
from ui.figures.chart import Chart, Frame
from ui.figures.layout import layer_ticks, power_ticks, span_of
from ui.panel.component import explorer_component

_component = explorer_component("flow_panel", Path(__file__).parent / "panel.html")
# Formats below whose end no gradient comes near are left out of the axis.
NEAR = 8.0
Part = tuple[dict[str, Any], dict[str, str], dict[str, Any]]


def flow_panel(settings: Settings, screen: Screen = SCREEN) -> None:
    """Show the panel; call it after the controls."""
    explorer(screen, _component, settings, answer)


def charts() -> list[Chart]:
    """Return the charts; the first one is drawn first."""
    formats = tuple((name, tiny) for name, (_, tiny) in FORMATS.items())
    return [figures.waterfall(), figures.gradients(formats), figures.curves(), figures.stretched()]


def answer(settings: Settings, question: Question) -> Answer:
    """Return what the panel shows; what takes longer only once nothing is dragged any more, a part a question."""
    parts = _parts(settings, question.values)
    if question.settled and 0 < question.part < len(parts):
        shown, texts, tables = parts[question.part]()
        return Answer(charts(), "flow", shown, texts, tables, parts=len(parts))
    seen = measure(settings, question.values)
    shown, texts, tables = dict(frame(settings, seen)), _texts(settings, seen), {"layers": words.layer_rows(seen)}
    if question.settled:
        more, said, rows = parts[0]()
        shown, texts, tables = shown | more, texts | said, tables | rows
    else:
        shown["stale"] = " (before this drag)"
    return Answer(charts(), "flow", shown, texts, tables, {"verdict": theme.VERDICT[seen.verdict]}, parts=len(parts))


def frame(settings: Settings, seen: Measured) -> Frame:
    """Return what goes into the charts of the backward pass."""
    count = len(seen.deltas)
    layers, hidden = np.arange(1.0, count + 1), np.arange(1.0, count)
    between = seen.deltas[1:] + seen.weights
    known = np.isfinite(seen.low) & np.isfinite(seen.high)
    zero = ~np.isfinite(seen.deltas)
    ticks, names = layer_ticks(count)
    few, few_names = layer_ticks(count, 5)
    rms = np.median([one.grad_rms for one in seen.passes], axis=0)
    with np.errstate(divide="ignore"):
        powers = np.log10(rms)
    ends = [np.log10(tiny) for _, tiny in FORMATS.values()]
    least = np.min(powers[np.isfinite(powers)], initial=0.0)
    gradient_span = span_of(powers, [end for end in ends if end > least - NEAR])
    odd = ~np.isfinite(powers)
    return {
        "layers": layers,
        "hidden": hidden,
        "layer_range": [0.4, count + 0.6],
        "layer_ticks": ticks,
        "layer_names": names,
        "few_ticks": few,
        "few_names": few_names,
        "band_layers": layers[known],
        "lower": seen.low[known],
        "upper": seen.high[known],
        "weights": _real(seen.weights),
        "weights_from": _real(seen.deltas[1:]),
        "others": _real(seen.rest),
        "others_from": _real(between),
        "others_name": f"× {words.rest_name(settings)}",
        "deltas": _real(seen.deltas),
        "delta_light": light.powers_between(seen.deltas),
        "zero_layers": layers[zero],
        "zero_heights": np.full(int(zero.sum()), 0.05),
        "zero_names": [_odd(value) for value in seen.deltas[zero]],
        **axis("delta", seen.deltas, between, seen.low, seen.high),
        "gradient_heights": _real(powers - gradient_span[0]),
        "gradient_floor": gradient_span[0],
        "gradient_light": light.as_light(rms),
        "odd_layers": layers[odd],
        "odd_heights": np.full(int(odd.sum()), 0.06),
        "odd_names": [_odd(value) for value in powers[odd]],
        **axis("gradient", np.array(gradient_span)),
        "gradients_said": "From layer 1 on: " + ", ".join(readable(value) for value in rms) + ".",
        "headline": words.headline(seen),
        "blame": words.blame(settings, seen),
        "spread": words.spread(seen),
        "precision": words.precision(seen),
        "stale": "",
    }


def axis(prefix: str, *values: Any) -> dict[str, Any]:
    """Return range and ticks of an axis of powers of ten around these."""
    span = span_of(*values)
    ticks, names = power_ticks(*span)
    return {f"{prefix}_range": list(span), f"{prefix}_ticks": ticks, f"{prefix}_names": names}


def curves_frame(curves: dict[str, Any]) -> Frame:
    """Return what goes into the chart of other activations."""
    labels = [gc.ACTIVATIONS[name].label for name in curves]
    shown: dict[str, Any] = axis("curve", *curves.values())
    for at, (label, curve) in enumerate(zip(labels, curves.values(), strict=True)):
        shown[f"curve{at}"] = _real(curve)
        shown[f"curve{at}_name"] = label if np.isfinite(curve[0]) else f"{label}: {_odd(curve[0])} at layer 1"
    first = ", ".join(
        f"{label} {words.of_power(curve[0])}" for label, curve in zip(labels, curves.values(), strict=True)
    )
    return shown | {"curves_said": f"‖δ‖ at layer 1: {first}.", "stale": ""}


def stretched_frame(stretched: dict[str, Any] | None) -> Frame:
    """Return what goes into the chart of singular values."""
    found = stretched or {}
    floor = figures_floor(found)
    shown: dict[str, Any] = {}
    for at in range(figures.STRETCHED):
        name, pair = list(found.items())[at] if at < len(found) else ("", (np.empty(0), np.empty(0)))
        shown[f"stretched{at}_name"] = gc.INITIALIZERS[name].label if name else ""
        for part, values in zip(("one", "product"), pair, strict=True):
            shown[f"{part}{at}"] = np.where(values >= floor, values, np.nan)
            shown[f"{part}{at}_numbers"] = np.arange(1.0, len(values) + 1)
    drawn = [shown[f"{part}{at}"] for at in range(figures.STRETCHED) for part in ("one", "product")]
    cut = any(np.any(values < floor) for pair in found.values() for values in pair)
    title = "Singular values of the product of all layers, and of one layer (dotted)"
    if not found:
        title = "Singular values are there for plain networks of at least two layers only"
    elif cut:
        title += f"; those below {power_of_ten(round(floor))} are cut off"
    return {
        **shown,
        **axis("stretched", *drawn),
        "stretched_title": title,
        "stretched_said": words.stretched(found),
        "stale": "",
    }


def figures_floor(found: dict[str, Any]) -> float:
    """Return the power of ten below which singular values are cut off: 20 below the largest."""
    known = [np.max(values[np.isfinite(values)], initial=-np.inf) for _, values in found.values()]
    return max([*known, 0.0]) - 20.0 if found else 0.0


def _parts(settings: Settings, values: Values) -> Sequence[Callable[[], Part]]:
    """Return what takes longer, in parts that are short each."""
    return (
        lambda: (dict(curves_frame(extras.other_activations(settings, values))), {}, {}),
        lambda: (dict(stretched_frame(extras.stretching(settings, values))), {}, {}),
        lambda: ({}, {}, {"cures": words.cure_rows(extras.cures(settings, values))}),
    )


def _texts(settings: Settings, seen: Measured) -> dict[str, str]:
    return {
        "headline": words.headline(seen),
        "detail": " ".join(filter(None, [words.blame(settings, seen), words.disagreement(seen)])),
        "ratio": readable(seen.ratio),
        "precision": words.precision(seen),
        "clipping": words.clipping(settings, extras.clipped(settings, seen.passes[0])),
        "status": words.spread(seen),
    }


def _real(values: Any) -> Any:
    return np.where(np.isfinite(values), values, np.nan)


def _odd(power: float) -> str:
    return "0" if power == -np.inf else "∞" if power == np.inf else "NaN"
