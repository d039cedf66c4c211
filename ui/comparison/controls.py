"""Widgets in, a setup out: what is common to all variants, and each variant's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import streamlit as st

from gradcore.numbers import readable
from gradcore.specs import MAX_DEPTH, MAX_LEARNING_RATE
from ui import controls, data_sets, state, widgets
from ui.comparison.links import COMMON
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.setup import (
    MAX_FIRST_SEED,
    MAX_GAIN,
    MAX_STEPS,
    MAX_VARIANTS,
    Setup,
    Variant,
    checked,
    names,
    swept,
)
from ui.experiment import MAX_BATCH
from ui.settings import NORMALIZATIONS, RATES, read_number

# Under this: how many variants there are.
COUNT = "compared.variants"
# Under this: the number of the variant that was chosen to be opened on live training.
OPENED = "compared.opened"
FACTORS = {"gain": "Gain", "depth": "Hidden layers", "rate": "Learning rate"}
SWEEPS = {
    "gain": "0.5, 0.7, 0.85, 1, 1.2, 1.5, 2",
    "depth": "2, 5, 10, 15, 20, 30",
    "rate": "0.005, 0.01, 0.02, 0.05, 0.1, 0.2",
}
LIVE_PAGE = "pages/live_training.py"


def compared_setup() -> Setup | None:
    """Draw the controls and return what they say, None where that makes no sense."""
    if state.get(COUNT) is None:
        put_setup(PRESETS[STORY])
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        _presets()
        _choice("data", data_sets.labels(), 175)
        _whole("width", 1, 1024, 110)
        _whole("seeds", 1, 99, 110)
        st.button(
            "Add a variant", icon=":material/add:", on_click=_add, disabled=state.get(COUNT) >= MAX_VARIANTS,
            help=f"At most {MAX_VARIANTS}; a copy of the last one, to be changed.",
        )  # fmt: skip
        with st.popover("Sweep", icon=":material/linear_scale:"):
            _sweep()
        with st.popover("More", icon=":material/tune:"):
            _more()
    setup = _setup()
    with st.container(horizontal=True, key="variants"):
        for number, name in enumerate(names(setup.variants)):
            with st.popover(name, help="Change, duplicate or remove this variant, or open it on live training."):
                _variant(number, setup)
    try:
        return checked(setup)
    except ValueError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return None


def put_setup(setup: Setup) -> None:
    """Turn the controls to a setup: from a callback, or before they are drawn."""
    widgets: dict[str, Any] = {f"c.{name}": getattr(setup, field) for name, (_, field) in COMMON.items()}
    for number, variant in enumerate(setup.variants):
        widgets |= {f"c.{number}.{one.name}": getattr(variant, one.name) for one in fields(Variant)}
    state.put(COUNT, len(setup.variants))
    state.set_widgets(widgets)


def other_seeds() -> None:
    """Take the seeds that follow on those in use."""
    first, many = (state.widget(f"c.{name}", COMMON[name][0].default) for name in ("seed", "seeds"))
    state.set_widgets({"c.seed": (first + many) % 1_000_000})


def _setup() -> Setup:
    common = {field: state.widget(f"c.{name}", setting.default) for name, (setting, field) in COMMON.items()}
    return Setup(tuple(map(_variant_of, range(state.get(COUNT)))), **common)


def _variant_of(number: int) -> Variant:
    default = Variant()
    return Variant(
        **{one.name: state.widget(f"c.{number}.{one.name}", getattr(default, one.name)) for one in fields(Variant)}
    )


def _presets() -> None:
    key = "compared.preset"
    st.selectbox(
        "A question", list(PRESETS), key=key, index=None, placeholder="Choose one …", width=250,
        on_change=lambda: _take_preset(key),
    )  # fmt: skip


def _take_preset(key: str) -> None:
    chosen = state.get(key)
    if chosen in PRESETS:
        put_setup(PRESETS[chosen])


def _more() -> None:
    left, right = st.columns(2)
    with left:
        _whole("steps", 1, MAX_STEPS)
        _whole("batch", 1, MAX_BATCH)
        _whole("seed", 0, MAX_FIRST_SEED)
        _number("target", 0.0, 1e6, 0.1)
    with right:
        _number("noise", 0.0, data_sets.MAX_EXTRA_NOISE, 0.05)
        _choice("normalization", {name: name for name in NORMALIZATIONS})
        _flag("residual")
        _flag("alternating")


def _sweep() -> None:
    st.markdown("Copies of the first variant that differ in one factor take the place of all variants.")
    factor = st.segmented_control(
        "Factor", list(FACTORS), format_func=FACTORS.__getitem__, default="gain", key="compared.factor"
    )
    factor = factor or "gain"
    text = st.text_input("Values", SWEEPS[factor], key=f"compared.values.{factor}", max_chars=200)
    try:
        values = _values(text, factor)
    except ValueError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return
    st.button("Compare these", on_click=_take_sweep, args=(factor, values), type="primary")


def _values(text: str, factor: str) -> list[float]:
    values = [read_number(part.strip()) for part in text.split(",") if part.strip()]
    if not 1 <= len(values) <= MAX_VARIANTS:
        raise ValueError(f"Values must be 1 to {MAX_VARIANTS} numbers with commas between them, got {len(values)}.")
    if factor == "depth" and any(value != int(value) or not 0 <= value <= MAX_DEPTH for value in values):
        raise ValueError(f"Hidden layers must be whole numbers from 0 to {MAX_DEPTH}.")
    most = {"gain": MAX_GAIN, "rate": MAX_LEARNING_RATE}.get(factor, MAX_DEPTH)
    wrong = next((value for value in values if not 0 <= value <= most), None)
    if wrong is not None:
        raise ValueError(f"{FACTORS[factor]} must be from 0 to {most:g}, got {wrong:g}.")
    return values


def _take_sweep(factor: str, values: Sequence[float]) -> None:
    _replace(lambda variants: swept(variants[0], factor, values))


def _add() -> None:
    _replace(lambda variants: (*variants, variants[-1]))


def _replace(change: Callable[[tuple[Variant, ...]], tuple[Variant, ...]]) -> None:
    setup = _setup()
    put_setup(Setup(change(setup.variants)[:MAX_VARIANTS], **{f: getattr(setup, f) for _, f in COMMON.values()}))


def _variant(number: int, setup: Setup) -> None:
    variant = setup.variants[number]
    left, right = st.columns(2)
    with left:
        _own(number, "initializer", controls.INITIALIZER_LABELS, "Initializer")
        _own(number, "activation", controls.ACTIVATION_LABELS, "Activation")
        _own(number, "optimizer", {"sgd": "SGD", "adam": "Adam"}, "Optimizer")
    with right:
        widgets.number(f"c.{number}.gain", "Gain", 0.0, MAX_GAIN, 0.1, Variant().gain)
        widgets.whole(f"c.{number}.depth", "Hidden layers", 0, MAX_DEPTH, Variant().depth)
        rates = sorted({*RATES, variant.rate})
        _own(number, "rate", {rate: "0" if rate == 0 else readable(rate) for rate in rates}, "Learning rate")
    with st.container(horizontal=True):
        st.button(
            "Duplicate", key=f"duplicate.{number}", icon=":material/content_copy:", on_click=_duplicate, args=(number,),
            disabled=len(setup.variants) >= MAX_VARIANTS,
        )  # fmt: skip
        st.button(
            "Remove", key=f"remove.{number}", icon=":material/delete:", on_click=_remove, args=(number,),
            disabled=len(setup.variants) == 1,
        )  # fmt: skip
        st.button(
            "Open on live training", key=f"leave.{number}", icon=":material/play_circle:", on_click=state.put,
            args=(OPENED, number),
        )  # fmt: skip
    # Not whether the button was clicked in this run: the click may have come with a panel's question.
    if state.get(OPENED) == number:
        state.forget(OPENED)
        _open(variant, setup)


def _duplicate(number: int) -> None:
    _replace(lambda variants: (*variants[: number + 1], variants[number], *variants[number + 1 :]))


def _remove(number: int) -> None:
    _replace(lambda variants: variants[:number] + variants[number + 1 :])


def _open(variant: Variant, setup: Setup) -> None:
    """Go to live training with a variant's network, its first seed included."""
    controls.set_values(
        {
            "data": setup.data,
            "depth": variant.depth,
            "width": setup.width,
            "activation": variant.activation,
            "initializer": variant.initializer,
            "rate": variant.rate,
            "seed": setup.first_seed,
            "gain": variant.gain,
            "normalization": setup.normalization,
            "residual": setup.residual,
            "noise": setup.noise,
            "batch": setup.batch,
            "optimizer": variant.optimizer,
            "precision": "float32",
        }
    )
    st.switch_page(LIVE_PAGE)


def _choice(name: str, labels: dict[str, str], width: Any = "stretch") -> None:
    widgets.choice(f"c.{name}", COMMON[name][0].label, labels, COMMON[name][0].default, width)


def _own(number: int, name: str, labels: dict[Any, str], label: str) -> None:
    widgets.choice(f"c.{number}.{name}", label, labels, getattr(Variant(), name))


def _whole(name: str, low: int, high: int, width: Any = "stretch") -> None:
    widgets.whole(f"c.{name}", COMMON[name][0].label, low, high, COMMON[name][0].default, width)


def _number(name: str, low: float, high: float, step: float) -> None:
    widgets.number(f"c.{name}", COMMON[name][0].label, low, high, step, COMMON[name][0].default)


def _flag(name: str) -> None:
    widgets.flag(f"c.{name}", COMMON[name][0].label, COMMON[name][0].default)
