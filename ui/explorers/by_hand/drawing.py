"""What the drawn network shows at each moment: the numbers that are known by then, and what is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcore.numbers import readable
from ui.explorers.by_hand.moments import Moment, unit_name
from ui.explorers.by_hand.numbers import Step
from ui.figures.by_hand import ACCENT, edges, lines
from ui.figures.colors import INK

# Networks up to so many weights between inputs and first layer have all their numbers drawn; larger ones in the table.
FEW = 4


def brief(value: float) -> str:
    """Return a number short enough for a circle; the tables have all digits."""
    return "0" if value == 0 else readable(value)


def network_frame(step: Step, moments: Sequence[Moment], now: int) -> dict[str, Any]:
    """Return what goes into the chart at one moment."""
    sizes, moment = step.net.spec.sizes, moments[now]
    done = {(one.phase, one.layer, one.unit) for one in moments[: now + 1] if one.weight < 0}
    changed = {one.weight for one in moments[: now + 1]}
    units, words, colors, deltas = [], [], [], []
    for layer, size in enumerate(sizes):
        for unit in range(size + (layer < len(sizes) - 1)):
            is_bias = unit == size
            lit = layer > 0 and not is_bias and (moment.layer, moment.unit) == (layer - 1, unit)
            units.append(_unit(step, layer, unit, done))
            words.append("the bias's constant 1" if is_bias else _words(step, layer, unit))
            colors.append(ACCENT if lit else INK)
            known = layer > 0 and not is_bias and ("Propagate", layer - 1, unit) in done
            deltas.append(f"<b>δ {brief(step.delta[layer - 1][unit])}</b>" if known else "")
    lit_edges, labels = [], []
    at = 0
    all_edges = edges(sizes)
    for layer in range(1, len(sizes)):
        for unit in range(sizes[layer]):
            for source in range(sizes[layer - 1] + 1):
                lit = _is_lit(moment, layer, unit, source, at)
                if lit:
                    lit_edges.append(all_edges[at])
                value = step.next[at] if at in changed else step.net.parameters[at]
                bold = lit or at in changed
                said = f"<b>{brief(value)}</b>" if bold else brief(value)
                labels.append(said if lit or sizes[0] * sizes[1] <= FEW else "")
                at += 1
    xs, ys = lines(lit_edges)
    return {
        "lit_x": xs,
        "lit_y": ys,
        "units": units,
        "unit_words": words,
        "unit_colors": colors,
        "unit_widths": [5 if color == ACCENT else 2 for color in colors],
        "weights": labels,
        "deltas": deltas,
        "targets": [f"target {brief(target)}" for target in step.t],
        "network_said": f"A network of {'-'.join(map(str, sizes))} units. {moment.phase}: {moment.title}.",
    }


def _unit(step: Step, layer: int, unit: int, done: set[Any]) -> str:
    if layer < len(step.net.spec.sizes) - 1 and unit == step.net.spec.sizes[layer]:
        return "1"
    if layer == 0:
        return f"<b>{brief(step.x[unit])}</b>"
    if ("Guess", layer - 1, unit) not in done:
        return "?"
    return f"z {brief(step.z[layer - 1][unit])}<br><b>{brief(step.a[layer - 1][unit])}</b>"


def _words(step: Step, layer: int, unit: int) -> str:
    if layer == 0:
        return f"input {unit + 1}: {step.x[unit]:.9g}"
    name = unit_name(layer - 1, unit, len(step.z) - 1)
    return f"{name}<br>z = {step.z[layer - 1][unit]:.9g}<br>a = {step.a[layer - 1][unit]:.9g}"


def _is_lit(moment: Moment, layer: int, unit: int, source: int, at: int) -> bool:
    if moment.weight >= 0:
        return moment.weight == at
    if moment.phase == "Guess":
        return (moment.layer, moment.unit) == (layer - 1, unit)
    return moment.phase == "Propagate" and moment.layer == layer - 2 and moment.unit == source
