"""Thresholds: at which value a statistic turns into a verdict, and from which source each value is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcore.checks import check_number, check_whole
from gradcore.specs import MAX_WIDTH

MAX_THRESHOLD = 1e300


@dataclass(frozen=True)
class Thresholds:
    """Values at which a statistic turns into a verdict; `SOURCES` says where each comes from.

    Attributes
    ----------
    vanished, exploding : float
        A gradient has vanished below the one, and explodes above the other, as a ratio: rms of the first hidden
        layer's weight gradient over that of the last. If this ratio of δ is beyond a threshold, so may be another:
        largest rms of the hidden layers' weight gradients over the norm of the output's bias gradient.
    vanished_everywhere : float
        All hidden gradients have vanished below it, as the largest rms of the hidden layers' weight gradients over the
        norm of the output's bias gradient, whatever δ does.
    exploding_update : float
        Updates explode above it, as std(update)/std(weight) of some hidden layer.
    saturated, dead : float
        A hidden layer is saturated, or dead, from this share on: of units × samples if its activation is bounded, else
        of units.
    distinct_units : int
        A hidden layer is symmetric if at most so many of its units differ.

    Raises
    ------
    ValueError
        If one is not a number from 0 on (a share, from 0 to 1), with its name and value.
    """

    vanished: float = 1e-3
    vanished_everywhere: float = 1e-7
    exploding: float = 70.0
    exploding_update: float = 10.0
    saturated: float = 0.5
    dead: float = 0.5
    distinct_units: int = 1

    def __post_init__(self) -> None:
        for name in ("vanished", "vanished_everywhere", "exploding", "exploding_update"):
            check_number(name, getattr(self, name), 0, MAX_THRESHOLD)
        for name in ("saturated", "dead"):
            check_number(name, getattr(self, name), 0, 1)
        check_whole("distinct_units", self.distinct_units, 0, MAX_WIDTH)


_AUTOTRAINER = "AutoTrainer (Zhang et al., ICSE 2021)"
_SAGEMAKER = "Amazon SageMaker Debugger"

SOURCES: Mapping[str, str] = {
    "vanished": f"first/last gradient ratio of {_AUTOTRAINER}",
    "vanished_everywhere": f"default of {_SAGEMAKER}'s VanishingGradient, here against the output's bias gradient",
    "exploding": f"first/last gradient ratio of {_AUTOTRAINER}",
    "exploding_update": f"update:weight ratio, large_threshold of {_SAGEMAKER}'s WeightUpdateRatio",
    "saturated": f"half of a layer, default of {_SAGEMAKER}'s SaturatedActivation",
    "dead": f"half of a layer's units, default of {_SAGEMAKER}'s DeadRelu",
    "distinct_units": "units that compute the same count once (Goodfellow, Bengio & Courville 2016, §8.4)",
}
