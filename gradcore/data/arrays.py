"""The door for arrays from outside: inputs and targets are checked, and refused in words that say why."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.checks import shown
from gradcore.functions.losses import LOSSES

Array = npt.NDArray[np.floating[Any]]


def as_numbers(values: Any, name: str) -> npt.NDArray[Any]:
    """Return values as an array of numbers, of their own type and shape; an array is not copied.

    Parameters
    ----------
    values : array-like
    name : str
        What a refusal calls them.

    Raises
    ------
    ValueError
        If they are no array, or not of real numbers.
    """
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RuntimeError) as refusal:  # lists of several lengths; a tensor that needs gradients
        raise ValueError(f"{name} must be an array of numbers, got {shown(values)} ({refusal})") from refusal
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be numbers, got an array of {array.dtype}")
    return array


def check_finite(array: npt.NDArray[Any], name: str) -> None:
    """Refuse an array that holds NaN or infinity.

    Raises
    ------
    ValueError
        If it does.
    """
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")


def check_same_length(x: npt.NDArray[Any], y: npt.NDArray[Any], names: tuple[str, str]) -> None:
    """Refuse inputs and targets of different numbers of samples.

    Raises
    ------
    ValueError
        If their numbers differ.
    """
    if len(x) != len(y):
        raise ValueError(f"{' and '.join(names)} must have the same number of samples, got {len(x)} and {len(y)}")


def as_inputs(x: Any, features: int | None, name: str = "x") -> Array:
    """Return x as a float array (n, features).

    Parameters
    ----------
    x : array-like
    features : int or None
        Columns; None: any number, at least 1.
    name : str
        What a refusal calls it.

    Raises
    ------
    ValueError
        If it has another shape, no sample, or entries that are not finite numbers.
    """
    x = as_numbers(x, name)
    if x.ndim != 2 or x.shape[1] != (features or x.shape[1]) or x.size == 0:
        raise ValueError(f"{name} must have shape (n, {features or 'features'}) with n at least 1, got {x.shape}")
    check_finite(x, name)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def as_targets(y: Any, outputs: int, loss: str, name: str = "y") -> Array:
    """Turn y into targets, one row a sample.

    Parameters
    ----------
    y : array-like
        Class numbers (n,), or targets (n, outputs).
    outputs : int
        Units in the output layer. Class numbers become one-hot if there are several; with one output, a vector
        (n,) is the targets themselves.
    loss : str
        Name in LOSSES. Cross-entropies need targets that are probabilities.
    name : str
        What a refusal calls it.

    Returns
    -------
    (n, outputs) float64

    Raises
    ------
    ValueError
        If y's shape, type or values do not fit; the message says which.
    """
    y = as_numbers(y, name)
    if y.ndim == 1 and outputs > 1:
        targets = _one_hot(y, outputs, name)
    elif y.ndim == 1:
        targets = y[:, None].astype(np.float64)
    elif y.ndim == 2 and y.shape[1] == outputs:
        targets = y.astype(np.float64)
    else:
        raise ValueError(f"{name} must have shape (n,) or (n, {outputs}), one column for each output, got {y.shape}")
    check_finite(targets, name)
    if loss != "mse" and targets.size and (targets.min() < 0 or targets.max() > 1):
        raise ValueError(
            f"{name} must lie between 0 and 1 for loss {loss!r}, got values from {targets.min():g} to {targets.max():g}"
        )
    if loss == "cross_entropy":
        _check_sums(targets.sum(axis=1), name)
    return targets


def _check_sums(sums: Array, name: str) -> None:
    wrong = sums[np.abs(sums - 1) > 1e-6]
    if wrong.size:
        raise ValueError(
            f"{name} must be probabilities that sum to 1 in each row for loss 'cross_entropy', got a row that sums to "
            f"{wrong[0]:g}"
        )


def _one_hot(y: npt.NDArray[Any], outputs: int, name: str) -> Array:
    if y.dtype.kind == "f" and not (np.isfinite(y).all() and (y == np.floor(y)).all()):
        raise ValueError(f"{name} must be class numbers 0 to {outputs - 1} or have {outputs} columns, got fractions")
    if y.size and not (y.min() >= 0 and y.max() < outputs):
        raise ValueError(f"{name} must be class numbers from 0 to {outputs - 1}, got {y.min()} to {y.max()}")
    classes = y.astype(np.int64)
    targets = np.zeros((len(classes), outputs))
    targets[np.arange(len(classes)), classes] = 1
    return targets


def signs_of(targets: Array, loss: str) -> Array | None:
    """Return 1 − 2t where the loss makes use of it (`Loss.hard`) and all targets are 0 or 1, else None."""
    if LOSSES[loss].hard is None or not ((targets == 0) | (targets == 1)).all():
        return None
    return 1 - 2 * targets
