"""How the toy sets are drawn: points in the plane by a formula, with normal noise of the given deviation.

Each draw takes a generator, the number of samples (None: 1,000) and the noise, and returns x (n, 2) and y.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.data.training_data import Floats

Labels = npt.NDArray[Any]
Draw = Callable[[np.random.Generator, int | None, float], tuple[Floats, Labels]]

TOY_SAMPLES = 1000
CLOUD_CENTERS = np.array([[1.0, 0.0], [-0.5, 0.866], [-0.5, -0.866]])


def xor(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    """Return points of a square; opposite quadrants are of one class."""
    x = rng.uniform(-1, 1, (n or TOY_SAMPLES, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    return x + noise * rng.standard_normal(x.shape), y


def _classes(rng: np.random.Generator, n: int | None, count: int) -> Labels:
    return rng.permutation(np.arange(n or TOY_SAMPLES) % count)


def circles(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    """Return points of two circles around the origin, of radius 1 and 0.4."""
    y = _classes(rng, n, 2)
    angle, radius = rng.uniform(0, 2 * np.pi, len(y)), np.where(y == 0, 1.0, 0.4)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.standard_normal(x.shape), y


def moons(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    """Return points of two half circles, each reaching into the other."""
    y = _classes(rng, n, 2)
    angle = rng.uniform(0, np.pi, len(y))
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper, np.array([1.0, 0.5]) - upper)
    return x + noise * rng.standard_normal(x.shape), y


def spirals(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    """Return points of two arms of a spiral, each the other's half turn."""
    y = _classes(rng, n, 2)
    radius = np.sqrt(rng.uniform(0.01, 1, len(y)))
    angle = 3.5 * np.pi * radius + np.pi * y
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.standard_normal(x.shape), y


def clouds(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    """Return points around the corners of a triangle; all of the scatter is noise."""
    y = _classes(rng, n, len(CLOUD_CENTERS))
    return CLOUD_CENTERS[y] + noise * rng.standard_normal((len(y), 2)), y


def surface(rng: np.random.Generator, n: int | None, noise: float) -> tuple[Floats, Labels]:
    """Return points of a square and the height over each, with the noise on the height."""
    x = rng.uniform(-1, 1, (n or TOY_SAMPLES, 2))
    height = np.sin(np.pi * x[:, 0]) * np.cos(0.5 * np.pi * x[:, 1])
    return x, (height + noise * rng.standard_normal(len(x)))[:, None]
