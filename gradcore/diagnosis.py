"""Statistics in, verdicts out. All thresholds live here, each with its source; the words are in verdicts.py.

Vanishing and exploding are judged on the weight gradient's root mean square, first hidden layer against last. δ
itself can shrink while the weight gradients stay even (Glorot & Bengio 2010, fig. 8): then the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore import verdicts
from gradcore.activations import ACTIVATIONS
from gradcore.checks import check_number, check_whole
from gradcore.recording import StepRecord
from gradcore.specs import MAX_WIDTH, NetworkSpec
from gradcore.verdicts import Layers, Verdict

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Ratios are judged by their median over so many of the latest records, so that one odd batch does not flip a verdict.
WINDOW = 10
# Without a spec, a layer's activation counts as bounded if the pre-activations spread this much wider than the
# activations; for a ReLU at a normal z the factor is 1.7.
BOUNDED_SPREAD = 3.0
MAX_THRESHOLD = 1e300


@dataclass(frozen=True)
class Thresholds:
    """Where a statistic turns into a verdict; `SOURCES` says where each comes from.

    Attributes
    ----------
    vanished, exploding : float
        Weight gradient's rms of the first hidden layer over the last's: below, above.
    vanished_everywhere : float
        Largest rms of the hidden layers over the norm of the output's bias gradient: below.
    exploding_update : float
        std(update)/std(weight) of some hidden layer: above.
    saturated, dead : float
        Share of some hidden layer: at or above; of units × samples if φ is bounded, else of units.
    distinct_units : int
        Units of a hidden layer that differ: at or below.

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


def diagnose(
    records: StepRecord | Sequence[StepRecord],
    spec: NetworkSpec | None = None,
    weights: Sequence[npt.NDArray[Any]] | None = None,
    thresholds: Thresholds | None = None,
) -> list[Verdict]:
    """Judge a run by its latest records.

    Parameters
    ----------
    records : StepRecord or sequence of StepRecord
        In order; ratios are medians over the last ten.
    spec : NetworkSpec, optional
        Lets the sentences name the activation and the fix fit it.
    weights : sequence of (fan_out, fan_in), optional
        Shows symmetric units where the records have no count of distinct units.
    thresholds : Thresholds, optional

    Returns
    -------
    list of Verdict
        The gravest first; a single "healthy" if nothing is wrong.

    Raises
    ------
    ValueError
        If there is no record.
    """
    window = [records] if isinstance(records, StepRecord) else list(records)
    if not window:
        raise ValueError("records must hold at least one record, got none")
    limits = thresholds or Thresholds()
    last = window[-1]
    if last.diverged:
        return [verdicts.diverged(last.step, last.diverged_layer or 0, last.diverged_in or "loss")]
    if len(last.stats.grad_rms) == 1:
        return [verdicts.no_hidden_layer(limits.vanished)]
    judge = _Judge(window, spec, weights, limits)
    findings = (judge.symmetric(), judge.dead(), judge.exploding(), judge.vanished(), judge.saturated())
    return [finding for finding in findings if finding is not None] or [judge.healthy()]


