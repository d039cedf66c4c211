"""What explorers feed to their networks: real data, or inputs of a known law."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import streamlit as st

from gradcore.kernels.random_streams import DATA, stream
from ui import data_sets
from ui.data_sets import Info
from ui.settings import among

SAMPLES = 1000
# Uniform inputs with labels that have nothing to do with them (Glorot & Bengio 2010, fig. 2, in small).
NOISE_FEATURES, NOISE_CLASSES = 256, 9
NORMAL_FEATURES, NORMAL_CLASSES = 64, 10

DRAWN: Mapping[str, Info] = {
    "normal": Info("Normal, 64 features", NORMAL_FEATURES, NORMAL_CLASSES, "softmax"),
    "uniform": Info("Uniform 0 to 1, 256 features, labels at random", NOISE_FEATURES, NOISE_CLASSES, "softmax"),
}


def inputs() -> dict[str, Info]:
    """Return all that can be fed in, by name: what is drawn by a law, then data of several classes."""
    known = {name: data_sets.info(name) for name in data_sets.names()}
    return {**DRAWN, **{name: info for name, info in known.items() if info.output == "softmax"}}


def read_inputs(text: str) -> str:
    """Return the name of inputs."""
    return among(inputs())(text)


@st.cache_resource(max_entries=16, show_spinner=False)
def examples(name: str) -> Any:
    """Return an object with x (n, features), y (n,) and name, at most 1,000 samples; shared, and only read."""
    rng = stream(0, DATA)
    if name == "normal":
        x = rng.standard_normal((SAMPLES, NORMAL_FEATURES))
        return SimpleNamespace(x=x, y=rng.integers(0, NORMAL_CLASSES, SAMPLES), name=name)
    if name == "uniform":
        x = rng.uniform(0, 1, (SAMPLES, NOISE_FEATURES))
        return SimpleNamespace(x=x, y=rng.integers(0, NOISE_CLASSES, SAMPLES), name=name)
    data = data_sets.load(name)
    return SimpleNamespace(x=data.x[:SAMPLES], y=data.y[:SAMPLES], name=name)
