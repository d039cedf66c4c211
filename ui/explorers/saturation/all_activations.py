"""All activations side by side: how steep, from where on flat, and where float arithmetic makes the slope exactly 0."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st

import gradcore as gc
from gradcore.numbers import readable
from gradcore.records.saturation import (
    activation_effect,
    largest_derivative,
    naive_sigmoid_derivative,
    unsaturated_interval,
    zero_derivative_from,
)
from ui import state
from ui.card_view import draw_cards
from ui.cards import Card
from ui.figures import all_activations as figures

SPAN, POINTS = 6.0, 121
SLOT = "activations"


def all_activations() -> None:
    """Draw the comparison where the visitor asks for it: it takes a moment."""
    st.subheader("All activations side by side")
    if not st.toggle("Show them", key=state.widget_key(f"{SLOT}.shown", False)):
        st.markdown(
            "How steep each one is, from where on it is flat, and where its slope becomes *exactly* 0 in floats."
        )
        return
    with st.spinner("Measuring every activation …"):
        table = activations_table()
    names = [gc.ACTIVATIONS[name].label for name in gc.ACTIVATIONS]
    z = np.linspace(-SPAN, SPAN, POINTS)
    chart = figures.gallery(
        names,
        z,
        [one.value(z) for one in gc.ACTIVATIONS.values()],
        [one.derivative(z) for one in gc.ACTIVATIONS.values()],
    )
    draw_cards(
        [Card(chart.name, chart.filled([{}], None), sentence(), table)], SLOT, "All activations of gradcore", drawn=True
    )
    st.dataframe(table, hide_index=True)
    st.markdown(exactly_zero())


@st.cache_data(show_spinner=False)
def activations_table() -> dict[str, list[Any]]:
    """Return each activation's numbers, in words."""
    draws = np.random.default_rng(0).standard_normal(20_000)
    normal = np.concatenate([draws, -draws])
    rows = []
    for name, one in gc.ACTIVATIONS.items():
        low, high = unsaturated_interval(name)
        ends = [zero_derivative_from(lambda z, of=one: of.derivative(z), "float32", sign) for sign in (-1, 1)]  # type: ignore[misc]
        rows.append(
            [
                one.label,
                readable(largest_derivative(name)),
                _end(low),
                _end(high),
                _plain(float(one.value(np.zeros(1))[0])),
                _plain(activation_effect(name, normal).mean_out),
                _zero(-ends[0]),
                _zero(ends[1]),
            ]
        )
    heads = [
        "Activation", "Largest slope", "Below 1 % of it under z =", "and above z =", "φ(0)",
        "Mean output on N(0, 1)", "φ′ exactly 0 in float32 under z =", "and from z =",
    ]  # fmt: skip
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))


def _plain(value: float) -> str:
    return "0" if abs(value) < 1e-12 else readable(value)


def _end(z: float) -> str:
    return "never" if math.isinf(z) else "0" if z == 0 else readable(z)


def _zero(z: float) -> str:
    # A step at 0 is found to within the width of the search.
    return "never" if math.isinf(z) else "0" if abs(z) < 0.001 else readable(z)


def sentence() -> str:
    """Return what to see in the gallery."""
    sigmoid, tanh = readable(largest_derivative("sigmoid")), readable(largest_derivative("tanh"))
    return (
        f"The sigmoid's slope is at most {sigmoid} and tanh's {tanh}; "
        "the ReLU's is 1 on its whole positive side and exactly 0 on the other."
    )


def exactly_zero() -> str:
    """Return how the common way of writing the sigmoid's slope fails, with the numbers of this machine."""
    common = [zero_derivative_from(naive_sigmoid_derivative, "float32", sign) for sign in (1, -1)]
    true = zero_derivative_from(gc.ACTIVATIONS["sigmoid"].derivative, "float32", 1)
    return (
        f"**Small is not zero.** Written as a(1 − a), the sigmoid's slope is exactly 0 in float32 from z = "
        f"+{readable(common[0])} on, because a has been rounded to 1; at −{readable(common[0])} it is not (there only "
        f"from −{readable(common[1])}). The true slope, which the engine computes, is exactly 0 from "
        f"±{readable(true)} on, where it is below the smallest float32."
    )
