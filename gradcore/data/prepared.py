"""Data as the engine reads them: checked, in the network's precision, with the input of the biases."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from gradcore.data.arrays import as_inputs, as_targets, check_same_length, signs_of
from gradcore.data.training_data import Data, Dataset, check_data, test_part
from gradcore.functions.accuracy import are_classes
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


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
    check_data(data)
    return _shared(spec, data, data.x, data.y, ("x", "y"))


def test_examples(spec: NetworkSpec, data: Data) -> Examples | None:
    """Return the test part, None if there is none.

    Raises
    ------
    ValueError
        If it does not fit.
    """
    part = test_part(data)
    return None if part is None else _shared(spec, data, *part, ("x_test", "y_test"))


def examples_key(spec: NetworkSpec) -> Hashable:
    """Return what examples depend on: networks with the same key read the same data alike."""
    return spec.dtype, spec.sizes[0], spec.sizes[-1], spec.loss_name, spec.output


def _shared(spec: NetworkSpec, data: Data, x: Any, y: Any, names: tuple[str, str]) -> Examples:
    """Prepare a part of the data; runs on one `Dataset` share it, since nobody can write into that."""
    if not isinstance(data, Dataset) or x.flags.writeable or y.flags.writeable:
        return _examples(spec, x, y, names)
    known = _prepared.setdefault(data, {})
    key = names, examples_key(spec)
    if key not in known:
        known[key] = _examples(spec, x, y, names)
    return known[key]


def _examples(spec: NetworkSpec, x: Any, y: Any, names: tuple[str, str]) -> Examples:
    x, targets = as_inputs(x, spec.sizes[0], names[0]), as_targets(y, spec.sizes[-1], spec.loss_name, names[1])
    check_same_length(x, targets, names)
    rows = np.ones((len(x), spec.sizes[0] + 1), dtype=spec.dtype)
    with np.errstate(over="ignore"):  # what the dtype cannot hold becomes Inf, and the run diverges at once
        rows[:, :-1] = x
        targets = targets.astype(spec.dtype)
    rows.flags.writeable = False
    return Examples(rows, targets, signs_of(targets, spec.loss_name), are_classes(targets, spec.output))
