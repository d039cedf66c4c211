"""What is kept of a step: honest statistics of every layer, computed over stacks of equal layers at once.

Nothing here changes anything. The recorder looks at the buffers of a run: the weights that made the gradient, the
gradient raw and before clipping, the update about to be made.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.activations import ACTIVATIONS
from gradcore.gradients import Gradients
from gradcore.histograms import Counts, LayerHistograms, distinct_units, layer_histograms
from gradcore.layout import Stack, aligned_zeros, offsets, ones, small_stacks
from gradcore.network import Network
from gradcore.norms import LayerValues, Moments
from gradcore.products import times
from gradcore.specs import NetworkSpec
from gradcore.trace import LayerTrace, Trace

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]

# A softmax output counts as saturated where p(1−p) is below 1 % of its largest value, ¼.
SOFTMAX_SATURATION = 0.01 * 0.25
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
        Units of each layer that differ from each other (see histograms.py); at the histogram interval only.
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
    """Room for what a Recorder counts; networks of one shape that take turns may share it.

    Attributes
    ----------
    zeros : bool, like net.parameters
        Where a gradient is exactly 0.
    flags : (networks, the largest stack's units × samples)
        Which units are saturated, as 0 and 1 in the network's dtype, so that a product with ones counts them.
    """

    def __init__(self, spec: NetworkSpec, trace: Trace, grads: Gradients) -> None:
        self.zeros = np.zeros(grads.flat.shape, dtype=bool)
        sizes = [math.prod(stack.view.shape[-2:]) for stack in activation_stacks(spec, trace)]
        self.flags: Array = aligned_zeros((*grads.flat.shape[:-1], max(sizes)), spec.dtype)


def activation_stacks(spec: NetworkSpec, trace: Trace) -> list[Stack]:
    """Return what φ sees of layers that are counted together."""
    names, networks = [*spec.activations, "output"], math.prod(trace.activation_inputs.shape[:-1])
    return trace.units.stacks(trace.activation_inputs, small_stacks(names, spec.sizes[1:], trace.n * networks))


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
        dtype = net.parameters.dtype
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
        names, widths = [*spec.activations, "output"], spec.sizes[1:]
        networks = net.parameters.shape[:-1]
        self._unit_starts, self._widths = offsets(widths), np.array(widths, dtype=np.float64)
        self._saturated_samples = np.zeros((*networks, sum(widths)), dtype=dtype)
        self._count_saturated = []
        for layers, view in activation_stacks(spec, trace):
            flags = scratch.flags[..., : math.prod(view.shape[-2:])].reshape(view.shape)
            units = self._saturated_samples[..., self._unit_starts[layers.start] : self._unit_starts[layers.stop]]
            count = partial(times(flags.reshape(*networks, -1, trace.n), 1), ones(trace.n, dtype), units)
            self._count_saturated += [partial(self._saturation_rule(names[layers.start]), view, flags), count]

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
        saturated, dead = self._saturation()
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
        if factor is not None and (grad_std * factor > UNDERFLOW[self.net.spec.dtype]).all():
            return grad_std * factor
        return self._changes.measure()[2][0]

    def _zero_share(self) -> Vector:
        if not np.equal(self.grads.flat, 0, out=self._zero_mask).any():
            return np.zeros((*self.net.parameters.shape[:-1], len(self._zeros)))
        shares = [zeros.sum(axis=(-2, -1)) / math.prod(zeros.shape[-2:]) for zeros in self._zeros]
        return np.stack(shares, axis=-1)

    def _saturation(self) -> tuple[Vector, Vector]:
        """Return the shares of units × samples that are saturated, and of units that are for every sample."""
        for call in self._count_saturated:
            call()
        counts, starts = self._saturated_samples.astype(np.float64), self._unit_starts[:-1]
        saturated = np.add.reduceat(counts, starts, axis=-1) / (self._widths * self.trace.n)
        dead = np.add.reduceat(counts == self.trace.n, starts, axis=-1, dtype=np.float64) / self._widths
        return saturated, dead

    def _saturation_rule(self, name: str) -> Callable[[Array, Array], Any]:
        """Return what marks the saturated entries of a layer's activation inputs with 1, the others with 0."""
        if name == "output" and self.net.spec.output == "softmax":
            # No method of this object: it would hold itself, and with it the run's memory, until a full collection.
            return partial(_mark_softmax, self.trace.layers[-1])
        low, high = ACTIVATIONS[self.net.spec.output if name == "output" else name].saturation
        if low == -np.inf and high == np.inf:
            return lambda z, flags: flags.fill(0)
        if high == np.inf:
            return lambda z, flags: np.less_equal(z, low, out=flags)
        return lambda z, flags: np.greater_equal(np.abs(z, out=flags), high, out=flags)


def _mark_softmax(output: LayerTrace, z: Array, flags: Array) -> None:
    """Mark where the softmax's slope p(1 − p) is below the threshold."""
    probabilities = output.activation.reshape(flags.shape)
    np.subtract(1, probabilities, out=flags)
    np.multiply(flags, probabilities, out=flags)
    np.less(flags, SOFTMAX_SATURATION, out=flags)
