"""Records of a step: statistics of every layer, computed over stacks of equal layers at once.

The recorder changes nothing. It reads the buffers of a run: the weights that made the gradient, the gradient raw and
before clipping, the update about to be made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.norms import LayerValues, Moments
from gradcore.kernels.scalars import ZERO
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace
from gradcore.records.distinct_units import distinct_units
from gradcore.records.histograms import Counts, LayerHistograms, layer_histograms
from gradcore.records.saturated_units import SaturatedUnits, SaturationBuffers
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]

# Below this deviation an update may round to 0 where the gradient's deviation times the rate does not.
UNDERFLOW = {"float32": 1e-30, "float64": 1e-290}


@dataclass(frozen=True, slots=True)
class LayerStats:
    """Statistics of one step: float64 arrays over all weight layers, from the first to the output.

    With several networks in lockstep, every array has an axis of networks in front.

    Attributes
    ----------
    grad_norm, grad_rms : (layers,)
        Frobenius norm and root mean square of the weight gradient, raw, before clipping.
    bias_grad_norm : (layers,)
        Norm of the bias gradient.
    delta_rms : (layers,)
        Root mean square of δ = ∂loss/∂z, which has the mean loss's 1/n in it.
    pre_activation_mean, pre_activation_std, activation_mean, activation_std : (layers,)
        Mean and standard deviation over units and samples. The pre-activation is Wa + b, before any normalization.
    saturated_fraction : (layers,)
        Share of units × samples at which |φ′| is below 1 % of its largest value.
    dead_fraction : (layers,)
        Share of units that are saturated for every sample of the batch.
    zero_grad_fraction : (layers,)
        Share of the weight gradient's entries that are exactly 0.
    update_ratio : (layers,)
        std(update)/std(weight), without biases; NaN for 0/0, Inf where only the weights are all equal.
    distinct_units : (layers,) or None
        Units of each layer that differ from each other (see distinct_units.py); None between histogram intervals.
    histograms : LayerHistograms or None
        Histograms of activations and gradients; None between histogram intervals.
    """

    grad_norm: Vector
    grad_rms: Vector
    bias_grad_norm: Vector
    delta_rms: Vector
    pre_activation_mean: Vector
    pre_activation_std: Vector
    activation_mean: Vector
    activation_std: Vector
    saturated_fraction: Vector
    dead_fraction: Vector
    zero_grad_fraction: Vector
    update_ratio: Vector
    distinct_units: Counts | None = None
    histograms: LayerHistograms | None = None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A recorded step: its losses, its layers' statistics, and whether it diverged.

    Attributes
    ----------
    step : int
        Number of the step, from 0.
    loss, accuracy : float
        Loss and accuracy on this mini-batch, before the update; accuracy is NaN where the targets are not classes.
    test_loss, test_accuracy : float
        Loss and accuracy on the test part, before the update; NaN without one, or between evaluations.
    diverged : bool
        Whether a loss, activation, gradient or parameter was not finite, at which the run ends.
    stats : LayerStats
    diverged_layer : int or None
        The first weight layer, counted from 0, with a number that is not finite.
    diverged_in : str or None
        Where that number was: "activation", "loss", "gradient" or "parameter".
    """

    step: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float
    diverged: bool
    stats: LayerStats
    diverged_layer: int | None = None
    diverged_in: str | None = None


class RecordingBuffers:
    """Arrays that a Recorder writes to; networks of one shape that take turns may share them.

    Attributes
    ----------
    zeros : bool, like net.parameters
        Where a gradient is exactly 0.
    saturation : SaturationBuffers
        Which units are saturated.
    """

    def __init__(self, spec: NetworkSpec, trace: Trace, grads: Gradients) -> None:
        self.zeros = np.zeros(grads.flat.shape, dtype=bool)
        self.saturation = SaturationBuffers(spec, trace)


