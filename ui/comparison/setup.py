"""What is compared: variants of a network, and what they all have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import gradcore as gc
from gradcore.checks import MAX_SEED, check_choice, check_number, check_whole
from gradcore.numbers import readable
from gradcore.specs import MAX_DEPTH, MAX_LEARNING_RATE, MAX_WIDTH, OPTIMIZERS
from gradcore.training.grouping import Cost, cost
from ui import data_sets
from ui.experiment import MAX_BATCH
from ui.settings import NORMALIZATIONS

MAX_VARIANTS, MAX_SEEDS, MAX_STEPS, MAX_GAIN = 8, 16, 20_000, 1000.0
MAX_FIRST_SEED = MAX_SEED - MAX_SEEDS
# What a visitor may take of the server: the memory of all runs, and one step's work, a third of a second here.
MAX_BYTES, MAX_MULTIPLICATIONS = 24_000_000, 1_200_000_000
# Every second layer of the other shape has a quarter of the width.
NARROW = 4


@dataclass(frozen=True)
class Variant:
    """What one column differs in from another."""

    initializer: str = "xavier_normal"
    gain: float = 1.0
    activation: str = "tanh"
    depth: int = 10
    optimizer: str = "sgd"
    rate: float = 0.05


@dataclass(frozen=True)
class Setup:
    """A comparison: hashable, so that equal ones are the same run.

    Attributes
    ----------
    variants : tuple of Variant
    data : str
    noise : float
        Added to the data's own.
    width : int
        Units of every hidden layer; if `alternating`, every second one has a quarter.
    batch, steps : int
    seeds, first_seed : int
        How many, and the first of them; the others follow on it.
    normalization : str
        "none", "batch" or "layer".
    residual, alternating : bool
    target : float
        The loss that is waited for; 0 stands for half the loss of guessing.
    """

    variants: tuple[Variant, ...] = ()
    data: str = "digits"
    noise: float = 0.0
    width: int = 32
    batch: int = 32
    steps: int = 600
    seeds: int = 8
    first_seed: int = 0
    normalization: str = "none"
    residual: bool = False
    alternating: bool = False
    target: float = 0.0

    @property
    def all_seeds(self) -> range:
        """Return the seeds."""
        return range(self.first_seed, self.first_seed + self.seeds)

    @property
    def target_loss(self) -> float:
        """Return the loss that is waited for."""
        if self.target:
            return self.target
        info = data_sets.info(self.data)
        if info.output == "softmax":
            return round(math.log(info.outputs) / 2, 3)
        return round(math.log(2) / 2, 3) if info.output == "sigmoid" else 0.25


COMMON = tuple(one for one in fields(Setup) if one.name != "variants")


def checked(setup: Setup) -> Setup:
    """Return the setup if it can be run.

    Raises
    ------
    ValueError
        If a setting makes no sense, or it takes more than a visitor's share; the message says what to change.
    """
    if not 1 <= len(setup.variants) <= MAX_VARIANTS:
        raise ValueError(f"There must be 1 to {MAX_VARIANTS} variants, got {len(setup.variants)}.")
    noise(setup)  # refuses unknown data and too much noise
    check_whole("Width", setup.width, 1, MAX_WIDTH)
    check_whole("Batch size", setup.batch, 1, MAX_BATCH)
    check_whole("Steps", setup.steps, 1, MAX_STEPS)
    check_whole("Seeds", setup.seeds, 1, MAX_SEEDS)
    check_whole("First seed", setup.first_seed, 0, MAX_FIRST_SEED)
    check_choice("Normalization", setup.normalization, NORMALIZATIONS)
    check_number("Loss to reach", setup.target, 0, 1e6)
    if setup.normalization == "batch" and setup.batch < 2:
        raise ValueError("Batch normalization needs a batch size of at least 2, got 1.")
    for number, variant in enumerate(setup.variants, start=1):
        check_whole(f"Hidden layers of variant {number}", variant.depth, 0, MAX_DEPTH)
        check_number(f"Gain of variant {number}", variant.gain, 0, MAX_GAIN)
        check_number(f"Learning rate of variant {number}", variant.rate, 0, MAX_LEARNING_RATE)
        check_choice(f"Optimizer of variant {number}", variant.optimizer, OPTIMIZERS)
    _check_cost(setup)
    return setup


def _check_cost(setup: Setup) -> None:
    estimate = work(setup)
    if _fits(estimate):
        return
    runs = len(setup.variants) * setup.seeds
    # Not all that it takes is in proportion to the seeds.
    fitting = next((n for n in range(setup.seeds - 1, 0, -1) if _fits(work(replace(setup, seeds=n)))), 0)
    seeds = "1 seed" if fitting == 1 else f"{fitting} seeds"
    advice = f"With {seeds} it would fit." if fitting else "Choose a smaller width, depth or batch."
    raise ValueError(
        f"{runs} {'run' if runs == 1 else 'runs'} of these networks would take about {estimate.bytes / 1e6:.0f} MB and "
        f"{estimate.multiplications / 1e6:,.0f} million multiplications a step; this screen takes up to "
        f"{MAX_BYTES / 1e6:.0f} MB and {MAX_MULTIPLICATIONS / 1e6:,.0f} million. {advice}"
    )


def _fits(estimate: Cost) -> bool:
    return estimate.bytes <= MAX_BYTES and estimate.multiplications <= MAX_MULTIPLICATIONS


def work(setup: Setup) -> Cost:
    """Return what a setup will take."""
    return cost(specs(setup), training(setup), len(data_sets.load(setup.data, noise(setup)).x), setup.seeds)


def noise(setup: Setup) -> float:
    """Return the data's noise.

    Raises
    ------
    ValueError
        If there are no such data, or too much is added.
    """
    return data_sets.noise_with(setup.data, setup.noise)


def specs(setup: Setup) -> list[gc.NetworkSpec]:
    """Return each variant's network."""
    info = data_sets.info(setup.data)
    return [
        gc.NetworkSpec(
            sizes=(info.features, *_widths(setup, variant.depth), info.outputs),
            hidden=variant.activation,
            output=info.output,
            initializer=variant.initializer,
            gain=None if variant.gain == 1 else variant.gain,
            dtype="float32",
            normalization=None if setup.normalization == "none" else setup.normalization,
            residual=setup.residual,
        )
        for variant in setup.variants
    ]


