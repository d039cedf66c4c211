"""Checks of single settings: each returns the value that it accepts, or raises with argument, rule and value."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from numbers import Real
from typing import Any

import numpy as np

MAX_SEED = 2**32 - 1
# Largest number of characters of a refused value in a message.
MAX_SHOWN = 500


def shown(value: Any) -> str:
    """Return a refused value as text of limited length for a message; no value makes it fail."""
    try:
        text = repr(value)
    except ValueError:  # CPython refuses to print an int of thousands of digits
        text = f"an int of {value.bit_length()} bits"
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def check_whole(name: str, value: Any, low: int, high: int) -> int:
    """Return `value` as an int from `low` to `high`.

    Raises
    ------
    ValueError
        If it is not a whole number (True and 1.5 are not), or lies outside.
    """
    try:
        # NumPy before 2.2 gives 1 for its own True, and warns.
        whole = None if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        whole = None
    if whole is None or not low <= whole <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}, got {shown(value)}")
    return whole


def check_number(
    name: str, value: Any, low: float, high: float, *, open_low: bool = False, open_high: bool = False
) -> float:
    """Return `value` as a float from `low` to `high`; `open_low` and `open_high` exclude that end.

    Raises
    ------
    ValueError
        If it is not a finite number, or lies outside.
    """
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    inside = (low < number if open_low else low <= number) and (number < high if open_high else number <= high)
    if not (inside and math.isfinite(number)):
        lower = f"above {low:g}" if open_low else f"at least {low:g}"
        upper = f"below {high:g}" if open_high else f"at most {high:g}"
        raise ValueError(f"{name} must be a number {lower} and {upper}, got {shown(value)}")
    return number


def check_choice(name: str, value: Any, choices: Iterable[Any]) -> Any:
    """Return `value` if it is among `choices`.

    Raises
    ------
    ValueError
        If it is not; the message lists them.
    """
    choices = tuple(choices)
    if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; got {value!r}")
    return value


def check_flag(name: str, value: Any) -> bool:
    """Return `value` if it is True or False.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return value


def check_seed(seed: Any) -> int:
    """Return `seed` as an int from 0 to 2³²−1.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    return check_whole("seed", seed, 0, MAX_SEED)