class _Judge:
    """Holds the numbers of the latest records against the thresholds, one rule a method."""

    def __init__(
        self,
        records: Sequence[StepRecord],
        spec: NetworkSpec | None,
        weights: Sequence[npt.NDArray[Any]] | None,
        limits: Thresholds,
    ) -> None:
        self.spec, self.weights, self.limits = spec, weights, limits
        window = records[-WINDOW:]
        self.stats = window[-1].stats
        self.depth = len(self.stats.grad_rms) - 1
        self.last = self.depth - 1
        self.rms = np.stack([record.stats.grad_rms[: self.depth] for record in window])
        self.update = np.stack([record.stats.update_ratio[: self.depth] for record in window])
        self.output_error = np.array([record.stats.bias_grad_norm[-1] for record in window])
        self.ratio = _first_to_last(self.rms)
        self.delta = _first_to_last(np.stack([record.stats.delta_rms[: self.depth] for record in window]))
        counts = (record.stats.distinct_units for record in reversed(records))
        self.distinct = next((count for count in counts if count is not None), None)
        self.bounded = self._bounded()

    def _bounded(self) -> Mask:
        """Return for each hidden layer whether its activation flattens on both sides."""
        if self.spec is not None:
            rules = [ACTIVATIONS[name].saturation for name in self.spec.activations]
            return np.array([np.isfinite(rule).all() for rule in rules], dtype=bool)
        spread, mean = self.stats.activation_std[: self.depth], self.stats.activation_mean[: self.depth]
        silent = (spread == 0) & (mean == 0)  # a ReLU that answers nothing; a flat end would have a mean
        return np.asarray((self.stats.pre_activation_std[: self.depth] > BOUNDED_SPREAD * spread) & ~silent, dtype=bool)

    @property
    def activation(self) -> str:
        """The hidden activations in words."""
        if self.spec is None:
            return "the activation"
        return "/".join(dict.fromkeys(ACTIVATIONS[name].label for name in self.spec.activations))

    def symmetric(self) -> Verdict | None:
        """Judge whether all units of some hidden layer compute the same."""
        if self.distinct is not None:
            counts = self.distinct[: self.depth]
        elif self.weights is not None:
            counts = np.array([len(np.unique(weight, axis=0)) for weight in self.weights[: self.depth]])
        else:
            return None
        limit = self.limits.distinct_units
        if self.spec is not None:
            widths = list(self.spec.sizes[1:-1])
        elif self.weights is not None:
            widths = [len(weight) for weight in self.weights[: self.depth]]
        else:
            widths = [limit + 1] * self.depth  # unknown: taken for more than one
        layers = _where(np.array([count <= limit < width for count, width in zip(counts, widths, strict=True)]))
        if not layers:
            return None
        return verdicts.symmetric(layers, int(min(counts[list(layers)])), limit, bool(self.bounded.any()))

    def dead(self) -> Verdict | None:
        """Judge whether half of the units of some one-sided layer let nothing through."""
        shares = self.stats.dead_fraction[: self.depth]
        layers = _where((shares >= self.limits.dead) & ~self.bounded)
        if not layers:
            return None
        worst = max(layers, key=lambda layer: float(shares[layer]))
        return verdicts.dead(layers, worst, float(shares[worst]), self.limits.dead, self.activation)

    def saturated(self) -> Verdict | None:
        """Judge whether half of some bounded layer is on its flat ends."""
        shares = self.stats.saturated_fraction[: self.depth]
        layers = _where((shares >= self.limits.saturated) & self.bounded)
        if not layers:
            return None
        worst = max(layers, key=lambda layer: float(shares[layer]))
        return verdicts.saturated(layers, worst, float(shares[worst]), self.limits.saturated, self.activation)

    def exploding(self) -> Verdict | None:
        """Judge whether the gradient grows towards the input, or the updates dwarf the weights."""
        bounded = bool(self.bounded.any())
        limit = self.limits.exploding
        if self.ratio > limit:
            layers = self._layers_whose_ratio(lambda ratios: ratios > limit)
            return verdicts.exploding(layers, self.last, self.ratio, limit, self.delta, bounded)
        updates = np.median(self.update, axis=0)
        updates = np.where(np.isfinite(updates), updates, 0)  # equal weights have no spread to compare with
        limit = self.limits.exploding_update
        layers = _where(updates > limit)
        if not layers:
            return None
        worst = max(layers, key=lambda layer: float(updates[layer]))
        return verdicts.exploding_update(layers, worst, float(updates[worst]), limit, self.delta, bounded)

    def vanished(self) -> Verdict | None:
        """Judge whether the gradient is lost towards the input, or in all hidden layers alike."""
        limit = self.limits.vanished
        if self.ratio < limit:
            layers = self._layers_whose_ratio(lambda ratios: ratios < limit)
            return verdicts.vanished(layers, self.last, self.ratio, limit, self.delta, self._cause())
        error = float(np.median(self.output_error))
        share = float(np.median(self.rms.max(axis=1))) / error if error else float("nan")
        limit = self.limits.vanished_everywhere
        if share < limit:
            layers = tuple(range(self.depth))
            return verdicts.vanished_everywhere(layers, share, limit, bool(self.bounded.any()))
        return None

    def healthy(self) -> Verdict:
        """Say that nothing is wrong, and whether δ says so too."""
        agrees = not (self.delta < self.limits.vanished or self.delta > self.limits.exploding)
        return verdicts.healthy(self.last, self.ratio, self.limits.vanished, self.delta, agrees)

    def _layers_whose_ratio(self, rule: Callable[[Vector], Mask]) -> Layers:
        """Return the hidden layers whose median ratio to the last one fulfils the rule."""
        with np.errstate(all="ignore"):
            ratios = self.rms / self.rms[:, -1:]
        return _where(rule(np.array([_median(layer) for layer in ratios.T])))

    def _cause(self) -> str:
        if self.spec is not None and set(self.spec.activations) == {"sigmoid"}:
            return "Each sigmoid layer lets at most a quarter of the gradient through."
        if self.saturated() is not None:
            return f"Layers are saturated: on the flat ends of {self.activation} next to no slope is left."
        return "Each layer multiplies the gradient by less than 1 on its way to the input."


def _first_to_last(values: Vector) -> float:
    """Return the median over records of first to last layer; 0 and Inf are what they are, NaN for 0/0."""
    with np.errstate(all="ignore"):
        ratios = values[:, 0] / values[:, -1]
    return _median(ratios)


def _median(values: Vector) -> float:
    """Return the median of what is a number, NaN if nothing is."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _where(mask: Mask) -> Layers:
    return tuple(int(layer) for layer in np.flatnonzero(mask))
