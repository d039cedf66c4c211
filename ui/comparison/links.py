"""Links that restore a comparison: what is compared, and the step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

import gradcore as gc
from gradcore.specs import OPTIMIZERS
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.setup import MAX_VARIANTS, Setup, Variant, checked, work
from ui.settings import (
    MAX_AGAIN,
    MAX_LINK,
    NORMALIZATIONS,
    VERSION,
    Setting,
    among,
    check_again,
    exact,
    flag,
    read_data,
    read_flag,
    read_number,
    read_whole,
)

# Name in links → setting; the name in Setup is the second.
COMMON: Mapping[str, tuple[Setting, str]] = {
    setting.name: (setting, field)
    for setting, field in (
        (Setting("data", "Data", "digits", read_data), "data"),
        (Setting("noise", "Extra noise", 0.0, read_number, exact), "noise"),
        (Setting("width", "Width", 32, read_whole), "width"),
        (Setting("batch", "Batch size", 32, read_whole), "batch"),
        (Setting("steps", "Steps", 600, read_whole), "steps"),
        (Setting("seeds", "Seeds", 8, read_whole), "seeds"),
        (Setting("seed", "First seed", 0, read_whole), "first_seed"),
        (Setting("normalization", "Normalization", "none", among(NORMALIZATIONS)), "normalization"),
        (Setting("residual", "Residual connections", False, read_flag, flag), "residual"),
        (Setting("alternating", "Every second layer a quarter as wide", False, read_flag, flag), "alternating"),
        (Setting("target", "Loss to reach (0: half of guessing)", 0.0, read_number, exact), "target"),
    )
}
# A variant's parts after its initializer: a letter and a value.
_LETTERS: Mapping[str, Setting] = {
    "g": Setting("gain", "Gain", 1.0, read_number, exact),
    "a": Setting("activation", "Activation", "tanh", among(gc.ACTIVATIONS)),
    "d": Setting("depth", "Hidden layers", 10, read_whole),
    "o": Setting("optimizer", "Optimizer", "sgd", among(OPTIMIZERS)),
    "r": Setting("rate", "Learning rate", 0.05, read_number, exact),
}
_PART = re.compile(r"([gador])([a-z0-9_.\-]{1,30})", re.ASCII)


@dataclass(frozen=True)
class Link:
    """What a link says; `step` is None for a start from the beginning."""

    setup: Setup
    step: int | None = None


def write(setup: Setup, step: int | None = None) -> str | None:
    """Return the query string that restores a comparison; None if it takes too long, or too long a link."""
    if step is not None and work(setup).multiplications * (step + 1) > MAX_AGAIN:
        return None
    parts = {
        name: setting.write(getattr(setup, field))
        for name, (setting, field) in COMMON.items()
        if getattr(setup, field) != setting.default
    }
    parts["variants"] = ";".join(map(_variant_text, setup.variants))
    if step is not None:
        parts["step"] = str(step)
    text = urlencode({"v": VERSION, **parts}, safe=",;")
    return text if len(text) <= MAX_LINK else None


def _variant_text(variant: Variant) -> str:
    values = {
        letter: getattr(variant, setting.name)
        for letter, setting in _LETTERS.items()
        if getattr(variant, setting.name) != setting.default
    }
    return ",".join([variant.initializer, *(f"{letter}{_LETTERS[letter].write(v)}" for letter, v in values.items())])


def read(parts: Mapping[str, str]) -> Link:
    """Return what a link's parts say.

    Raises
    ------
    ValueError
        If any part is unknown, malformed or makes no sense; the message says which.
    """
    if sum(len(name) + len(text) + 2 for name, text in parts.items()) > MAX_LINK:
        raise ValueError(f"it is longer than {MAX_LINK:,} characters")
    rest = dict(parts)
    if rest.pop("v", None) != VERSION:
        raise ValueError(f"its version v must be {VERSION}, got {parts.get('v', 'none')[:20]!r}")
    step = _named("step:", read_whole, rest.pop("step")) if "step" in rest else None
    variants = _variants(rest.pop("variants")) if "variants" in rest else PRESETS[STORY].variants
    values: dict[str, Any] = {}
    for name, text in rest.items():
        if name not in COMMON:
            raise ValueError(f"{name[:40]!r} is no setting of a comparison")
        setting, field = COMMON[name]
        values[field] = _named(f"{name}:", setting.read, text)
    setup = checked(replace(Setup(variants), **values))
    if step is not None and step >= setup.steps:
        raise ValueError(f"step must be below {setup.steps:,}, got {step}")
    if step is not None:
        check_again(work(setup).multiplications * (step + 1))
    return Link(setup, step)


def _named(what: str, read: Callable[[str], Any], text: str) -> Any:
    """Return what a text says; a refusal starts with what it is about."""
    try:
        return read(text)
    except ValueError as refusal:
        raise ValueError(f"{what} {refusal}") from None


def _variants(text: str) -> tuple[Variant, ...]:
    texts = text.split(";")
    if len(texts) > MAX_VARIANTS:
        raise ValueError(f"variants must be at most {MAX_VARIANTS}, got {len(texts)}")
    return tuple(map(_variant, texts))


def _variant(text: str) -> Variant:
    initializer, *parts = text.split(",")
    values: dict[str, Any] = {"initializer": _named("variants:", among(gc.INITIALIZERS), initializer)}
    for part in parts:
        found = _PART.fullmatch(part)
        name = _LETTERS[found[1]].name if found else ""
        if not found or name in values:
            raise ValueError(f"{part[:40]!r} is no part of a variant")
        values[name] = _named(f"{part!r} in variants", _LETTERS[found[1]].read, found[2])
    return Variant(**values)


assert {field for _, field in COMMON.values()} == {one.name for one in fields(Setup)} - {"variants"}
