"""The settings of an experiment in one table: name, default, how a link writes and reads it.

Reading is strict, since a link may come from anywhere: plain ASCII patterns and tables of names, nothing evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import gradcore as gc
from ui import data_sets

Values = Mapping[str, Any]

MAX_LAYER_TEXT = 2_000
# Of links: their version, their longest query, and the most multiplications that may be needed to compute again what
# they restore: two to six minutes here, so that nobody's link takes the server for hours.
VERSION = "1"
MAX_LINK = 2_000
MAX_AGAIN = 2e12
_WHOLE = re.compile(r"[0-9]{1,10}", re.ASCII)
# As many decimals as repr() writes: 0.0001 and up to 16 digits more.
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,20})?(e-?[0-9]{1,3})?", re.ASCII)
_LAYER = re.compile(r"(?:([0-9]{1,3})\*)?([a-z_]{1,40})", re.ASCII)


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes
    ----------
    name, label : str
        In links and in the engine's words; on the screen.
    default : Any
    read : callable
        Text → value; raises ValueError in words.
    write : callable
        Value → text that `read` reads.
    """

    name: str
    label: str
    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def check_again(multiplications: float) -> None:
    """Refuse to compute again what would take too long."""
    if multiplications > MAX_AGAIN:
        raise ValueError(
            f"its step would take {multiplications / 1e9:,.0f} billion multiplications to compute again; a link may "
            f"take {MAX_AGAIN / 1e9:,.0f} billion"
        )


def read_whole(text: str) -> int:
    """Return a whole number written in plain digits."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"must be a whole number, got {text[:40]!r}")
    return int(text)


def read_number(text: str) -> float:
    """Return a finite number written plainly."""
    if not _NUMBER.fullmatch(text) or abs(number := float(text)) == float("inf"):
        raise ValueError(f"must be a number, got {text[:40]!r}")
    return number


def read_flag(text: str) -> bool:
    """Return whether the text is 1; 0 is the only other."""
    if text not in ("0", "1"):
        raise ValueError(f"must be 0 or 1, got {text[:40]!r}")
    return text == "1"


def among(names: Collection[str]) -> Callable[[str], str]:
    """Return what reads one of the names."""

    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"must be one of {', '.join(names)}; got {text[:40]!r}")
        return text

    return read


def read_data(text: str) -> str:
    """Return the name of data that can be chosen."""
    return among(data_sets.names())(text)


def read_layers(text: str, names: Collection[str]) -> tuple[str, ...]:
    """Return one name a layer from text such as "5*sigmoid, 5*relu"; none if the text is empty.

    Raises
    ------
    ValueError
        If a part is no name, or the list is longer than a network can be.
    """
    layers: list[str] = []
    for part in text[:MAX_LAYER_TEXT].replace(" ", "").split(",") if text.strip(" ") else []:
        found = _LAYER.fullmatch(part)
        if not found or found[2] not in names:
            raise ValueError(
                f"{part[:40]!r} is no layer: write names with commas, or 5*relu; names: {', '.join(names)}"
            )
        layers += [found[2]] * int(found[1] or 1)
    if len(layers) > 101:
        raise ValueError(f"the list names {len(layers)} layers; a network has at most 101")
    return tuple(layers)


def _layers(names: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        read_layers(text, names)
        return text

    return read


def flag(value: bool) -> str:
    """Write what `read_flag` reads."""
    return str(int(value))


def exact(value: float) -> str:
    """Write a number so that `read_number` gives the same again."""
    return repr(float(value)).removesuffix(".0")


RATES = (0.0, *(float(f"{mantissa}e{power}") for power in range(-4, 1) for mantissa in (1, 2, 5)), 10.0)
NORMALIZATIONS = ("none", "batch", "layer")

SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("data", "Data", "digits", read_data),
        Setting("depth", "Hidden layers", 10, read_whole),
        Setting("width", "Width", 32, read_whole),
        Setting("activation", "Activation", "sigmoid", among(gc.ACTIVATIONS)),
        Setting("initializer", "Initializer", "xavier_normal", among(gc.INITIALIZERS)),
        Setting("rate", "Learning rate", 0.1, read_number, exact),
        Setting("seed", "Seed", 0, read_whole),
        Setting("gain", "Gain", 1.0, read_number, exact),
        Setting("activations", "Activations, layer by layer", "", _layers(gc.ACTIVATIONS)),
        Setting("initializers", "Initializers, layer by layer", "", _layers(gc.INITIALIZERS)),
        Setting("normalization", "Normalization", "none", among(NORMALIZATIONS)),
        Setting("residual", "Residual connections", False, read_flag, flag),
        Setting("noise", "Extra noise", 0.0, read_number, exact),
        Setting("batch", "Batch size", 32, read_whole),
        Setting("optimizer", "Optimizer", "sgd", among(("sgd", "adam"))),
        Setting("momentum", "Momentum", 0.0, read_number, exact),
        Setting("nesterov", "Nesterov", False, read_flag, flag),
        Setting("decay", "Weight decay", 0.0, read_number, exact),
        Setting("clip", "Clip the gradient's norm at", 0.0, read_number, exact),
        Setting("precision", "Precision", "float64", among(("float64", "float32"))),
    )
}
DEFAULTS: Values = {name: setting.default for name, setting in SETTINGS.items()}
