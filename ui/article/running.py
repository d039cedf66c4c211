"""Experiments by name, computed once for each seed and kept for all visitors: they are the same for everyone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ui.article.experiments import (
    batch_norm,
    bias,
    blame,
    descent,
    forward_signal,
    he_typical,
    heuristics,
    mixed_layers,
    printed_line,
    product,
    pytorch_default,
    random_scale,
    sigmoid_slope,
    vanishing,
    weight_size,
    xavier_law,
    zero_input,
    zeros,
)
from ui.article.result import Result

EXPERIMENTS: Mapping[str, Callable[[int], Result]] = {
    module.__name__.rpartition(".")[2]: module.experiment
    for module in (
        bias, zero_input, forward_signal, descent, mixed_layers, vanishing, sigmoid_slope, blame, product, zeros,
        random_scale, weight_size, he_typical, xavier_law, printed_line, heuristics, pytorch_default, batch_norm,
    )
}  # fmt: skip


@st.cache_data(max_entries=100, show_spinner=False)
def run(name: str, seed: int) -> Result:
    """Run a claim's experiment with these draws, or return what it gave before."""
    return EXPERIMENTS[name](seed)
