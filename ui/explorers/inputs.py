"""What explorers feed to their networks: real data, or inputs of a known law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import streamlit as st

import gradcore as gc
from gradcore.kernels.random_streams import DATA, stream
from ui.experiment import load

SAMPLES = 1000
# Uniform inputs with labels that have nothing to do with them (Glorot & Bengio 2010, fig. 2, in small).
NOISE_FEATURES, NOISE_CLASSES = 256, 9
NORMAL_FEATURES, NORMAL_CLASSES = 64, 10


@dataclass(frozen=True)
class Inputs:
    """One kind of inputs."""

    label: str
    features: int
    outputs: int
    output: str


INPUTS: Mapping[str, Inputs] = {
    "normal": Inputs("Normal, 64 features", NORMAL_FEATURES, NORMAL_CLASSES, "softmax"),
    "uniform": Inputs("Uniform 0 to 1, 256 features, labels at random", NOISE_FEATURES, NOISE_CLASSES, "softmax"),
    **{
        name: Inputs(info.label, info.features, info.outputs, info.output)
        for name, info in gc.DATASETS.items()
        if info.output == "softmax"
    },
}


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
    data = load(name, gc.DATASETS[name].noise)
    return SimpleNamespace(x=data.x[:SAMPLES], y=data.y[:SAMPLES], name=name)
