"""The rules by which records turn into verdicts. Their thresholds are in thresholds.py, their words in verdicts.py.

Vanishing and exploding are judged by the root mean square of the weight gradient, first hidden layer against last. δ
itself can shrink while the weight gradients stay even (Glorot & Bengio 2010, fig. 8): then the verdict's words say so.
Even gradients may all be lost, or all be huge, if the signal shrinks or grows on its way forward as δ does on its way
back. So where δ does, the weight gradients are also held against the output's bias gradient, which crossed no layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.diagnosis import verdicts
from gradcore.diagnosis.evidence import Evidence, Mask
from gradcore.diagnosis.thresholds import Thresholds
from gradcore.diagnosis.verdicts import Layers, Verdict
from gradcore.functions.activations import ACTIVATIONS
from gradcore.records.recording import StepRecord
from gradcore.specs import NetworkSpec


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
    history = [records] if isinstance(records, StepRecord) else list(records)
    if not history:
        raise ValueError("records must hold at least one record, got none")
    limits = thresholds or Thresholds()
    last = history[-1]
    if last.diverged:
        return [verdicts.diverged(last.step, last.diverged_layer or 0, last.diverged_in or "loss")]
    if len(last.stats.grad_rms) == 1:
        return [verdicts.no_hidden_layer(limits.vanished)]
    judge = _Judge(Evidence(history, spec, weights), limits)
    findings = (judge.symmetric(), judge.dead(), judge.exploding(), judge.vanished(), judge.saturated())
    return [finding for finding in findings if finding is not None] or [judge.healthy()]


class _Judge:
    """Holds the evidence against the thresholds, one rule a method."""

    def __init__(self, evidence: Evidence, limits: Thresholds) -> None:
        self.evidence, self.limits = evidence, limits

    def _dead_layers(self) -> Layers:
        shares = self.evidence.stats.dead_fraction[: self.evidence.depth]
        return _layers((shares >= self.limits.dead) & ~self.evidence.bounded)

    def _saturated_layers(self) -> Layers:
        shares = self.evidence.stats.saturated_fraction[: self.evidence.depth]
        return _layers((shares >= self.limits.saturated) & self.evidence.bounded)

    def symmetric(self) -> Verdict | None:
        """Judge whether all units of some hidden layer compute the same."""
        evidence, limit = self.evidence, self.limits.distinct_units
        layers = _layers(evidence.symmetric(limit))
        # Dead units hand nothing up that could tell the units above them apart: then the dead layer is to blame.
        if not layers or min(self._dead_layers(), default=evidence.depth) < layers[0]:
            return None
        counts = evidence.distinct_units or []
        return verdicts.symmetric(layers, min(counts[layer] for layer in layers), limit, evidence)

    def dead(self) -> Verdict | None:
        """Judge whether half of the units of some one-sided layer let nothing through."""
        shares, layers = self.evidence.stats.dead_fraction, self._dead_layers()
        return verdicts.dead(layers, shares, self.limits.dead, self._activation()) if layers else None

    def saturated(self) -> Verdict | None:
        """Judge whether half of some bounded layer is on its flat ends."""
        shares, layers = self.evidence.stats.saturated_fraction, self._saturated_layers()
        return verdicts.saturated(layers, shares, self.limits.saturated, self._activation()) if layers else None

    def exploding(self) -> Verdict | None:
        """Judge whether the gradient grows towards the input, or in all layers alike, or the updates dwarf weights."""
        evidence, limit = self.evidence, self.limits.exploding
        if evidence.gradient_ratio > limit:
            return verdicts.exploding(_layers(evidence.gradient_ratios > limit), limit, evidence)
        if evidence.output_bias_ratio > limit and evidence.delta_ratio > limit:
            return verdicts.exploding_everywhere(limit, evidence)
        # A layer of equal weights, whose deviation is 0, has an infinite ratio: nothing to compare its update with.
        updates = np.where(np.isfinite(evidence.update_ratios), evidence.update_ratios, 0)
        limit = self.limits.exploding_update
        layers = _layers(updates > limit)
        return verdicts.exploding_update(layers, updates, limit, evidence) if layers else None

    def vanished(self) -> Verdict | None:
        """Judge whether the gradient is lost towards the input, or in all hidden layers alike."""
        evidence, limit = self.evidence, self.limits.vanished
        if evidence.gradient_ratio < limit:
            return verdicts.vanished(_layers(evidence.gradient_ratios < limit), limit, evidence, self._cause())
        if not evidence.delta_ratio < limit:
            limit = self.limits.vanished_everywhere
        return verdicts.vanished_everywhere(limit, evidence) if evidence.output_bias_ratio < limit else None

    def healthy(self) -> Verdict:
        """Say that nothing is wrong, and whether δ says so too."""
        delta_agrees = not (
            self.evidence.delta_ratio < self.limits.vanished or self.evidence.delta_ratio > self.limits.exploding
        )
        return verdicts.healthy(self.limits.vanished, self.evidence, delta_agrees)

    def _activation(self) -> str:
        """Return the hidden activations in words."""
        if self.evidence.spec is None:
            return "the activation"
        return "/".join(dict.fromkeys(ACTIVATIONS[name].label for name in self.evidence.spec.activations))

    def _cause(self) -> str:
        """Return in a sentence why the gradient shrinks towards the input."""
        spec = self.evidence.spec
        if spec is not None and set(spec.activations) == {"sigmoid"}:
            return "Each sigmoid layer lets at most a quarter of the gradient through."
        if self._saturated_layers():
            return f"Layers are saturated: on the flat ends of {self._activation()} next to no slope is left."
        return "Each layer multiplies the gradient by less than 1 on its way to the input."


def _layers(mask: Mask) -> Layers:
    """Return the layers that a mask marks."""
    return tuple(int(layer) for layer in np.flatnonzero(mask))
