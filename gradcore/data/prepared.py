"""Data as the engine reads them: checked, in the network's precision, with the input of the biases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from gradcore.data.arrays import as_inputs, as_targets, signs_of
from gradcore.data.datasets import Dataset
from gradcore.functions.accuracy import are_classes
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


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


# As long as a data set is in use, what was prepared of it.
_prepared: WeakKeyDictionary[Dataset, dict[Any, Examples]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Examples:
    """One part of the data.

    Attributes
    ----------
    x : (samples, features + 1)
        With a last column of ones.
    targets : (samples, outputs)
    signs : (samples, outputs) or None
        1 − 2t, where the loss makes use of it.
    classes : bool
        Whether the targets name classes.
    """

    x: Array
    targets: Array
    signs: Array | None
    classes: bool


def training_examples(spec: NetworkSpec, data: Data) -> Examples:
    """Return what a network trains on.

    Raises
    ------
    ValueError
        If data and network do not fit; the message says how.
    """
    return _shared(spec, data, ("x", "y"))


def test_examples(spec: NetworkSpec, data: Data) -> Examples | None:
    """Return the test part, None if there is none.

    Raises
    ------
    ValueError
        If it does not fit.
    """
    x, y = getattr(data, "x_test", None), getattr(data, "y_test", None)
    if x is None or y is None or len(x) == 0:
        return None
    return _shared(spec, data, ("x_test", "y_test"))


def _shared(spec: NetworkSpec, data: Data, names: tuple[str, str]) -> Examples:
    """Prepare a part of the data; runs on one `Dataset` share it, since nobody can write into that."""
    x, y = (getattr(data, name) for name in names)
    if not isinstance(data, Dataset) or x.flags.writeable or y.flags.writeable:
        return _examples(spec, x, y, names)
    known = _prepared.setdefault(data, {})
    key = names, spec.dtype, spec.sizes[0], spec.sizes[-1], spec.loss_name, spec.output
    if key not in known:
        known[key] = _examples(spec, x, y, names)
    return known[key]


def _examples(spec: NetworkSpec, x: Any, y: Any, names: tuple[str, str]) -> Examples:
    x, targets = as_inputs(x, spec.sizes[0]), as_targets(y, spec.sizes[-1], spec.loss_name)
    if len(x) != len(targets):
        raise ValueError(f"{' and '.join(names)} must have the same number of samples, got {len(x)} and {len(targets)}")
    rows = np.ones((len(x), spec.sizes[0] + 1), dtype=spec.dtype)
    with np.errstate(over="ignore"):  # what the dtype cannot hold becomes Inf, and the run diverges at once
        rows[:, :-1] = x
        targets = targets.astype(spec.dtype)
    rows.flags.writeable = False
    return Examples(rows, targets, signs_of(targets, spec.loss_name), are_classes(targets, spec.output))
