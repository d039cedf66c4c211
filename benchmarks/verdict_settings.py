"""Settings of known outcome, drawn at random: each family's outcome follows from the theory that it names.

Letters and numbers in brackets are rows of the papers' tables that the engine's tests check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import gradcore as gc

SEED = 0
COUNT_UNITS_EVERY = 25  # as ui/runs.py

Range = tuple[float, float]
Names = tuple[str, ...]

EVERY = tuple(gc.DATASETS)
LINEAR = ("digits", "breast_cancer", "iris", "clouds")  # a straight boundary separates these well


@dataclass(frozen=True)
class Family:
    """Settings of one known outcome: names to choose from, ranges to draw from (rates and gains by their logarithm)."""

    outcome: str
    number: int
    source: str
    hidden: Names
    initializer: Names
    depth: tuple[int, int]
    rate: Range
    gain: Range | None = None
    width: tuple[int, int] = (32, 100)
    data: Names = EVERY
    network: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """One network in training, and what must become of it."""

    outcome: str
    dataset: str
    spec: gc.NetworkSpec
    tspec: gc.TrainingSpec
    seed: int

    def __str__(self) -> str:
        spec, tspec = self.spec, self.tspec
        gain = "" if spec.gain is None else f" × {spec.gain:.2g}"
        more = "".join(f", {word}" for word in (spec.normalization, "residual" * spec.residual) if word)
        more += f", clip {tspec.clip_norm:g}" if tspec.clip_norm else ""
        return (
            f"{self.dataset}, {spec.depth} × {spec.sizes[1]} {spec.hidden}, {spec.initializer}{gain}{more}, "
            f"{tspec.optimizer} {tspec.learning_rate:.2g}, {tspec.steps} steps"
        )


RECTIFIED = ("relu", "leaky_relu", "elu")
BENT = ("tanh", "softsign", "erf", "lecun_tanh")
XAVIER = ("xavier_normal", "xavier_uniform", "keras_default")
HE = ("he_normal", "he_uniform")

FAMILIES = (
    Family("healthy", 8, "He 2015 (H1, H3)", RECTIFIED, HE, (2, 8), (0.01, 0.1)),
    Family("healthy", 4, "He 2015 (H1, H3)", ("relu", "leaky_relu"), HE, (9, 20), (0.005, 0.02)),
    Family("healthy", 8, "Glorot 2010 (G1)", BENT, XAVIER, (2, 10), (0.02, 0.1)),
    Family("healthy", 5, "Klambauer 2017 (K1)", ("selu",), ("lecun_normal", "lecun_uniform"), (2, 16), (0.005, 0.05)),
    Family("healthy", 4, "Saxe 2014, Pennington 2017", ("tanh",), ("orthogonal",), (2, 20), (0.02, 0.1)),
    Family("healthy", 2, "Saxe 2014 (S3)", ("identity",), ("orthogonal",), (2, 10), (0.005, 0.02), data=LINEAR),
    Family("healthy", 5, "at most one factor 1/4", ("sigmoid",), XAVIER, (1, 2), (0.3, 1.0), data=LINEAR),
    Family("healthy", 4, "Mishkin 2016 (L1)", ("tanh", "relu", "elu"), ("lsuv",), (2, 8), (0.01, 0.05)),
    Family("healthy", 2, "Ioffe 2015", ("relu",), HE, (2, 6), (0.01, 0.1), network={"normalization": "batch"}),
    Family("healthy", 2, "Ba 2016", ("relu",), HE, (2, 6), (0.01, 0.1), network={"normalization": "layer"}),
    Family("healthy", 2, "He 2016", ("tanh",), XAVIER, (4, 10), (0.005, 0.02), network={"residual": True}),
    Family("healthy", 4, "Kingma 2015", ("relu", "tanh"), HE, (2, 6), (1e-3, 5e-3), training={"optimizer": "adam"}),
    Family("vanished", 4, "φ′ ≤ 1/4: 4^−6 and less (N1)", ("sigmoid",), XAVIER, (7, 14), (0.02, 0.3)),
    Family("vanished", 3, "gain·√width < 1/10 a layer", BENT, ("normal",), (8, 15), (0.02, 0.3), (0.005, 0.01)),
    Family(
        "vanished", 2, "gain^depth = 10⁻⁶ to 10⁻⁴, as the stall of H3", ("tanh",), ("lecun_normal",), (26, 30),
        (0.02, 0.05), (0.64, 0.7),
    ),
    Family("vanished", 1, "2^−(depth/2), the stall of H3", ("leaky_relu",), ("xavier_normal",), (28, 34), (0.02, 0.05)),
    Family(
        "exploding", 4, "chaotic phase, Poole 2016 (P2)", ("tanh", "erf"), ("lecun_normal",), (22, 30),
        (3e-4, 1e-3), (3, 4), (64, 128),
    ),
    Family("exploding", 2, "Yang 2019 (F2)", ("relu",), HE, (36, 45), (3e-4, 1e-3), network={"normalization": "batch"}),
    Family(
        "exploding", 4, "gain^depth, on the way forward and back", ("relu", "identity", "leaky_relu"), ("he_normal",),
        (10, 16), (0.003, 0.01), (2, 3), training={"clip_norm": 1.0},
    ),
    Family(
        "saturated", 5, "|z| ≈ gain·√width ≫ 3", ("tanh", "erf", "lecun_tanh"), ("normal",), (2, 3),
        (0.001, 0.01), (1.5, 3), (64, 128),
    ),
    Family(
        "saturated", 3, "|z| ≈ gain·√(width/2) ≫ 6", ("sigmoid",), ("normal",), (2, 3), (0.001, 0.01), (3, 6),
        (64, 128),
    ),
    Family("dead", 4, "steps too long; units counted", ("relu",), HE, (2, 6), (0.5, 5)),
    Family("dead", 4, "born dead, Lu 2019 (D1)", ("relu",), HE, (24, 40), (0.01, 0.1), width=(2, 3)),
    Family(
        "symmetric units", 4, "equal weights", ("tanh", "sigmoid", "relu"), ("constant",), (2, 5), (0.01, 0.1),
        (0.005, 0.05),
    ),
    Family("symmetric units", 3, "equal weights", ("tanh", "sigmoid", "relu", "gelu"), ("zeros",), (2, 8), (0.01, 0.3)),
    Family(
        "diverged", 3, "rate ≫ 2/curvature", ("identity", "leaky_relu", "tanh"), ("lecun_normal",), (1, 6),
        (1e3, 1e5), data=("surface",),
    ),
    Family("diverged", 2, "rate ≫ 2/curvature", ("leaky_relu", "elu"), HE, (3, 8), (1e3, 1e5)),
    Family("diverged", 2, "gain^depth beyond any step", ("identity", "leaky_relu"), HE, (12, 20), (0.01, 0.1), (4, 10)),
)  # fmt: skip


def _log_uniform(rng: np.random.Generator, limits: Range) -> float:
    return float(f"{np.exp(rng.uniform(*np.log(limits))):.3g}")


def draw(family: Family, rng: np.random.Generator) -> Setting:
    """Draw one setting of a family."""
    info = gc.DATASETS[str(rng.choice(family.data))]
    depth, width = int(rng.integers(*family.depth, endpoint=True)), int(rng.integers(*family.width, endpoint=True))
    spec = gc.NetworkSpec(
        sizes=(info.features, *(width,) * depth, info.outputs),
        hidden=str(rng.choice(family.hidden)),
        output=info.output,
        initializer=str(rng.choice(family.initializer)),
        gain=None if family.gain is None else _log_uniform(rng, family.gain),
        dtype=str(rng.choice(("float32", "float64"))),
        **family.network,
    )
    tspec = gc.TrainingSpec(
        learning_rate=_log_uniform(rng, family.rate),
        steps=int(rng.integers(60, 150, endpoint=True)),
        test_every=1_000,
        histogram_every=COUNT_UNITS_EVERY,
        **family.training,
    )
    return Setting(family.outcome, info.name, spec, tspec, int(rng.integers(2**32)))


def _draws(family: Family, rng: np.random.Generator) -> Iterator[Setting]:
    while True:
        yield draw(family, rng)


def candidates(seed: int = SEED) -> list[Iterator[Setting]]:
    """Return for each of the 100 settings its endless draws, the first one first."""
    slots = [family for family in FAMILIES for _ in range(family.number)]
    return [_draws(family, np.random.default_rng((seed, slot))) for slot, family in enumerate(slots)]
