"""The door for arrays from outside: inputs and targets are checked, and refused in words that say why."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.losses import LOSSES

Array = npt.NDArray[np.floating[Any]]


def as_inputs(x: Any, features: int) -> Array:
    """Return x as a float array (n, features).

    Raises
    ------
    ValueError
        If it has another shape, no sample, or entries that are not finite numbers.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "biuf":
        raise ValueError(f"x must be numbers, got an array of {x.dtype}")
    if x.ndim != 2 or x.shape[1] != features or len(x) == 0:
        raise ValueError(f"x must have shape (n, {features}) with n at least 1, got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError("x must be finite, got NaN or infinity")
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def as_targets(y: Any, outputs: int, loss: str) -> Array:
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

    Returns
    -------
    (n, outputs) float64

    Raises
    ------
    ValueError
        If y's shape, type or values do not fit; the message says which.
    """
    y = np.asarray(y)
    if y.dtype.kind not in "biuf":
        raise ValueError(f"y must be numbers, got an array of {y.dtype}")
    if y.ndim == 1 and outputs > 1:
        targets = _one_hot(y, outputs)
    elif y.ndim == 1:
        targets = y[:, None].astype(np.float64)
    elif y.ndim == 2 and y.shape[1] == outputs:
        targets = y.astype(np.float64)
    else:
        raise ValueError(f"y must have shape (n,) or (n, {outputs}), one column for each output, got {y.shape}")
    if not np.isfinite(targets).all():
        raise ValueError("y must be finite, got NaN or infinity")
    if loss != "mse" and targets.size and (targets.min() < 0 or targets.max() > 1):
        raise ValueError(
            f"y must lie between 0 and 1 for loss {loss!r}, got values from {targets.min():g} to {targets.max():g}"
        )
    if loss == "cross_entropy" and not np.allclose(targets.sum(axis=1), 1, rtol=0, atol=1e-6):
        raise ValueError("y must be probabilities that sum to 1 in each row for loss 'cross_entropy'")
    return targets


def _one_hot(y: npt.NDArray[Any], outputs: int) -> Array:
    if y.dtype.kind == "f" and not (np.isfinite(y).all() and (y == np.floor(y)).all()):
        raise ValueError(f"y must be class numbers 0 to {outputs - 1} or have {outputs} columns, got fractions")
    if y.size and not (y.min() >= 0 and y.max() < outputs):
        raise ValueError(f"y must be class numbers from 0 to {outputs - 1}, got {y.min()} to {y.max()}")
    classes = y.astype(np.int64)
    targets = np.zeros((len(classes), outputs))
    targets[np.arange(len(classes)), classes] = 1
    return targets


def signs_of(targets: Array, loss: str) -> Array | None:
    """Return 1 − 2t where the loss makes use of it (`Loss.hard`) and all targets are 0 or 1, else None."""
    if LOSSES[loss].hard is None or not ((targets == 0) | (targets == 1)).all():
        return None
    return 1 - 2 * targets
