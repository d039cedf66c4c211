"""Standardizing: every column to mean 0 and deviation 1, as measured on the training part alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.checks import check_flag
from gradcore.data.arrays import as_inputs, as_numbers, check_finite, check_same_length
from gradcore.data.training_data import Data, Dataset, Floats, are_constant, check_data, test_part

# Up to here squares and quotients by the smallest deviations that are told from 0 stay finite in float64.
LARGEST = 1e140


def standardize(data: Data, inputs: bool = True, targets: bool = False) -> Dataset:
    """Return data with each column shifted to mean 0 and scaled to deviation 1 over the training part.

    The test part is shifted and scaled by the training part's measures. A column that is constant in the training part
    is divided by 1, and 0 in both.

    Parameters
    ----------
    data : Data
        Any object with x, y and name; x_test and y_test may be missing. It is not changed.
    inputs : bool
        Whether x (n, features) is standardized.
    targets : bool
        Whether y, (n,) or (n, outputs), is: numbers to be predicted, not class numbers.

    Returns
    -------
    Dataset
        Its mean and std (features,) lead back to the raw inputs, also where data are a Dataset that was standardized.

    Raises
    ------
    ValueError
        With the argument, the rule and the value, if data or a flag make no sense.
    """
    check_data(data)
    check_flag("inputs", inputs)
    check_flag("targets", targets)
    x, y = _checked(data.x, data.y, ("x", "y"), None)
    test = test_part(data)
    x_test, y_test = (None, None) if test is None else _checked(*test, ("x_test", "y_test"), x.shape[1])
    if y_test is not None and y_test.shape[1:] != y.shape[1:]:
        raise ValueError(f"y_test must have as many columns as y, got shapes {y_test.shape} and {y.shape}")
    mean, std = np.zeros(x.shape[1]), np.ones(x.shape[1])
    if isinstance(data, Dataset):
        mean, std = data.mean, data.std
    if inputs:
        own_mean, own_std, constant = _measures(x, "x")
        x = _scaled(x, own_mean, own_std, constant, "x")
        x_test = None if x_test is None else _scaled(x_test, own_mean, own_std, constant, "x_test")
        mean, std = own_mean * std + mean, own_std * std
    if targets:
        measures = _measures(y, "y")
        y = _scaled(y, *measures, "y")
        y_test = None if y_test is None else _scaled(y_test, *measures, "y_test")
    return Dataset(x, y, x_test, y_test, data.name, mean, std)


def _checked(x: Any, y: Any, names: tuple[str, str], features: int | None) -> tuple[Floats, npt.NDArray[Any]]:
    x, y = as_inputs(x, features, names[0]), as_numbers(y, names[1])
    if y.ndim not in (1, 2):
        raise ValueError(f"{names[1]} must have shape (n,) or (n, outputs), got {y.shape}")
    check_finite(y, names[1])
    check_same_length(x, y, names)
    return x.astype(np.float64), y


def _measures(part: npt.NDArray[Any], name: str) -> tuple[Any, Any, Any]:
    """Return mean, deviation (1 where it is constant) and what is constant of each column."""
    _check_size(part, name)
    constant = are_constant(part)
    return part.mean(axis=0), np.where(constant, 1.0, part.std(axis=0)), constant


def _scaled(part: npt.NDArray[Any], mean: Any, std: Any, constant: Any, name: str) -> Floats:
    _check_size(part, name)
    return np.where(constant, 0.0, (part - mean) / std)


def _check_size(part: npt.NDArray[Any], name: str) -> None:
    largest = np.abs(part).max()
    if largest > LARGEST:
        raise ValueError(f"{name} must be within ±{LARGEST:g} to be standardized, got {largest:g} in size")
