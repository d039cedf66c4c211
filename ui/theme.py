"""Colors of series, classes and verdicts, and sizes of type, in one place. The gradient's own: ui/figures/light.py.

Every color of a series has a contrast of at least 3:1 on the light and on the dark background: one palette serves both.
"""

from __future__ import annotations

from ui.figures import light

GREY, VIOLET, BROWN = "#868a8e", "#8b62c9", "#a0682a"

# Series, classes and activations: blue, orange, green and red belong to the gradient alone (ui/figures/light.py).
SERIES = (VIOLET, "#c2509c", "#6b7f99", BROWN, "#7f8030", "#8d7b72", "#a044b8", "#a978b8")


def ramp(part: float) -> str:
    """Return a color between the first layer's (0) and the last one's (1)."""
    ends = [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in ("#7d8a99", "#c2509c")]
    return "#" + "".join(f"{round(low + part * (high - low)):02x}" for low, high in zip(*ends, strict=True))


# Classes of a data set.
CLASSES = (VIOLET, SERIES[3], SERIES[1], SERIES[2])

# Variants side by side: a color and a dash each, so that they can be told apart without colors, too.
VARIANTS = SERIES
PLOTLY_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid", "dash", "dot")
# A number that its type holds with fewer digits, next to 0.
UNDERFLOW = "#c45aa0"

# A verdict has the color of what it says: the gradient's own where it is about the gradient.
VERDICT = {
    "healthy": light.GREEN,
    "vanished": light.BLUE,
    "saturated": VIOLET,
    "dead": GREY,
    "slow": GREY,
    "symmetric units": BROWN,
    "exploding": light.ORANGE,
    "diverged": light.RED,
}

# Readable from the back row.
FONT_SIZE = 15
