"""What the gradient-flow explorer can be set to, and the networks that this makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

import gradcore as gc
from gradcore.checks import MAX_SEED, check_choice, check_flag, check_number, check_whole
from ui.explorers.inputs import examples, inputs, read_inputs
from ui.explorers.screen import Drag, Screen, Values
from ui.settings import NORMALIZATIONS, Setting, among, exact, flag, read_flag, read_number, read_whole

MAX_DEPTH, MAX_WIDTH, MAX_GAIN = 50, 128, 20.0
# Networks and inputs of each: few enough to be computed anew while the visitor drags (20 layers of 100: 50 ms).
SEEDS, SAMPLES = 5, 64


@dataclass(frozen=True)
class Settings:
    """What widgets hold.

    Attributes
    ----------
    activation, initializer, inputs, normalization : str
    residual : bool
    width, seed : int
    clip : float
        Largest norm that clipping leaves.
    """

    activation: str = "sigmoid"
    initializer: str = "xavier_normal"
    inputs: str = "digits"
    width: int = 100
    residual: bool = False
    normalization: str = "none"
    clip: float = 1.0
    seed: int = 0

    def spec(self, depth: int) -> gc.NetworkSpec:
        """Return the network at gain 1, in float64: the split is exact, and nothing underflows early."""
        info = inputs()[self.inputs]
        return gc.NetworkSpec(
            (info.features, *(self.width,) * depth, info.outputs),
            self.activation,
            output=info.output,
            initializer=self.initializer,
            residual=self.residual,
            normalization=None if self.normalization == "none" else self.normalization,
        )


_DEFAULT = Settings()
SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("activation", "Activation", _DEFAULT.activation, among(gc.ACTIVATIONS)),
        Setting("initializer", "Initializer", _DEFAULT.initializer, among(gc.INITIALIZERS)),
        Setting("inputs", "Inputs", _DEFAULT.inputs, read_inputs),
        Setting("width", "Width", _DEFAULT.width, read_whole),
        Setting("residual", "Residual connections", _DEFAULT.residual, read_flag, flag),
        Setting("normalization", "Normalization", _DEFAULT.normalization, among(NORMALIZATIONS)),
        Setting("clip", "Clip the norm at", _DEFAULT.clip, read_number, exact),
        Setting("seed", "First seed", _DEFAULT.seed, read_whole),
    )
}
DRAGS: Mapping[str, Drag] = {
    "depth": Drag(10, 1, MAX_DEPTH, whole=True),
    "gain": Drag(1.0, 0.05, MAX_GAIN),
}
_HE = {"activation": "relu", "initializer": "he_normal"}
PRESETS: Mapping[str, Values] = {
    "Sigmoid: are the weights or the slopes to blame?": {"depth": 20},
    "The same He matrices, four activations": {**_HE, "depth": 20},
    "Weights too large: it explodes": {"activation": "tanh", "gain": 2.5, "depth": 30},
    "Weights twice He's: δ explodes, weight gradients stay even": {**_HE, "gain": 2.0, "depth": 30},
    "Batch normalization explodes at the start (Yang 2019)": {**_HE, "depth": 30, "normalization": "batch"},
    "Even weight gradients, fading δ (Glorot & Bengio 2010)": {
        "activation": "tanh", "initializer": "lecun_uniform", "gain": 0.57735, "inputs": "normal", "depth": 8,
    },
    "Orthogonal keeps every direction (Saxe 2013)": {
        "activation": "identity", "initializer": "orthogonal", "inputs": "normal", "depth": 50,
    },
    "Residual connections": {"activation": "relu", "initializer": "he_normal", "residual": True, "depth": 30},
}  # fmt: skip


def checked(values: Values) -> Settings:
    """Return what the widgets say.

    Raises
    ------
    ValueError
        If it makes no sense.
    """
    return Settings(
        check_choice("Activation", values["activation"], gc.ACTIVATIONS),
        check_choice("Initializer", values["initializer"], gc.INITIALIZERS),
        check_choice("Inputs", values["inputs"], inputs()),
        check_whole("Width", values["width"], 1, MAX_WIDTH),
        check_flag("Residual connections", values["residual"]),
        check_choice("Normalization", values["normalization"], NORMALIZATIONS),
        check_number("Clip the norm at", values["clip"], 0, 1e6, open_low=True),
        check_whole("First seed", values["seed"], 0, MAX_SEED - SEEDS),
    )


SCREEN = Screen("flow", "the default network", SETTINGS, DRAGS, checked, PRESETS)


def deepest_spec(settings: Settings) -> gc.NetworkSpec:
    """Return the deepest network that these settings draw from, plain."""
    return replace(settings.spec(MAX_DEPTH), dtype="float32", residual=False, normalization=None)


@st.cache_resource(max_entries=24, show_spinner=False)
def _deepest(settings: Settings, seed: int) -> npt.NDArray[np.float32]:
    """Return the parameters of the deepest network at gain 1; shallower ones are its first layers. Shared, only read.

    In float32, since 50 layers of 128 take 3 MB so.
    """
    return gc.build(deepest_spec(settings), seed, examples(settings.inputs).x[:256]).parameters


def network(settings: Settings, depth: int, gain: float, seed: int) -> gc.Network:
    """Return a network of the visitor's own: the deepest one's first layers and its output, weights times `gain`."""
    kept = replace(settings, clip=_DEFAULT.clip, residual=False, normalization="none")
    deepest = gc.Network(deepest_spec(kept), _deepest(kept, seed))
    net = gc.Network(replace(settings.spec(depth), initializer="zeros"))  # built, it would draw what is not wanted
    for layer, (weight, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
        source = layer if layer < depth else MAX_DEPTH
        weight[:] = deepest.weights[source] * np.float64(gain)
        bias[:] = deepest.biases[source]
    return net


def batch(settings: Settings) -> tuple[Any, Any]:
    """Return inputs and targets, the first of the examples."""
    data = examples(settings.inputs)
    return data.x[:SAMPLES], data.y[:SAMPLES]
