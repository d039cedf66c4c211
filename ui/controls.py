"""Widgets in, frozen experiments out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

import gradcore as gc
from gradcore.checks import MAX_SEED
from gradcore.diagnosis.thresholds import SOURCES
from gradcore.numbers import readable
from ui import data_sets, state, widgets
from ui.experiment import MAX_BATCH, Experiment, experiment_from
from ui.settings import DEFAULTS, NORMALIZATIONS, RATES, SETTINGS, Values

# Which control a verdict's remedy, given as a NetworkSpec's fields, turns.
REMEDY_CONTROLS = {"hidden": "activation", "initializer": "initializer"}
# A remedy is for all layers alike, at gain 1.
REMEDY_RESETS = ("activations", "initializers", "gain")

ACTIVATION_LABELS = {name: activation.label for name, activation in gc.ACTIVATIONS.items()}
INITIALIZER_LABELS = {name: initializer.label for name, initializer in gc.INITIALIZERS.items()}
THRESHOLD_LABELS = {
    "vanished": "Vanished: first ÷ last hidden layer, below",
    "exploding": "Exploding: first ÷ last hidden layer, above",
    "exploding_update": "Exploding: update ÷ weights, above",
    "vanished_everywhere": "Vanished: hidden layers ÷ output's bias, below",
    "saturated": "Saturated: share of a layer, from",
    "dead": "Dead: share of a layer's units, from",
    "distinct_units": "Symmetric: different units of a layer, at most",
}


def live_experiment() -> Experiment | None:
    """Draw live training's controls and return what they say, None where that makes no sense."""
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        _choice("data", data_sets.labels(), 175)
        _whole("depth", 0, 100, 115)
        _whole("width", 1, 1024, 115)
        _choice("activation", ACTIVATION_LABELS, 125)
        _choice("initializer", INITIALIZER_LABELS, 170)
        rates = sorted({*RATES, state.widget("rate", DEFAULTS["rate"])})
        _choice("rate", {rate: "0" if rate == 0 else readable(rate) for rate in rates}, 105)
        with st.popover("More", icon=":material/tune:"):
            _more()
    try:
        return experiment_from(values())
    except ValueError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return None


def _more() -> None:
    network, training, verdict = st.tabs(["Network and data", "Training", "Verdict"])
    with network:
        left, right = st.columns(2)
        with left:
            _whole("seed", 0, MAX_SEED)
            _number("gain", 0.0, 1000.0, 0.1, "Factor on the initializer's standard deviation.")
            _number("noise", 0.0, data_sets.MAX_EXTRA_NOISE, 0.05, "Standard deviation, added to the data's own.")
        with right:
            _choice("normalization", NORMALIZATIONS)
            _choice("precision", ("float64", "float32"))
            _flag("residual", "Add each hidden layer's input to its output.")
        _line("activations", "One for each hidden layer, such as 5\\*sigmoid, 5\\*relu", ACTIVATION_LABELS)
        _line("initializers", "One for each weight layer, the output's too", INITIALIZER_LABELS)
    with training:
        left, right = st.columns(2)
        with left:
            _whole("batch", 1, MAX_BATCH)
            _choice("optimizer", {"sgd": "SGD", "adam": "Adam"})
            _number("clip", 0.0, 1e6, 0.1, "Global norm; 0: no clipping. Records show the gradient unclipped.")
        with right:
            _number("momentum", 0.0, 0.999, 0.1, "Of SGD.")
            _flag("nesterov", "Momentum that looks a step ahead; needs momentum above 0.")
            _number("decay", 0.0, 10.0, 0.001, "So many times the weight is added to its gradient; not to a bias's.")
    with verdict:
        st.caption("Where a number turns into a verdict. Change one, and the next verdict uses it.")
        defaults = gc.Thresholds()
        for field in fields(defaults):
            default = getattr(defaults, field.name)
            source = SOURCES[field.name]
            _threshold(field.name, default, source)


def thresholds() -> gc.Thresholds:
    """Return the thresholds that the visitor set."""
    defaults = gc.Thresholds()
    chosen = {
        field.name: state.widget(f"limit.{field.name}", getattr(defaults, field.name)) for field in fields(defaults)
    }
    return gc.Thresholds(**chosen)


# Home's story is told when the healthy network reads nearly all of the digits: ten seconds at the panel's full pace.
STORY_ENDS = 1499


def default_experiment() -> Experiment:
    """Return the network that every visit starts with: ten sigmoid layers that do not learn."""
    return experiment_from({})


def healthy_experiment() -> Experiment:
    """Return the same network made healthy: ReLU with He's initializer, the same data and seed."""
    return experiment_from({"activation": "relu", "initializer": "he_normal"})


def set_values(values: Values) -> None:
    """Turn the controls to these settings, the others to their defaults."""
    state.set_widgets({**DEFAULTS, **values})


def values() -> Values:
    """Return what the controls say, by setting."""
    return {name: state.widget(name, default) for name, default in DEFAULTS.items()}


def apply_remedy(remedy: Any, from_default: bool = False) -> None:
    """Turn the controls that a verdict's remedy names; in force from the next run of the page.

    Parameters
    ----------
    remedy
        It comes back from the browser, so what is no remedy is ignored.
    from_default : bool
        Whether it is for the default network, whatever the controls say now.
    """
    if from_default:
        set_values({})
    if not isinstance(remedy, Mapping):
        return
    known: Mapping[str, Mapping[str, object]] = {"activation": gc.ACTIVATIONS, "initializer": gc.INITIALIZERS}
    chosen = {control: remedy.get(field) for field, control in REMEDY_CONTROLS.items()}
    changes = {name: value for name, value in chosen.items() if isinstance(value, str) and value in known[name]}
    state.set_widgets({**{name: DEFAULTS[name] for name in REMEDY_RESETS}, **changes})


def new_weights() -> None:
    """Draw other weights: the next seed."""
    state.set_widgets({"seed": (state.widget("seed", DEFAULTS["seed"]) + 1) % (MAX_SEED + 1)})


def _choice(name: str, labels: Any, width: Any = "stretch") -> None:
    widgets.choice(name, SETTINGS[name].label, labels, DEFAULTS[name], width)


def _whole(name: str, low: int, high: int, width: Any = "stretch") -> None:
    widgets.whole(name, SETTINGS[name].label, low, high, DEFAULTS[name], width)


def _number(name: str, low: float, high: float, step: float, explanation: str) -> None:
    widgets.number(name, SETTINGS[name].label, low, high, step, DEFAULTS[name], explanation)


def _flag(name: str, explanation: str) -> None:
    widgets.flag(name, SETTINGS[name].label, DEFAULTS[name], explanation)


def _line(name: str, explanation: str, labels: Mapping[str, str]) -> None:
    names = ", ".join(f"`{each}`" for each in labels)
    text = f"{explanation}; empty: all alike. Names: {names}."
    widgets.line(name, SETTINGS[name].label, DEFAULTS[name], text, 2000)


def _threshold(name: str, default: float, source: str) -> None:
    label, explanation = THRESHOLD_LABELS[name], f"Source: {source}."
    if isinstance(default, int):
        widgets.whole(f"limit.{name}", label, 1, 1024, default, explanation=explanation)
    else:
        widgets.number(f"limit.{name}", label, 0.0, 1e9, default, default, explanation)
