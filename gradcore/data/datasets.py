"""Data to train on: toy sets drawn on demand, and three real ones shipped in data/ (sources and licenses there).

`load_dataset` does the two things that are easily done wrong: the split is drawn before anything is measured, and
mean and deviation come from the training part only.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.checks import check_choice, check_number, check_seed, check_whole
from gradcore.kernels.random_streams import DATA, stream

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]
Draw = Callable[[np.random.Generator, int | None, float], tuple[Floats, Labels]]

FOLDER = Path(__file__).parent / "files"
TOY_SAMPLES = 1000
MIN_SAMPLES, MAX_SAMPLES = 4, 100_000
MAX_NOISE = 10.0
# A feature varies if its deviation is above this part of its largest magnitude; rounding alone makes less.
CONSTANT = 1e-7


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before it is loaded.

    Attributes
    ----------
    name, label, description, source, license : str
        The registry's name, the name on screens, what it is, and where it comes from.
    features, outputs : int
        Columns of x; units an output layer needs (1 for two classes).
    output : str
        The output activation that fits: "softmax", "sigmoid" or "identity".
    noise : float
        What noise=None stands for.
    draw : callable
        draw(rng, n, noise) → x, y; n is None for all of a real set.
    """

    name: str
    label: str
    description: str
    source: str
    license: str
    features: int
    outputs: int
    output: str
    noise: float
    draw: Draw


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set, split and standardized; from `load_dataset` its arrays can't be written into, so runs share it.

    Attributes
    ----------
    x, x_test : (n, features)
        Inputs, standardized by the training part's mean and deviation; x_test is None without a test part.
    y, y_test : (n,) of class numbers, or (n, 1) of targets
    name : str
    mean, std : (features,)
        Of the raw training part: raw = x · std + mean. std is 1 for constant features.
    constant_features : tuple of int
        Columns that do not vary in the training part; they are 0 in x.
    """

    x: Floats
    y: Labels
    x_test: Floats | None
    y_test: Labels | None
    name: str
    mean: Floats
    std: Floats
    constant_features: tuple[int, ...]


def _xor(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    x = rng.uniform(-1, 1, (n or TOY_SAMPLES, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    return x + noise * rng.standard_normal(x.shape), y


def _classes(rng: np.random.Generator, n: int | None, count: int) -> Labels:
    return rng.permutation(np.arange(n or TOY_SAMPLES) % count)


def _circles(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    y = _classes(rng, n, 2)
    angle, radius = rng.uniform(0, 2 * np.pi, len(y)), np.where(y == 0, 1.0, 0.4)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.standard_normal(x.shape), y


def _moons(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    y = _classes(rng, n, 2)
    angle = rng.uniform(0, np.pi, len(y))
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper, np.array([1.0, 0.5]) - upper)
    return x + noise * rng.standard_normal(x.shape), y


def _spirals(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    y = _classes(rng, n, 2)
    radius = np.sqrt(rng.uniform(0.01, 1, len(y)))
    angle = 3.5 * np.pi * radius + np.pi * y
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.standard_normal(x.shape), y


CLOUD_CENTERS = np.array([[1.0, 0.0], [-0.5, 0.866], [-0.5, -0.866]])


def _clouds(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    y = _classes(rng, n, len(CLOUD_CENTERS))
    return CLOUD_CENTERS[y] + noise * rng.standard_normal((len(y), 2)), y


def _surface(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    x = rng.uniform(-1, 1, (n or TOY_SAMPLES, 2))
    height = np.sin(np.pi * x[:, 0]) * np.cos(0.5 * np.pi * x[:, 1])
    return x, (height + noise * rng.standard_normal(len(x)))[:, None]


@cache
def _shipped(name: str) -> tuple[Floats, Labels]:
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1].astype(np.int64)


def _real(name: str) -> Draw:
    def draw(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
        """Return n of the shipped samples in random order."""
        x, y = _shipped(name)
        if n is not None and n > len(x):
            raise ValueError(f"n must be at most {len(x)}, the size of {name!r}, got {n}")
        rows = rng.permutation(len(x))[:n]
        x, y = x[rows], y[rows]
        if noise:
            x = x + noise * x.std(axis=0) * rng.standard_normal(x.shape)
        return x, y

    return draw


_UCI = "CC BY 4.0"


def _toy(name: str, label: str, description: str, outputs: int, output: str, noise: float, draw: Draw) -> DatasetInfo:
    return DatasetInfo(name, label, description, "drawn by gradcore", "MIT", 2, outputs, output, noise, draw)


_ALL = (
    DatasetInfo(
        "digits", "Handwritten digits", "1,797 digits of 8 × 8 pixels, ten classes",
        "UCI, Optical Recognition of Handwritten Digits (Alpaydin & Kaynak 1998), test part",
        _UCI, 64, 10, "softmax", 0.0, _real("digits"),
    ),
    DatasetInfo(
        "breast_cancer", "Breast cancer", "569 cell samples, 30 measurements each, malignant or benign",
        "UCI, Breast Cancer Wisconsin (Diagnostic) (Wolberg, Mangasarian, Street & Street 1993)",
        _UCI, 30, 1, "sigmoid", 0.0, _real("breast_cancer"),
    ),
    DatasetInfo(
        "iris", "Iris", "150 flowers, four measurements each, three species",
        "UCI, Iris (Fisher 1936)", _UCI, 4, 3, "softmax", 0.0, _real("iris"),
    ),
    _toy("xor", "XOR", "four quadrants, opposite ones alike", 1, "sigmoid", 0.05, _xor),
    _toy("circles", "Circles", "a ring around a ring", 1, "sigmoid", 0.08, _circles),
    _toy("moons", "Moons", "two half circles, interlocked", 1, "sigmoid", 0.1, _moons),
    _toy("spirals", "Two spirals", "two arms of a spiral", 1, "sigmoid", 0.02, _spirals),
    _toy("clouds", "Gaussian clouds", "three clouds", 3, "softmax", 0.35, _clouds),
    _toy("surface", "Surface (regression)", "the height sin(πx₁)·cos(πx₂/2)", 1, "identity", 0.05, _surface),
)  # fmt: skip

DATASETS: dict[str, DatasetInfo] = {info.name: info for info in _ALL}


def load_dataset(
    name: str, seed: int = 0, n: int | None = None, noise: float | None = None, test_fraction: float = 0.2
) -> Dataset:
    """Load or draw a data set, split it, and standardize it by its training part.

    Parameters
    ----------
    name : str
        In DATASETS.
    seed : int
        Of draw, subset, noise and split: 0 to 2³²−1. Weights do not depend on it.
    n : int, optional
        Samples in all; None: 1,000 of a toy set, all of a real one.
    noise : float, optional
        Standard deviation of normal noise: on a toy set's coordinates (or, for "surface", its height); on a real
        set's features, in units of each one's own deviation. None: the set's own (DATASETS).
    test_fraction : float
        From 0 (no test part) to 0.9.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        With the argument, the rule and the value, if one makes no sense.
    """
    info = DATASETS[check_choice("name", name, DATASETS)]
    rng = stream(check_seed(seed), DATA)
    if n is not None:
        n = check_whole("n", n, MIN_SAMPLES, MAX_SAMPLES)
    noise = info.noise if noise is None else check_number("noise", noise, 0, MAX_NOISE)
    test_fraction = check_number("test_fraction", test_fraction, 0, 0.9)
    x, y = info.draw(rng, n, noise)
    order = rng.permutation(len(x))
    tested = min(round(test_fraction * len(x)), len(x) - 1)  # something is left to train on
    test, train = order[:tested], order[tested:]
    mean, std, constant = _standardization(x[train])
    x = (x - mean) / std
    x[:, list(constant)] = 0
    return Dataset(
        x=_read_only(x[train]),
        y=_read_only(y[train]),
        x_test=_read_only(x[test]) if tested else None,
        y_test=_read_only(y[test]) if tested else None,
        name=name,
        mean=mean,
        std=std,
        constant_features=constant,
    )


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.flags.writeable = False
    return array


def _standardization(x: Floats) -> tuple[Floats, Floats, tuple[int, ...]]:
    mean, std = x.mean(axis=0), x.std(axis=0)
    constant = std <= CONSTANT * np.abs(x).max(axis=0)
    return mean, np.where(constant, 1.0, std), tuple(int(column) for column in np.flatnonzero(constant))
