"""The data that a visitor can choose: which there are, how noisy they may be, their numbers, and how a script has them.

Every screen asks here, and no other file of the app knows where data come from. A name stands for the same numbers for
all visitors, since they share what is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

import gradcore as gc
from gradcore.checks import check_choice, check_number

MAX_EXTRA_NOISE = 5.0


@dataclass(frozen=True)
class Info:
    """What a screen knows of data before it loads them.

    Attributes
    ----------
    label : str
        On screens.
    features, outputs : int
        Columns of x; units of the output layer.
    output : str
        The output activation that fits.
    noise : float
        Standard deviation of the noise that is in them without any being added.
    """

    label: str
    features: int
    outputs: int
    output: str
    noise: float = 0.0


def names() -> tuple[str, ...]:
    """Return the names of all that can be chosen, in the order of the screens."""
    return tuple(gc.DATASETS)


def info(name: str) -> Info:
    """Return what is known of data.

    Raises
    ------
    ValueError
        If there are none of that name.
    """
    known = gc.DATASETS[check_choice("Data", name, names())]
    return Info(known.label, known.features, known.outputs, known.output, known.noise)


def labels() -> dict[str, str]:
    """Return the label of each name, for a widget."""
    return {name: info(name).label for name in names()}


def noise_with(name: str, extra: float) -> float:
    """Return the noise of data to which some is added.

    Raises
    ------
    ValueError
        If there are none of that name, or it is more than a screen adds.
    """
    return info(name).noise + check_number("Extra noise", extra, 0, MAX_EXTRA_NOISE)


def load(name: str, noise: float | None = None) -> gc.Dataset:
    """Return data, shared by all visitors, who only read them; noise None: their own.

    Raises
    ------
    ValueError
        If there are none of that name, or noise makes no sense.
    """
    return _loaded(name, _own_noise(name, noise))


@st.cache_resource(max_entries=20, show_spinner=False)
def _loaded(name: str, noise: float) -> gc.Dataset:
    return gc.load_dataset(name, seed=0, noise=noise)


def code(name: str, noise: float | None = None) -> str:
    """Return the line of Python that makes `data` what `load` returns."""
    return f"data = gc.load_dataset({name!r}, seed=0, noise={_own_noise(name, noise)!r})\n"


def words(name: str, noise: float) -> str:
    """Return in words which data were used."""
    return f"{info(name).label}, noise {noise:g}"


def _own_noise(name: str, noise: float | None) -> float:
    return info(name).noise if noise is None else noise
