"""What can be trained on: any object with inputs, targets and a name, and the engine's own, which runs share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gradcore.checks import shown
from gradcore.data.arrays import as_numbers

Floats = npt.NDArray[np.float64]

NEEDED = ("x", "y", "name")
# A feature varies if its deviation is above this part of its largest magnitude; rounding alone makes less.
CONSTANT = 1e-7


class Data(Protocol):
    """What can be trained on: inputs x (n, features), targets y (class numbers (n,) or (n, outputs)), a name.

    With x_test and y_test, records carry test loss and accuracy.
    """

    @property
    def x(self) -> Any:
        """Inputs (n, features)."""

    @property
    def y(self) -> Any:
        """Class numbers (n,) or targets (n, outputs)."""

    @property
    def name(self) -> str:
        """What it is called."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set with what is needed to undo its standardization; it holds copies that nobody can write into.

    Attributes
    ----------
    x, x_test : (n, features)
        Inputs, raw or standardized by the training part's mean and deviation; x_test is None without a test part.
    y, y_test : (n,) of class numbers, or (n, outputs) of targets
    name : str
    mean, std : (features,)
        Of the raw training part: raw = x · std + mean. std is 1 for constant features, mean 0 and std 1 of raw inputs.
    """

    x: Floats
    y: npt.NDArray[Any]
    x_test: Floats | None
    y_test: npt.NDArray[Any] | None
    name: str
    mean: Floats
    std: Floats

    def __post_init__(self) -> None:
        for name in ("x", "y", "x_test", "y_test"):
            if getattr(self, name) is not None:
                part = as_numbers(getattr(self, name), name).copy()
                part.flags.writeable = False
                object.__setattr__(self, name, part)

    @property
    def constant_features(self) -> tuple[int, ...]:
        """Columns that do not vary in the training part; once standardized they are 0."""
        return tuple(int(column) for column in np.flatnonzero(are_constant(self.x)))


def are_constant(columns: Floats) -> npt.NDArray[np.bool_]:
    """Return which columns do not vary by more than rounding does."""
    constant: npt.NDArray[np.bool_] = columns.std(axis=0) <= CONSTANT * np.abs(columns).max(axis=0)
    return constant


def check_data(data: Any) -> None:
    """Refuse what has not all that data need.

    Raises
    ------
    ValueError
        If x, y or name is missing.
    """
    missing = [name for name in NEEDED if not hasattr(data, name)]
    if missing:
        raise ValueError(f"data must have x, y and name, got no {' and no '.join(missing)} in {shown(data)}")


def test_part(data: Data) -> tuple[npt.NDArray[Any], npt.NDArray[Any]] | None:
    """Return x_test and y_test, None if one is missing or there is no sample.

    Raises
    ------
    ValueError
        If they are not numbers.
    """
    x, y = getattr(data, "x_test", None), getattr(data, "y_test", None)
    if x is None or y is None:
        return None
    x, y = as_numbers(x, "x_test"), as_numbers(y, "y_test")
    return None if x.ndim and len(x) == 0 else (x, y)
