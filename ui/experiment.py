"""One experiment: data, network, training and seed, which controls say, a run carries out and a link keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

import gradcore as gc

# Steps of a live run: at the panel's 30 frames a second and five steps a frame, more than two minutes.
LIVE_STEPS = 20_000
# The largest network that a screen takes, in parameters: about 100 MB with gradients and buffers.
MAX_PARAMETERS = 3_000_000


@dataclass(frozen=True)
class Experiment:
    """What is run: hashable, so that equal experiments are the same run."""

    dataset: str
    spec: gc.NetworkSpec
    tspec: gc.TrainingSpec
    seed: int

    def differs_only_in_rate(self, other: Experiment) -> bool:
        """Say whether the learning rate, which may change in mid-run, is all that differs."""
        return replace(self, tspec=replace(self.tspec, learning_rate=other.tspec.learning_rate)) == other


def network_for(
    dataset: str, depth: int, width: int, hidden: str | tuple[str, ...], initializer: str, dtype: str = "float64"
) -> gc.NetworkSpec:
    """Return a network whose input and output fit a data set.

    Raises
    ------
    ValueError
        If a setting makes no sense, or the network is larger than a screen takes.
    """
    info = gc.DATASETS[dataset]
    spec = gc.NetworkSpec(
        sizes=(info.features, *(width,) * depth, info.outputs),
        hidden=hidden,
        output=info.output,
        initializer=initializer,
        dtype=dtype,
    )
    if spec.parameter_count > MAX_PARAMETERS:
        raise ValueError(
            f"{depth} hidden layers of {width} units make {spec.parameter_count:,} parameters; this screen takes up to "
            f"{MAX_PARAMETERS:,}. Choose fewer layers or a smaller width."
        )
    return spec


@st.cache_resource(max_entries=20, show_spinner=False)
def load(dataset: str) -> gc.Dataset:
    """Return a data set, shared by all visitors, who only read it."""
    return gc.load_dataset(dataset, seed=0)
