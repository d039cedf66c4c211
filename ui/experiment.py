"""One experiment: data, network, training and seed, which controls say, a run carries out and a link keeps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import gradcore as gc
from gradcore.checks import MAX_SEED, check_whole
from gradcore.specs import MAX_DEPTH, MAX_WIDTH
from ui import data_sets
from ui.settings import DEFAULTS, Values, read_layers

# Steps of a live run: at the panel's 30 frames a second and five steps a frame, more than two minutes.
LIVE_STEPS = 20_000
# The test part is looked at every so many steps.
TEST_EVERY = 5
# The largest network that a screen takes, in parameters: about 100 MB with gradients and buffers.
MAX_PARAMETERS = 3_000_000
MAX_BATCH = 1024


@dataclass(frozen=True)
class Experiment:
    """What is run: hashable, so that equal experiments are the same run."""

    dataset: str
    noise: float
    spec: gc.NetworkSpec
    tspec: gc.TrainingSpec
    seed: int

    def differs_only_in_rate(self, other: Experiment) -> bool:
        """Say whether the learning rate, which may change in mid-run, is all that differs."""
        return replace(self, tspec=replace(self.tspec, learning_rate=other.tspec.learning_rate)) == other


def experiment_from(values: Values) -> Experiment:
    """Return the experiment that settings describe; those missing have their defaults.

    Raises
    ------
    ValueError
        If a setting makes no sense, or the network is larger than a screen takes.
    """
    v = {**DEFAULTS, **values}
    info = data_sets.info(v["data"])
    depth = check_whole("Hidden layers", v["depth"], 0, MAX_DEPTH)
    width = check_whole("Width", v["width"], 1, MAX_WIDTH)
    batch = check_whole("Batch size", v["batch"], 1, MAX_BATCH)
    noise = data_sets.noise_with(v["data"], v["noise"])
    seed = check_whole("Seed", v["seed"], 0, MAX_SEED)
    spec = gc.NetworkSpec(
        sizes=(info.features, *(width,) * depth, info.outputs),
        hidden=_by_layer(v["activations"], gc.ACTIVATIONS, depth, "Activations", "hidden") or v["activation"],
        output=info.output,
        initializer=_by_layer(v["initializers"], gc.INITIALIZERS, depth + 1, "Initializers", "weight")
        or v["initializer"],
        gain=None if v["gain"] == DEFAULTS["gain"] else v["gain"],
        dtype=v["precision"],
        normalization=None if v["normalization"] == "none" else v["normalization"],
        residual=v["residual"],
    )
    if spec.parameter_count > MAX_PARAMETERS:
        raise ValueError(
            f"{depth} hidden layers of {width} units make {spec.parameter_count:,} parameters; this screen takes up to "
            f"{MAX_PARAMETERS:,}. Choose fewer layers or a smaller width."
        )
    if spec.normalization == "batch" and batch < 2:
        raise ValueError("Batch normalization needs a batch size of at least 2, got 1.")
    tspec = gc.TrainingSpec(
        learning_rate=v["rate"],
        batch_size=batch,
        steps=LIVE_STEPS,
        optimizer=v["optimizer"],
        momentum=v["momentum"],
        nesterov=v["nesterov"],
        weight_decay=v["decay"],
        clip_norm=v["clip"] or None,
        test_every=TEST_EVERY,
    )
    return Experiment(v["data"], noise, spec, tspec, seed)


def _by_layer(text: str, names: Collection[str], count: int, what: str, kind: str) -> tuple[str, ...] | None:
    layers = read_layers(text, names)
    if layers and len(layers) != count:
        raise ValueError(f"{what}, layer by layer, must name all {count} {kind} layers, got {len(layers)}.")
    return layers or None
