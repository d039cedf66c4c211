"""Each start in numbers and as code: its law, what it makes of this network's layers, and how to have it elsewhere."""

from __future__ import annotations

import streamlit as st

import gradcore as gc
from gradcore.numbers import readable
from ui import state
from ui.comparison.setup import Setup, names, specs
from ui.initializer_code import FRAMEWORKS, code


def starts_explained(setup: Setup) -> None:
    """Draw the law, the numbers and the code of a chosen variant."""
    st.subheader("How each start is made")
    labels = names(setup.variants)
    key = state.widget_key("c.explained", 0)
    state.within(key, len(labels))
    chosen = st.segmented_control(
        "Variant", range(len(labels)), format_func=labels.__getitem__, key=key, label_visibility="collapsed"
    )
    number = chosen if chosen is not None else 0
    spec, variant = specs(setup)[number], setup.variants[number]
    initializer, gain = gc.INITIALIZERS[variant.initializer], spec.gains[0]
    left, right = st.columns([2, 3])
    with left:
        source = f"gain {readable(gain)}.  \nSource: {initializer.source}."
        st.markdown(f"**{labels[number]}**: {initializer.formula}, {source}")
        st.markdown(_layer_numbers(spec, variant.initializer))
    with right:
        fan_in, fan_out = spec.sizes[0], spec.sizes[1]
        st.markdown(f"The same start of layer 1, {fan_in} inputs to {fan_out} units, elsewhere:")
        snippets = code(variant.initializer, gain, fan_in, fan_out)
        for tab, framework in zip(st.tabs(list(FRAMEWORKS)), FRAMEWORKS, strict=True):
            tab.code(snippets[framework], language="python")


def _layer_numbers(spec: gc.NetworkSpec, name: str) -> str:
    """Return a table with the standard deviation of each layer's weights, equal shapes in one row."""
    shapes: dict[tuple[int, int], list[int]] = {}
    for layer, shape in enumerate(zip(spec.sizes[:-1], spec.sizes[1:], strict=True), start=1):
        shapes.setdefault(shape, []).append(layer)
    rows = [
        f"| {_span(layers)} | {shape[0]} → {shape[1]} | {readable(spec.gains[0] * gc.INITIALIZERS[name].std(*shape))} |"
        for shape, layers in shapes.items()
    ]
    return "\n".join(["| Layers | fan_in → fan_out | Std of a weight |", "|---|---|---|", *rows])


def _span(layers: list[int]) -> str:
    whole = layers == list(range(layers[0], layers[-1] + 1))
    return str(layers[0]) if len(layers) == 1 else f"{layers[0]}–{layers[-1]}" if whole else ", ".join(map(str, layers))
