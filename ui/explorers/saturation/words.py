"""What the saturation explorer says: its headline, its sentences, its numbers."""

from __future__ import annotations

import math

import gradcore as gc
from gradcore.numbers import percent, power_of_ten, readable
from gradcore.records.saturation import ActivationEffect
from ui.explorers.saturation.measure import Measured
from ui.explorers.saturation.setup import Settings
from ui.explorers.saturation.training import BATCH

# A share from which on a layer's saturation is worth a headline.
WORTH = 0.005
# A share that lets little through, from which on that is the headline.
MUCH = 0.5


def headline(settings: Settings, source: str, seen: Measured) -> str:
    """Return what happens to the gradient here, in one sentence."""
    where = f"layer {seen.layer}" if source == "layer" else "these inputs"
    share, weak = seen.passage.saturated_fraction, seen.passage.weak_fraction
    if share >= WORTH:
        much = f"{percent(round(share, 2))} of {where} is saturated"
    elif weak >= MUCH:
        much = f"{percent(round(weak, 2))} of {where} lets less than a tenth of the gradient through"
    else:
        much = f"Next to none of {where} is saturated"
    return f"{much}: {_loses(seen.passage.gradient_factor)}."


def _loses(factor: float) -> str:
    if math.isnan(factor):
        return "its numbers have left the floats' range"
    if factor == 0:
        return "nothing of the gradient passes"
    size = readable(factor, 2) if factor > 0.01 else power_of_ten(round(math.log10(factor)))
    return f"the gradient is multiplied by {size} here"


def detail(settings: Settings, seen: Measured) -> str:
    """Return what the activation makes of its inputs, in two sentences."""
    p, label = seen.passage, gc.ACTIVATIONS[settings.activation].label
    gained = p.variance_out / p.variance_in if p.variance_in else math.nan
    return (
        f"{capital(label)} turns a variance of {readable(p.variance_in)} into {readable(p.variance_out)} "
        f"({readable(gained, 2)} times). {capital(percent(_round(p.saturated_fraction)))} of the units × inputs let "
        f"less than 1 % of the gradient through, {percent(_round(p.weak_fraction))} less than 10 %."
    )


def whole_way(seen: Measured) -> str:
    """Return what all layers together do to the gradient."""
    known = seen.factors[seen.factors > 0]
    if len(known) < len(seen.factors):
        return "Some layer lets nothing through."
    power = sum(math.log10(one) for one in known)
    return f"All {len(known)} activations together multiply the gradient by {readable(10**power, 2)}."


def numbers(p: ActivationEffect) -> list[list[str]]:
    """Return the measured numbers with their names."""
    return [
        ["Mean in", readable(p.mean_in)],
        ["Variance in", readable(p.variance_in)],
        ["Mean out", readable(p.mean_out)],
        ["Variance out", readable(p.variance_out)],
        ["Mean φ′²", readable(p.gradient_factor**2)],
        ["Factor √(mean φ′²)", readable(p.gradient_factor)],
        ["Below 1 % of the largest φ′", percent(p.saturated_fraction)],
        ["Below 10 %", percent(p.weak_fraction)],
        ["φ′ exactly 0", percent(p.zero_fraction)],
    ]


def _round(share: float) -> float:
    return round(share, 3)


def capital(text: str) -> str:
    """Return a text with a capital first letter, where it has one."""
    return text[:1].upper() + text[1:]


def path(seen: Measured) -> str:
    """Return what is left of a gradient on the followed input's way."""
    slopes, both = (power_words(powers[0]) for powers in (seen.without, seen.with_weights))
    return f"Down to layer 1 the slopes alone leave {slopes} of a gradient of 1; with the weights {both} is left."


def power_words(power: float) -> str:
    """Return 10^power in words."""
    if power == -math.inf:
        return "exactly 0"
    return power_of_ten(round(power)) if power < -300 else readable(10**power)


def trained(step: int, loss: float, diverged: bool) -> str:
    """Return how far the network has been trained."""
    if diverged:
        return f"Training diverged at step {step:,}."
    return f"Trained for {step:,} mini-batches of {BATCH}; loss {readable(loss)}."


def layer_rows(seen: Measured) -> list[list[str]]:
    """Return every layer's numbers in words."""
    return [
        [
            str(layer + 1),
            readable(seen.means[layer]),
            readable(seen.factors[layer]),
            percent(seen.nothing[layer]),
            readable(seen.path_z[layer]),
            readable(seen.path_slopes[layer]),
            power_words(seen.without[layer]),
            power_words(seen.with_weights[layer]),
        ]
        for layer in range(len(seen.means))
    ]