def _widths(setup: Setup, depth: int) -> tuple[int, ...]:
    narrow = max(1, setup.width // NARROW)
    return tuple(narrow if setup.alternating and layer % 2 else setup.width for layer in range(depth))


def training(setup: Setup) -> list[gc.TrainingSpec]:
    """Return each variant's training."""
    return [
        gc.TrainingSpec(
            learning_rate=variant.rate, batch_size=setup.batch, steps=setup.steps, optimizer=variant.optimizer
        )
        for variant in setup.variants
    ]


@dataclass(frozen=True)
class _Naming:
    """In what the variants differ, so that their names say it and nothing else."""

    varying: frozenset[str] = field(default_factory=frozenset)

    def name(self, variant: Variant) -> str:
        parts = []
        if "initializer" in self.varying or not self.varying or "gain" in self.varying:
            parts.append(initializer_name(variant))
        if "activation" in self.varying:
            parts.append(gc.ACTIVATIONS[variant.activation].label)
        if "depth" in self.varying:
            parts.append("1 layer" if variant.depth == 1 else f"{variant.depth} layers")
        if "optimizer" in self.varying:
            parts.append({"sgd": "SGD", "adam": "Adam"}[variant.optimizer])
        if "rate" in self.varying:
            parts.append(f"rate {_number(variant.rate)}")
        return ", ".join(parts)


def names(variants: Sequence[Variant]) -> list[str]:
    """Return a name for each variant that says in what it differs from the others; equal ones are numbered."""
    varying = frozenset(
        one.name for one in fields(Variant) if len({getattr(variant, one.name) for variant in variants}) > 1
    )
    pairs = {(variant.optimizer, variant.rate) for variant in variants}
    if len(pairs) == len({optimizer for optimizer, _ in pairs}) > 1:  # an optimizer's name tells its rate
        varying -= {"rate"}
    naming = _Naming(varying)
    found = [naming.name(variant) for variant in variants]
    return [
        name if found.count(name) == 1 else f"{name} ({1 + found[:number].count(name)})"
        for number, name in enumerate(found)
    ]


def initializer_name(variant: Variant) -> str:
    """Return an initializer's name with its gain: "Xavier normal × 0.5", "N(0, 0.01²)"."""
    gain = _number(variant.gain)
    if variant.initializer == "normal":
        return "N(0, 1)" if variant.gain == 1 else f"N(0, {gain}²)"
    if variant.initializer == "constant":
        return f"constant {gain if variant.gain != 1 else 0.5}"
    label = gc.INITIALIZERS[variant.initializer].label
    return label if variant.gain == 1 else f"{label} × {gain}"


def _number(value: float) -> str:
    """Return a setting in words: a 0 that was chosen needs no "exactly"."""
    return "0" if value == 0 else readable(value)


def swept(variant: Variant, factor: str, values: Sequence[float]) -> tuple[Variant, ...]:
    """Return copies of a variant that differ in one factor: "gain", "depth" or "rate"."""
    if factor == "depth":
        return tuple(replace(variant, depth=int(value)) for value in values)
    return tuple(
        replace(variant, gain=float(value)) if factor == "gain" else replace(variant, rate=float(value))
        for value in values
    )
