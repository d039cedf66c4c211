"""What the saturation explorer can be set to, and the network that this makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

import gradcore as gc
from gradcore.checks import MAX_SEED, check_choice, check_number, check_whole
from ui.explorers.inputs import examples, inputs, read_inputs
from ui.explorers.screen import Drag, Screen, Values
from ui.settings import Setting, among, exact, read_number, read_whole

MAX_DEPTH, MAX_WIDTH, MAX_GAIN, MAX_RATE = 30, 200, 20.0, 10.0


@dataclass(frozen=True)
class Settings:
    """What widgets hold.

    Attributes
    ----------
    activation, initializer, inputs : str
    depth, width : int
    rate : float
        Learning rate when it trains.
    seed : int
    """

    activation: str = "sigmoid"
    initializer: str = "xavier_normal"
    inputs: str = "normal"
    depth: int = 10
    width: int = 100
    rate: float = 0.5
    seed: int = 0

    @property
    def spec(self) -> gc.NetworkSpec:
        """The network at gain 1."""
        info = inputs()[self.inputs]
        sizes = (info.features, *(self.width,) * self.depth, info.outputs)
        return gc.NetworkSpec(sizes, self.activation, output=info.output, initializer=self.initializer)


_DEFAULT = Settings()
SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("activation", "Activation", _DEFAULT.activation, among(gc.ACTIVATIONS)),
        Setting("initializer", "Initializer", _DEFAULT.initializer, among(gc.INITIALIZERS)),
        Setting("inputs", "Inputs", _DEFAULT.inputs, read_inputs),
        Setting("depth", "Hidden layers", _DEFAULT.depth, read_whole),
        Setting("width", "Width", _DEFAULT.width, read_whole),
        Setting("rate", "Learning rate", _DEFAULT.rate, read_number, exact),
        Setting("seed", "Seed", _DEFAULT.seed, read_whole),
    )
}
DRAGS: Mapping[str, Drag] = {
    "source": Drag("layer", choices=("layer", "normal")),
    "gain": Drag(1.0, 0.05, MAX_GAIN),
    "layer": Drag(3, 1, MAX_DEPTH, whole=True),
    "mean": Drag(0.0, -8.0, 8.0),
    "std": Drag(1.0, 0.05, 20.0),
    "sample": Drag(1, 1, 100, whole=True),
}
# Glorot & Bengio 2010 drew standard weights from U ±1/√fan_in: LeCun's uniform law at gain 1/√3.
_STANDARD = 0.57735
PRESETS: Mapping[str, Values] = {
    "Sigmoid from Xavier: at most a quarter passes": {},
    "Tanh from N(0, 1): nearly all of it saturated": {"activation": "tanh", "initializer": "normal"},
    "Tanh, small weights: all linear, and dying out": {"activation": "tanh", "gain": 0.3, "layer": 8},
    "ReLU from He: half of it silent, the rest passes whole": {"activation": "relu", "initializer": "he_normal"},
    "Training drives the top sigmoid layer to 0 (Glorot & Bengio 2010)": {
        "initializer": "lecun_uniform", "inputs": "uniform", "depth": 4, "width": 200, "gain": _STANDARD, "layer": 4,
    },
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
        check_whole("Hidden layers", values["depth"], 1, MAX_DEPTH),
        check_whole("Width", values["width"], 1, MAX_WIDTH),
        check_number("Learning rate", values["rate"], 0, MAX_RATE),
        check_whole("Seed", values["seed"], 0, MAX_SEED),
    )


SCREEN = Screen("saturation", "the default network", SETTINGS, DRAGS, checked, PRESETS)


@st.cache_resource(max_entries=12, show_spinner=False)
def _at_gain_1(settings: Settings) -> gc.Network:
    """Return the network at gain 1, shared by all visitors, who only read it."""
    return gc.build(settings.spec, settings.seed, examples(settings.inputs).x[:256])


def network(settings: Settings, gain: float) -> gc.Network:
    """Return a network of the visitor's own, its weights times `gain`."""
    shared = _at_gain_1(settings)
    net = gc.Network(shared.spec, shared.parameters.copy())
    for weight in net.weights:
        weight *= gain
    return net
