"""Accuracy: whether targets are classes, and which samples are predicted correctly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


def are_classes(targets: Array, output: str) -> bool:
    """Return whether targets (samples, outputs) are one class each; a single sigmoid output has two classes."""
    if not ((targets == 0) | (targets == 1)).all():
        return False
    return output == "sigmoid" if targets.shape[1] == 1 else bool((targets.sum(axis=1) == 1).all())


def correct_share(a: Array, t: Array) -> float:
    """Return the share of samples whose class is predicted correctly; NaN if an output is not finite.

    Parameters
    ----------
    a, t : (outputs, n)
        Outputs, and targets that are classes. A single output stands for the second class above ½.
    """
    if not np.isfinite(a).all():
        return float("nan")
    return float(np.count_nonzero(are_right(a, t)) / a.shape[1])


def are_right(a: Array, t: Array) -> npt.NDArray[np.bool_]:
    """Return which samples' classes are predicted correctly, (n,) or (networks, n), as `correct_share` counts them."""
    if t.shape[-2] == 1:
        return ((a > 0.5) == (t > 0.5))[..., 0, :]
    return np.asarray(a.argmax(axis=-2) == t.argmax(axis=-2))
