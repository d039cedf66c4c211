"""What is kept of a step: honest statistics of every layer, computed over stacks of equal layers at once.

Nothing here changes anything. The recorder looks at the buffers of a run: the weights that made the gradient, the
gradient raw and before clipping, the update about to be made.
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
from gradcore.records.saturated_units import Marks, SaturatedUnits
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]

# Below this an update may round to 0 where gradient times rate does not.
UNDERFLOW = {"float32": 1e-30, "float64": 1e-290}


@dataclass(frozen=True, slots=True)
class LayerStats:
    """Statistics of one step, arrays over all weight layers, input side first, output layer last; float64.

    Attributes
    ----------
    grad_norm, grad_rms : (layers,)
        Frobenius norm and root mean square of the weight gradient, raw, before clipping.
    bias_grad_norm : (layers,)
        Norm of the bias gradient.
    delta_rms : (layers,)
        Root mean square of δ = ∂loss/∂z, with the mean's 1/n in it.
    pre_activation_mean, pre_activation_std, activation_mean, activation_std : (layers,)
        Over units and samples. The pre-activation is Wa + b, before any normalization.
    saturated_fraction : (layers,)
        Share of units × samples whose |φ′| is below 1 % of φ's largest slope.
    dead_fraction : (layers,)
        Share of units that are so for every sample of the batch.
    zero_grad_fraction : (layers,)
        Share of the weight gradient's entries that are exactly 0.
    update_ratio : (layers,)
        std(update)/std(weight), of weights; NaN for 0/0, Inf where only the weights are all equal.
    distinct_units : (layers,) or None
        Units of each layer that differ from each other (see distinct_units.py); at the histogram interval only.
    histograms : LayerHistograms or None
        At the histogram interval only.
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
    """One recorded step.

    Attributes
    ----------
    step : int
        Counted from 0.
    loss, accuracy : float
        Of this mini-batch, before the update; accuracy is NaN where the targets are not classes.
    test_loss, test_accuracy : float
        Of the test part, before the update; NaN without one, or when it was not due.
    diverged : bool
        A loss, activation, gradient or parameter was not finite: the run ends here.
    stats : LayerStats
    diverged_layer : int or None
        Weight layer, from 0, where that was seen first.
    diverged_in : str or None
        "activation", "loss", "gradient" or "parameter".
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


class Scratch:
    """Room for what a Recorder marks; networks of one shape that take turns may share it.

    Attributes
    ----------
    zeros : bool, like net.parameters
        Where a gradient is exactly 0.
    saturated : Marks
        Which units are saturated.
    """

    def __init__(self, spec: NetworkSpec, trace: Trace, grads: Gradients) -> None:
        self.zeros = np.zeros(grads.flat.shape, dtype=bool)
        self.saturated = Marks(spec, trace)


class Recorder:
    """Computes LayerStats from the buffers of one run, or of several networks in lockstep.

    Parameters
    ----------
    net, trace, grads
        The run's network and buffers.
    change : flat vector like net.parameters
        The update about to be subtracted.
    scratch : Scratch, optional
        Of these buffers, where several recorders share it.
    """

    def __init__(
        self, net: Network, trace: Trace, grads: Gradients, change: Array, scratch: Scratch | None = None
    ) -> None:
        spec, several = net.spec, net.parameters.ndim > 1
        self.net, self.trace, self.grads = net, trace, grads
        self._changes = Moments([], [net.layout.stacks(change)], several)
        # In the order in which `stats` takes them apart.
        kinds = [
            LayerValues(trace.units.stacks(trace.pre_activations), True, several),
            LayerValues(trace.units_with_ones.stacks(trace.activations), True, several),
            LayerValues(grads.units.stacks(grads.deltas), False, several),
        ]
        blocks = [grads.layout.stacks(grads.flat), net.layout.stacks(net.parameters)]
        self._moments = Moments(kinds, blocks, several)
        shapes = np.array(net.layout.shapes, dtype=np.float64)
        self._weight_roots, self._delta_roots = np.sqrt(shapes[:, 0] * (shapes[:, 1] - 1)), np.sqrt(kinds[2].sizes)

        scratch = scratch or Scratch(spec, trace, grads)
        self._zero_mask = scratch.zeros
        self._zeros = [block[..., :-1] for block in net.layout.blocks(self._zero_mask)]
        self._saturated = SaturatedUnits(spec, trace, scratch.saturated)

    def stats(self, histograms: bool = False, factor: Any = None) -> LayerStats:
        """Return the statistics of the buffers as they stand.

        Parameters
        ----------
        histograms : bool
            Whether histograms and distinct units are wanted.
        factor : float, optional
            Of plain SGD: the update is the gradient times it.
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
            zero_grad_fraction=self._zero_share(),
            update_ratio=self._change_std(grad_std, factor) / weight_std,
            distinct_units=distinct_units(self.trace) if histograms else None,
            histograms=layer_histograms(self.net, self.trace, self.grads) if histograms else None,
        )

    def _change_std(self, grad_std: Vector, factor: Any) -> Vector:
        """Return the update's deviation by layer, from the gradient's unless the update may have underflowed."""
        if factor is not None:
            change_std: Vector = grad_std * factor
            if change_std.min() > UNDERFLOW[self.net.spec.dtype]:  # which NaN is not
                return change_std
        return self._changes.measure()[2][0]

    def _zero_share(self) -> Vector:
        mask = np.equal(self.grads.flat, ZERO, self._zero_mask)
        if not mask.item(mask.argmax()):  # a third of any()'s time
            return np.zeros((*self.net.parameters.shape[:-1], len(self._zeros)))
        shares = [zeros.sum(axis=(-2, -1)) / math.prod(zeros.shape[-2:]) for zeros in self._zeros]
        return np.stack(shares, axis=-1)
