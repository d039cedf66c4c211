"""Statistics in, verdicts out. All thresholds live here, each with its source; the words are in verdicts.py.

Vanishing and exploding are judged on the weight gradient's root mean square, first hidden layer against last. δ
itself can shrink while the weight gradients stay even (Glorot & Bengio 2010, fig. 8): then the sentence says so.
Even gradients may all be lost, or all be huge, if the signal fades or grows on its way forward as δ does on its way
back; so where δ does, they are also held against the output's bias gradient, which has crossed no layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.checks import check_number, check_whole
from gradcore.diagnosis import verdicts
from gradcore.diagnosis.evidence import Evidence, Mask
from gradcore.diagnosis.verdicts import Layers, Verdict
from gradcore.functions.activations import ACTIVATIONS
from gradcore.records.recording import StepRecord
from gradcore.specs import MAX_WIDTH, NetworkSpec

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
        Weight gradient's rms of the first hidden layer over the last's: below, above. Also, if that ratio of δ is
        beyond it: largest rms of the hidden layers over the norm of the output's bias gradient.
    vanished_everywhere : float
        Largest rms of the hidden layers over the norm of the output's bias gradient, whatever δ does: below.
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
    judge = _Judge(Evidence(window, spec, weights, WINDOW, BOUNDED_SPREAD), limits)
    findings = (judge.symmetric(), judge.dead(), judge.exploding(), judge.vanished(), judge.saturated())
    return [finding for finding in findings if finding is not None] or [judge.healthy()]


class _Judge:
    """Holds the evidence against the thresholds, one rule a method."""

    def __init__(self, evidence: Evidence, limits: Thresholds) -> None:
        self.evidence, self.limits = evidence, limits
        self.last = evidence.depth - 1
        self.any_bounded = bool(evidence.bounded.any())

    @property
    def activation(self) -> str:
        """The hidden activations in words."""
        if self.evidence.spec is None:
            return "the activation"
        return "/".join(dict.fromkeys(ACTIVATIONS[name].label for name in self.evidence.spec.activations))

    def symmetric(self) -> Verdict | None:
        """Judge whether all units of some hidden layer compute the same."""
        layers = _where(self.evidence.symmetric(self.limits.distinct_units))
        # Above dead units nothing arrives that could tell units apart: that is the dead layer's doing.
        if not layers or min(self._dead_layers(), default=self.evidence.depth) < layers[0]:
            return None
        counts = self.evidence.counts or []
        least = min(counts[layer] for layer in layers)
        return verdicts.symmetric(layers, least, self.limits.distinct_units, self.any_bounded)

    def _dead_layers(self) -> Layers:
        shares = self.evidence.stats.dead_fraction[: self.evidence.depth]
        return _where((shares >= self.limits.dead) & ~self.evidence.bounded)

    def dead(self) -> Verdict | None:
        """Judge whether half of the units of some one-sided layer let nothing through."""
        shares, layers = self.evidence.stats.dead_fraction, self._dead_layers()
        if not layers:
            return None
        worst = max(layers, key=lambda layer: float(shares[layer]))
        return verdicts.dead(layers, worst, float(shares[worst]), self.limits.dead, self.activation)

    def _saturated_layers(self) -> Layers:
        shares = self.evidence.stats.saturated_fraction[: self.evidence.depth]
        return _where((shares >= self.limits.saturated) & self.evidence.bounded)

    def saturated(self) -> Verdict | None:
        """Judge whether half of some bounded layer is on its flat ends."""
        shares, layers = self.evidence.stats.saturated_fraction, self._saturated_layers()
        if not layers:
            return None
        worst = max(layers, key=lambda layer: float(shares[layer]))
        return verdicts.saturated(layers, worst, float(shares[worst]), self.limits.saturated, self.activation)

    def exploding(self) -> Verdict | None:
        """Judge whether the gradient grows towards the input, or in all layers alike, or the updates dwarf weights."""
        seen, limit = self.evidence, self.limits.exploding
        if seen.ratio > limit:
            layers = _where(seen.ratios > limit)
            return verdicts.exploding(layers, self.last, seen.ratio, limit, seen.delta, self.any_bounded)
        if seen.share > limit and seen.delta > limit:
            return verdicts.exploding_everywhere(seen.share, limit, seen, self.any_bounded)
        updates = np.where(np.isfinite(seen.updates), seen.updates, 0)  # equal weights have no spread to compare with
        limit = self.limits.exploding_update
        layers = _where(updates > limit)
        if not layers:
            return None
        worst = max(layers, key=lambda layer: float(updates[layer]))
        return verdicts.exploding_update(layers, worst, float(updates[worst]), limit, seen.delta, self.any_bounded)

    def vanished(self) -> Verdict | None:
        """Judge whether the gradient is lost towards the input, or in all hidden layers alike."""
        seen, limit = self.evidence, self.limits.vanished
        if seen.ratio < limit:
            layers = _where(seen.ratios < limit)
            return verdicts.vanished(layers, self.last, seen.ratio, limit, seen.delta, self._cause())
        if not seen.delta < limit:
            limit = self.limits.vanished_everywhere
        return verdicts.vanished_everywhere(seen.share, limit, seen, self.any_bounded) if seen.share < limit else None

    def healthy(self) -> Verdict:
        """Say that nothing is wrong, and whether δ says so too."""
        seen = self.evidence
        agrees = not (seen.delta < self.limits.vanished or seen.delta > self.limits.exploding)
        return verdicts.healthy(self.last, seen.ratio, self.limits.vanished, seen.delta, agrees)

    def _cause(self) -> str:
        spec = self.evidence.spec
        if spec is not None and set(spec.activations) == {"sigmoid"}:
            return "Each sigmoid layer lets at most a quarter of the gradient through."
        if self._saturated_layers():
            return f"Layers are saturated: on the flat ends of {self.activation} next to no slope is left."
        return "Each layer multiplies the gradient by less than 1 on its way to the input."


def _where(mask: Mask) -> Layers:
    return tuple(int(layer) for layer in np.flatnonzero(mask))
