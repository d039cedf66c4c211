"""The gradient is light: bright green where it arrives, blue and then dark where it vanishes, red where it explodes.

One scale for every picture, over powers of ten of a layer's gradient against the last hidden layer's. Its hue changes
where the verdict does, at the default thresholds (`gradcore.Thresholds`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.diagnosis.thresholds import Thresholds

_LIMITS = Thresholds()
VANISHED, EXPLODING = math.log10(_LIMITS.vanished), math.log10(_LIMITS.exploding)
# Powers of ten beyond which nothing changes any more.
LOW, HIGH = -8.0, 8.0
NAVY, BLUE, TEAL, GREEN = "#1b2a5e", "#2f6db5", "#35a7a0", "#2fae60"
YELLOW, ORANGE, RED, CRIMSON = "#e3c11c", "#e4772e", "#c0282d", "#7d0a1e"
STOPS: tuple[tuple[float, str], ...] = (
    (LOW, NAVY),
    (VANISHED, BLUE),
    (-1.5, TEAL),
    (0.0, GREEN),
    (0.85, YELLOW),
    (EXPLODING, ORANGE),
    (4.0, RED),
    (HIGH, CRIMSON),
)
# Exactly 0 is black with its name beside it; infinite is hatched, or in this color, and so is what is no number.
ZERO, UNREAL = "#000000", "#c92a5b"
# Powers that stand for exactly 0 and for infinite: beyond all that a float64 can be.
ZERO_POWER, UNREAL_POWER = -1000.0, 1000.0
_SPAN = UNREAL_POWER - ZERO_POWER
_ENDS = (
    (ZERO_POWER, ZERO),
    (ZERO_POWER + 1, ZERO),
    (ZERO_POWER + 1, NAVY),
    *STOPS,
    (UNREAL_POWER - 1, CRIMSON),
    (UNREAL_POWER - 1, UNREAL),
    (UNREAL_POWER, UNREAL),
)
COLORSCALE = [[(place - ZERO_POWER) / _SPAN, color] for place, color in _ENDS]
# What a marker or a heat map needs to show powers of ten as light.
BOUNDS: dict[str, Any] = {"colorscale": COLORSCALE, "cmin": ZERO_POWER, "cmax": UNREAL_POWER}
HEAT: dict[str, Any] = {"colorscale": COLORSCALE, "zmin": ZERO_POWER, "zmax": UNREAL_POWER, "showscale": False}
# The drawn network's edges: they fade to next to nothing where the gradient vanishes, and flare where it explodes.
_FADED = 0.08


def _glow(place: float, color: str) -> tuple[float, str]:
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return place, f"rgba({','.join(map(str, channels))},{min(1.0, max(_FADED, 1 + place / 6)):.3g})"


GLOW = ((ZERO_POWER, f"rgba(0,0,0,{_FADED})"), *(_glow(place, color) for place, color in STOPS), (UNREAL_POWER, UNREAL))
WIDTH = ((ZERO_POWER, 0.4), (-4.0, 0.4), (0.0, 1.8), (4.0, 4.0), (HIGH, 5.0), (UNREAL_POWER, 5.0))


def powers_against_last_hidden(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return powers of ten of each layer's number against the last hidden layer's, (…, layers).

    −Inf where it is exactly 0; NaN where there is no ratio.
    """
    with np.errstate(all="ignore"):
        # Not the logarithm of the quotient, which leaves the floats' range before its logarithm does.
        return powers_between(np.log10(np.asarray(values, dtype=float)))


def powers_between(powers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the same of numbers that are powers of ten already."""
    with np.errstate(invalid="ignore"):
        return np.asarray(powers - powers[..., [max(0, powers.shape[-1] - 2)]])


def as_light(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return `powers_against_last_hidden` as pictures need them: exact 0 and infinite have powers of their own.

    What is no number stays NaN.
    """
    array = np.asarray(values, dtype=float)
    powers = powers_against_last_hidden(array)
    powers = np.where(
        np.isnan(array), np.nan, np.where(np.isinf(array), UNREAL_POWER, np.where(array == 0, ZERO_POWER, powers))
    )
    return np.clip(powers, ZERO_POWER, UNREAL_POWER)


def color_of(power: float) -> str:
    """Return the color of a power of ten, as #rrggbb."""
    if math.isnan(power):
        return UNREAL
    if power <= ZERO_POWER:
        return ZERO
    places = [place for place, _ in STOPS]
    mixed = [np.interp(power, places, [int(color[at : at + 2], 16) for _, color in STOPS]) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(float(channel)):02x}" for channel in mixed)
