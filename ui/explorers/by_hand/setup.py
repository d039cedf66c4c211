"""What the small network can be set to, and what is typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.checks import MAX_SEED, check_choice, check_number, check_whole
from gradcore.functions.losses import OWN_LOSS
from ui.explorers.screen import Drag, Screen, Values
from ui.settings import Setting, among, exact, read_number, read_whole

MAX_UNITS, MAX_LAYERS, MAX_RATE, LARGEST = 4, 4, 100.0, 1000.0
MOST_WEIGHTS = (MAX_LAYERS + 1) * MAX_UNITS * (MAX_UNITS + 1)
LOSSES = {"own": "the output's own", "mse": "squared error"}
OUTPUTS = {"sigmoid": "sigmoid", "softmax": "softmax", "identity": "identity"}
# Inputs, and targets, of a network into which nothing was typed.
INPUTS, TARGETS = (0.5, -0.3, 0.8, 0.1), (1.0, 0.0, 0.0, 0.0)

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Settings:
    """What widgets hold: units of each kind, hidden layers, activation, output, loss and learning rate."""

    inputs: int = 2
    layers: int = 1
    units: int = 2
    outputs: int = 2
    activation: str = "sigmoid"
    output: str = "sigmoid"
    loss: str = "mse"
    rate: float = 0.5

    @property
    def spec(self) -> gc.NetworkSpec:
        """The network, in float64."""
        return gc.NetworkSpec(
            (self.inputs, *(self.units,) * self.layers, self.outputs),
            self.activation,
            output=self.output,
            initializer="xavier_normal",
            loss=OWN_LOSS[self.output] if self.loss == "own" else "mse",
        )


_DEFAULT = Settings()
SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("inputs", "Inputs", _DEFAULT.inputs, read_whole),
        Setting("layers", "Hidden layers", _DEFAULT.layers, read_whole),
        Setting("units", "Units in each", _DEFAULT.units, read_whole),
        Setting("outputs", "Outputs", _DEFAULT.outputs, read_whole),
        Setting("activation", "Activation", _DEFAULT.activation, among(gc.ACTIVATIONS)),
        Setting("output", "Output", _DEFAULT.output, among(OUTPUTS)),
        Setting("loss", "Loss", _DEFAULT.loss, among(LOSSES)),
        Setting("rate", "Learning rate", _DEFAULT.rate, read_number, exact),
    )
}
# Mazur's worked example: inputs, targets and weights, each unit's bias last.
MAZUR = {
    "x": (0.05, 0.10),
    "t": (0.01, 0.99),
    "w": (0.15, 0.20, 0.35, 0.25, 0.30, 0.35, 0.40, 0.45, 0.60, 0.50, 0.55, 0.60),
}
DRAGS: Mapping[str, Drag] = {
    "w": Drag(MAZUR["w"], -LARGEST, LARGEST, longest=MOST_WEIGHTS),
    "x": Drag(MAZUR["x"], -LARGEST, LARGEST, longest=MAX_UNITS),
    "t": Drag(MAZUR["t"], -LARGEST, LARGEST, longest=MAX_UNITS),
    "seed": Drag(0, 0, MAX_SEED, whole=True),
}
_CHAIN = {"inputs": 1, "layers": 3, "units": 1, "outputs": 1}
_FRESH: Values = {"w": (), "x": (), "t": ()}
PRESETS: Mapping[str, Values] = {
    "Mazur's worked example (2-2-2, sigmoid)": {},
    "Nielsen's chain: a product of w·σ′(z)": {
        **_CHAIN, "w": (1.0, 0.5, 0.8, -0.5, 1.2, 0.3, 0.9, -0.2), "x": (0.6,), "t": (0.0,),
    },
    "A chain with large weights: the product grows": {
        **_CHAIN, "activation": "tanh", "output": "identity",
        "w": (0.5, 0.0, 4.0, -1.9, 4.0, -0.6, 4.0, 0.0), "x": (1.0,), "t": (0.0,),
    },
    "A dead ReLU unit: no gradient, no change": {
        "activation": "relu", "output": "identity", "outputs": 1,
        "w": (0.5, -0.4, 0.1, -0.6, 0.3, -1.0, 0.7, 0.9, 0.0), "x": (0.5, 0.8), "t": (1.0,),
    },
    "Equal weights: both hidden units stay the same": {
        "outputs": 1, "w": (0.5, 0.5, 0.0, 0.5, 0.5, 0.0, 0.5, 0.5, 0.0), "x": (0.4, 0.9), "t": (1.0,),
    },
    "All zeros, tanh: only the output's bias learns": {
        "activation": "tanh", "outputs": 1, "loss": "own", "w": (0.0,) * 9, "x": (0.4, 0.9), "t": (1.0,),
    },
    "The largest: 4-4-4-3, softmax": {
        **_FRESH, "inputs": 4, "layers": 2, "units": 4, "outputs": 3, "activation": "tanh", "output": "softmax",
        "loss": "own",
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
        check_whole("Inputs", values["inputs"], 1, MAX_UNITS),
        check_whole("Hidden layers", values["layers"], 1, MAX_LAYERS),
        check_whole("Units in each", values["units"], 1, MAX_UNITS),
        check_whole("Outputs", values["outputs"], 1, MAX_UNITS),
        check_choice("Activation", values["activation"], gc.ACTIVATIONS),
        check_choice("Output", values["output"], OUTPUTS),
        check_choice("Loss", values["loss"], LOSSES),
        check_number("Learning rate", values["rate"], 0, MAX_RATE),
    )


SCREEN = Screen("by_hand", "Mazur's worked example", SETTINGS, DRAGS, checked, PRESETS)


def fitting(settings: Settings, values: Values) -> dict[str, Any]:
    """Return what was typed where it fits the network: else the seed's own weights, and inputs and targets for it."""
    spec = settings.spec
    full = dict(values)
    if len(full["w"]) != spec.parameter_count:
        full["w"] = tuple(map(float, gc.build(spec, full["seed"]).parameters))
    if len(full["x"]) != settings.inputs:
        full["x"] = INPUTS[: settings.inputs]
    if len(full["t"]) != settings.outputs:
        full["t"] = TARGETS[: settings.outputs]
    return full
