"""The data sets that there are: toy sets drawn on demand, and three real ones shipped in files/ (sources there).

`load_dataset` draws the split before anything is measured; what is then measured comes from the training part only.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from gradcore.checks import check_choice, check_flag, check_number, check_seed, check_whole
from gradcore.data import toy_draws
from gradcore.data.standardization import standardize as standardized
from gradcore.data.toy_draws import Draw, Labels
from gradcore.data.training_data import Dataset, Floats
from gradcore.kernels.random_streams import DATA, stream

FOLDER = Path(__file__).parent / "files"
MIN_SAMPLES, MAX_SAMPLES = 4, 100_000
MAX_NOISE = 10.0


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
    _toy("xor", "XOR", "four quadrants, opposite ones alike", 1, "sigmoid", 0.05, toy_draws.xor),
    _toy("circles", "Circles", "a ring around a ring", 1, "sigmoid", 0.08, toy_draws.circles),
    _toy("moons", "Moons", "two half circles, interlocked", 1, "sigmoid", 0.1, toy_draws.moons),
    _toy("spirals", "Two spirals", "two arms of a spiral", 1, "sigmoid", 0.02, toy_draws.spirals),
    _toy("clouds", "Gaussian clouds", "three clouds", 3, "softmax", 0.35, toy_draws.clouds),
    _toy("surface", "Surface (regression)", "the height sin(πx₁)·cos(πx₂/2)", 1, "identity", 0.05, toy_draws.surface),
)  # fmt: skip

DATASETS: dict[str, DatasetInfo] = {info.name: info for info in _ALL}


def load_dataset(
    name: str,
    seed: int = 0,
    n: int | None = None,
    noise: float | None = None,
    test_fraction: float = 0.2,
    standardize: bool = True,
) -> Dataset:
    """Load or draw a data set, split it, and standardize its inputs by the training part.

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
    standardize : bool
        False leaves the inputs as they were published or drawn; `gc.standardize` does it later.

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
    check_flag("standardize", standardize)
    x, y = info.draw(rng, n, noise)
    order = rng.permutation(len(x))
    tested = min(round(test_fraction * len(x)), len(x) - 1)  # something is left to train on
    test, train = order[:tested], order[tested:]
    raw = Dataset(
        x=x[train],
        y=y[train],
        x_test=x[test] if tested else None,
        y_test=y[test] if tested else None,
        name=name,
        mean=np.zeros(x.shape[1]),
        std=np.ones(x.shape[1]),
    )
    return standardized(raw) if standardize else raw
