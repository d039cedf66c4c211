"""NetworkSpec: which network to build, with which loss, and how its weights start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from gradcore.checks import check_choice, check_flag, check_number, check_whole
from gradcore.functions.activations import ACTIVATIONS
from gradcore.functions.initializers import INITIALIZERS
from gradcore.functions.losses import LOSSES, OWN_LOSS

MAX_DEPTH = 100
MAX_WIDTH = 1024
MAX_INPUTS = 4096
MAX_GAIN = 1e6

NORMALIZATIONS = (None, "batch", "layer")
DTYPES = ("float32", "float64")


def _per_layer(value: Any, count: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,) * count


@dataclass(frozen=True)
class NetworkSpec:
    """Settings of a fully connected network, its loss and how its weights start.

    Parameters
    ----------
    sizes : tuple of int
        Units in each layer, input and output included: (64, 50, 50, 10) has two hidden layers.
        0 to 100 hidden layers of 1 to 1024 units.
    hidden : str or tuple of str
        Activation of the hidden layers: one name for all, or one name for each (see ACTIVATIONS).
    output : str
        "softmax", "sigmoid" or "identity".
    initializer : str or tuple of str
        One name for all weight layers, or one for each (see INITIALIZERS).
    gain : float, tuple of float or None
        Factor on the initializer's standard deviation, one for all weight layers or one for each; for "constant" the
        weights' value. None stands for 1, and for 0.5 with "constant". No activation changes it.
    bias_std : float
        Standard deviation of normally distributed biases. 0 leaves the initializer's own biases: 0, or PyTorch's.
    loss : str or None
        None stands for the output's own loss: "cross_entropy" for softmax, "binary_cross_entropy" for sigmoid, "mse"
        for identity. "mse" goes with any output.
    dtype : str
        "float32" or "float64".
    normalization : str or None
        "batch" or "layer" normalizes each hidden layer's pre-activation, with trained scale and shift.
    residual : bool
        Adds a hidden layer's input to its output wherever the two are of one size.

    Raises
    ------
    ValueError
        With the argument, the rule and the value, if a setting makes no sense.
    """

    sizes: tuple[int, ...]
    hidden: str | tuple[str, ...] = "sigmoid"
    output: str = "softmax"
    initializer: str | tuple[str, ...] = "xavier_normal"
    gain: float | tuple[float, ...] | None = None
    bias_std: float = 0.0
    loss: str | None = None
    dtype: str = "float64"
    normalization: str | None = None
    residual: bool = False

    def __post_init__(self) -> None:
        self._set("sizes", self._checked_sizes())
        self._set("hidden", self._checked_names("hidden", self.depth, "hidden layers", ACTIVATIONS))
        check_choice("output", self.output, OWN_LOSS)
        names = self._checked_names("initializer", self.depth + 1, "weight layers", INITIALIZERS)
        self._set("initializer", names)
        self._set("gain", self._checked_gain())
        self._set("bias_std", check_number("bias_std", self.bias_std, 0, MAX_GAIN))
        if self.loss is not None:
            check_choice("loss", self.loss, LOSSES)
        if self.loss not in (None, "mse", OWN_LOSS[self.output]):
            raise ValueError(
                f"loss must be None, 'mse' or {OWN_LOSS[self.output]!r} with output {self.output!r}, got {self.loss!r}"
            )
        check_choice("dtype", self.dtype, DTYPES)
        check_choice("normalization", self.normalization, NORMALIZATIONS)
        check_flag("residual", self.residual)
        if self.output == "softmax" and self.sizes[-1] < 2:
            raise ValueError(f"output 'softmax' needs at least 2 units in the last of sizes, got {self.sizes[-1]}")

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _checked_sizes(self) -> tuple[int, ...]:
        unordered = isinstance(self.sizes, (str, bytes, Set, Mapping))
        if unordered or not isinstance(self.sizes, Iterable):
            raise ValueError(f"sizes must be a tuple of whole numbers, got {self.sizes!r}")
        sizes = tuple(self.sizes)
        if not 2 <= len(sizes) <= MAX_DEPTH + 2:
            raise ValueError(
                f"sizes must name input, 0 to {MAX_DEPTH} hidden layers and output, got {len(sizes)} numbers"
            )
        limits = [MAX_INPUTS] + [MAX_WIDTH] * (len(sizes) - 1)
        return tuple(
            check_whole(f"sizes[{i}]", size, 1, high) for i, (size, high) in enumerate(zip(sizes, limits, strict=True))
        )

    def _checked_names(self, name: str, count: int, what: str, choices: Iterable[str]) -> str | tuple[str, ...]:
        value = getattr(self, name)
        if isinstance(value, (list, tuple)):
            if len(value) != count:
                raise ValueError(f"{name} must be one name or {count}, one for each of the {what}, got {len(value)}")
            return tuple(check_choice(f"{name}[{i}]", each, choices) for i, each in enumerate(value))
        return check_choice(name, value, choices)

    def _checked_gain(self) -> float | tuple[float, ...] | None:
        if self.gain is None:
            return None
        count = self.depth + 1
        several = isinstance(self.gain, (list, tuple))
        gains = list(self.gain) if several else [self.gain] * count  # type: ignore[arg-type]
        if len(gains) != count:
            raise ValueError(f"gain must be one number or {count}, one for each of the weight layers, got {len(gains)}")
        names = _per_layer(self.initializer, count)
        checked = tuple(
            check_number(f"gain[{i}]" if several else "gain", gain, -MAX_GAIN if name == "constant" else 0, MAX_GAIN)
            for i, (gain, name) in enumerate(zip(gains, names, strict=True))
        )
        return checked if several else checked[0]

    @property
    def depth(self) -> int:
        """Return the number of hidden layers."""
        return len(self.sizes) - 2

    @property
    def activations(self) -> tuple[str, ...]:
        """Return the names of the activations, one for each hidden layer."""
        return _per_layer(self.hidden, self.depth)

    @property
    def initializers(self) -> tuple[str, ...]:
        """Return the names of the initializers, one for each weight layer."""
        return _per_layer(self.initializer, self.depth + 1)

    @property
    def gains(self) -> tuple[float, ...]:
        """Return the gains in force, one for each weight layer."""
        given = _per_layer(self.gain, self.depth + 1)
        return tuple(
            INITIALIZERS[name].default_gain if gain is None else gain
            for gain, name in zip(given, self.initializers, strict=True)
        )

    @property
    def loss_name(self) -> str:
        """Return the name of the loss in force: `loss`, or the output's own."""
        return self.loss or OWN_LOSS[self.output]

    @property
    def skips(self) -> tuple[bool, ...]:
        """Return for each weight layer whether its input is added to its output."""
        pairs = zip(self.sizes[:-2], self.sizes[1:-1], strict=True)
        return (*(self.residual and below == here for below, here in pairs), False)

    @property
    def parameter_count(self) -> int:
        """Return the number of trained parameters: weights, biases, and normalization's scales and shifts."""
        weights = sum((below + 1) * here for below, here in zip(self.sizes[:-1], self.sizes[1:], strict=True))
        return weights + (2 * sum(self.sizes[1:-1]) if self.normalization else 0)
