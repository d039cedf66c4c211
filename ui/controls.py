"""Widgets in, frozen experiments out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

import gradcore as gc
from gradcore.numbers import readable
from ui import state
from ui.experiment import LIVE_STEPS, Experiment, network_for

RATES = (0.0, *(float(f"{mantissa}e{power}") for power in range(-4, 1) for mantissa in (1, 2, 5)), 10.0)
TEST_EVERY = 5
COUNT_UNITS_EVERY = 25

DEFAULTS: Mapping[str, Any] = {
    "dataset": "digits",
    "depth": 10,
    "width": 32,
    "activation": "sigmoid",
    "initializer": "xavier_normal",
    "rate": 0.1,
    "seed": 0,
}
# Which control a verdict's remedy, given as a NetworkSpec's fields, turns.
REMEDY_CONTROLS = {"hidden": "activation", "initializer": "initializer"}


def live_experiment() -> Experiment | None:
    """Draw the seven controls of live training and return what they say, None where that makes no sense."""
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        dataset = _choice("dataset", "Data", {name: info.label for name, info in gc.DATASETS.items()}, 175)
        depth = _whole("depth", "Hidden layers", 0, 100, 115)
        width = _whole("width", "Width", 1, 1024, 115)
        hidden = _choice("activation", "Activation", {name: a.label for name, a in gc.ACTIVATIONS.items()}, 125)
        labels = {name: initializer.label for name, initializer in gc.INITIALIZERS.items()}
        initializer = _choice("initializer", "Initializer", labels, 170)
        key = state.widget_key("rate", DEFAULTS["rate"])
        rate = st.selectbox("Learning rate", RATES, format_func=_rate, key=key, filter_mode=None, width=105)
        seed = _whole("seed", "Seed", 0, 2**32 - 1, 115)
    try:
        return _experiment(dataset, depth, width, hidden, initializer, rate, seed)
    except ValueError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return None


def default_experiment() -> Experiment:
    """Return the network that every visit starts with: ten sigmoid layers that do not learn."""
    return _experiment(*DEFAULTS.values())


def _experiment(
    dataset: str, depth: int, width: int, hidden: str, initializer: str, rate: float, seed: int
) -> Experiment:
    spec = network_for(dataset, depth, width, hidden, initializer)
    tspec = gc.TrainingSpec(
        learning_rate=rate,
        batch_size=32,
        steps=LIVE_STEPS,
        test_every=TEST_EVERY,
        histogram_every=COUNT_UNITS_EVERY,
    )
    return Experiment(dataset, spec, tspec, seed)


def apply_remedy(remedy: Mapping[str, Any]) -> None:
    """Turn the controls that a verdict's remedy names; in force from the next run of the page."""
    state.set_widgets({control: remedy[field] for field, control in REMEDY_CONTROLS.items() if field in remedy})


def _rate(rate: float) -> str:
    return "0" if rate == 0 else readable(rate)


def _choice(name: str, label: str, labels: Mapping[str, str], width: int) -> str:
    key = state.widget_key(name, DEFAULTS[name])
    return str(st.selectbox(label, list(labels), format_func=labels.__getitem__, key=key, width=width))


def _whole(name: str, label: str, low: int, high: int, width: int) -> int:
    key = state.widget_key(name, DEFAULTS[name])
    return int(st.number_input(label, min_value=low, max_value=high, step=1, key=key, width=width))