class Recorder:
    """The statistics of a run's buffers, or of several networks' in lockstep, ready to be read at any step.

    Parameters
    ----------
    net, trace, grads
        The run's network and buffers.
    change : flat vector like net.parameters
        The update about to be subtracted.
    buffers : RecordingBuffers, optional
        Arrays of this shape, where several recorders share them.
    """

    def __init__(
        self, net: Network, trace: Trace, grads: Gradients, change: Array, buffers: RecordingBuffers | None = None
    ) -> None:
        spec, several = net.spec, net.parameters.ndim > 1
        self.net, self.trace, self.grads = net, trace, grads
        self._changes = Moments([], [net.layout.stacks(change)], several)
        # `stats` unpacks them in this order.
        kinds = [
            LayerValues(trace.units.stacks(trace.pre_activations), True, several),
            LayerValues(trace.units_with_ones.stacks(trace.activations), True, several),
            LayerValues(grads.units.stacks(grads.deltas), False, several),
        ]
        blocks = [grads.layout.stacks(grads.flat), net.layout.stacks(net.parameters)]
        self._moments = Moments(kinds, blocks, several)
        shapes = np.array(net.layout.shapes, dtype=np.float64)
        self._weight_roots, self._delta_roots = np.sqrt(shapes[:, 0] * (shapes[:, 1] - 1)), np.sqrt(kinds[2].sizes)

        buffers = buffers or RecordingBuffers(spec, trace, grads)
        self._zero_mask = buffers.zeros
        self._zero_weights = [block[..., :-1] for block in net.layout.blocks(self._zero_mask)]
        self._saturated = SaturatedUnits(spec, trace, buffers.saturation)

    def stats(self, histograms: bool = False, factor: Any = None) -> LayerStats:
        """Return the statistics of the buffers as they stand.

        Parameters
        ----------
        histograms : bool
            Whether histograms and distinct units are wanted.
        factor : float, optional
            The learning rate of plain SGD, whose update is the gradient times this factor; None with any other update.
        """
        norms, means, stds = self._moments.measure()
        _, _, delta_norm, grad_norm, _, bias_grad_norm, _ = norms
        pre_activation_mean, activation_mean, *_ = means
        pre_activation_std, activation_std, _, grad_std, weight_std, *_ = stds
        saturated, dead = self._saturated.shares()
        return LayerStats(
            grad_norm=grad_norm,
            grad_rms=grad_norm / self._weight_roots,
            bias_grad_norm=bias_grad_norm,
            delta_rms=delta_norm / self._delta_roots,
            pre_activation_mean=pre_activation_mean,
            pre_activation_std=pre_activation_std,
            activation_mean=activation_mean,
            activation_std=activation_std,
            saturated_fraction=saturated,
            dead_fraction=dead,
            zero_grad_fraction=self._zero_fraction(),
            update_ratio=self._change_std(grad_std, factor) / weight_std,
            distinct_units=distinct_units(self.trace) if histograms else None,
            histograms=layer_histograms(self.net, self.trace, self.grads) if histograms else None,
        )

    def _change_std(self, grad_std: Vector, factor: Any) -> Vector:
        """Return each layer's std of the update: the gradient's times `factor`, unless that may have underflowed."""
        if factor is not None:
            change_std: Vector = grad_std * factor
            if change_std.min() > UNDERFLOW[self.net.spec.dtype]:  # False for NaN
                return change_std
        return self._changes.measure()[2][0]

    def _zero_fraction(self) -> Vector:
        """Return each layer's share of weight gradients that are exactly 0."""
        mask = np.equal(self.grads.flat, ZERO, self._zero_mask)
        if not mask.item(mask.argmax()):  # takes a third of any()'s time
            return np.zeros((*self.net.parameters.shape[:-1], len(self._zero_weights)))
        shares = [zeros.sum(axis=(-2, -1)) / math.prod(zeros.shape[-2:]) for zeros in self._zero_weights]
        return np.stack(shares, axis=-1)
