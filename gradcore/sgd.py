"""The one place where weights change: stochastic gradient descent, its variants by name, and Adam.

`change` says by how much (so that it can be recorded beside the weights it will act on), `apply` does it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.layout import aligned_zeros
from gradcore.network import Network
from gradcore.norms import norm
from gradcore.specs import TrainingSpec

Array = npt.NDArray[np.floating[Any]]

# Numbers updated in one go: a quarter of a megabyte in float32.
PIECE = 1 << 16


def clip_factor(grad_norm: float, clip_norm: float) -> float:
    """Return the factor θ/‖g‖ if ‖g‖ > θ, else 1 (Pascanu, Mikolov & Bengio 2013, Algorithm 1)."""
    return clip_norm / grad_norm if grad_norm > clip_norm else 1.0


class Optimizer:
    """Turns gradients into changes of a network's parameters, by PyTorch's definitions.

    Parameters
    ----------
    net : Network
        Whose parameters `apply` changes.
    tspec : TrainingSpec
        May be exchanged for another between two steps; velocities and moments stay.

    Attributes
    ----------
    is_plain : bool
        Whether the change is the gradient times a number.
    factor : float or None
        What the last gradient was multiplied with to give the change, if that is all (plain SGD).
    """

    def __init__(self, net: Network, tspec: TrainingSpec) -> None:
        self._parameters = net.parameters
        self._change: Array = aligned_zeros(net.layout.size, net.spec.dtype)
        self._layout = net.layout
        self.tspec = tspec
        self.factor: float | None = None
        self._steps = 0
        self._velocity: Array | None = None
        self._moments: tuple[Array, Array] | None = None

    @property
    def tspec(self) -> TrainingSpec:
        """The settings in force."""
        return self._tspec

    @tspec.setter
    def tspec(self, tspec: TrainingSpec) -> None:
        self._tspec = tspec
        self.is_plain = tspec.optimizer == "sgd" and tspec.momentum == 0 and tspec.weight_decay == 0
        self._rate = np.array(tspec.learning_rate, dtype=self._change.dtype)

    @property
    def buffer(self) -> Array:
        """The flat vector that `change` fills and `apply` subtracts."""
        return self._change

    def change(self, gradient: Array) -> Array:
        """Return what `apply` will subtract from the parameters, a vector that the next call overwrites.

        Clipping acts on the whole raw gradient, weight decay is added after it and on weights only.
        """
        tspec, change, self.factor = self.tspec, self._change, None
        if self.is_plain:
            clipping = self._clipping(gradient)
            self._scale(gradient, clipping, change)
            self.factor = float(tspec.learning_rate * clipping)
            return change
        np.multiply(gradient, self._clipping(gradient), out=change, casting="same_kind")
        if tspec.weight_decay:
            for own, block in zip(self._layout.blocks(change), self._layout.blocks(self._parameters), strict=True):
                own[:, :-1] += tspec.weight_decay * block[:, :-1]
        if tspec.optimizer == "adam":
            self._adam(change)
        elif tspec.momentum:
            self._momentum(change)
        change *= tspec.learning_rate
        self._steps += 1
        return change

    def apply(self) -> None:
        """Subtract the last change from the parameters."""
        self._parameters -= self._change

    def descend(self, gradient: Array) -> None:
        """Do `change` and `apply` at once, in pieces that stay in the cache, where the change is not looked at.

        Only if `is_plain`. A gradient whose square is finite times a rate of at most 10⁶ cannot overflow a parameter.
        With 4.8 million parameters this takes 3 instead of 6 journeys through memory.
        """
        clipping, change, parameters = self._clipping(gradient), self._change, self._parameters
        if len(change) <= PIECE:
            self._scale(gradient, clipping, change)
            np.subtract(parameters, change, parameters)
            return
        for start in range(0, len(change), PIECE):
            piece = slice(start, start + PIECE)
            self._scale(gradient[piece], clipping, change[piece])
            parameters[piece] -= change[piece]

    def _scale(self, gradient: Array, clipping: float | np.float64, out: Array) -> None:
        """Write the gradient times learning rate and clipping's factor."""
        if clipping == 1:
            np.multiply(gradient, self._rate, out)
        else:
            np.multiply(gradient, self.tspec.learning_rate * clipping, out=out, casting="same_kind")

    def _clipping(self, gradient: Array) -> float | np.float64:
        if self.tspec.clip_norm is None:
            return 1.0
        # In float64 even for float32 gradients: rounded to float32, a factor below 1e-38 would lose digits.
        return np.float64(clip_factor(norm(gradient), self.tspec.clip_norm))

    def _momentum(self, change: Array) -> None:
        """V ← μv + g (v = g at first); the direction is v, or g + μv with Nesterov (Sutskever et al. 2013)."""
        momentum = self.tspec.momentum
        if self._velocity is None:
            self._velocity = change.copy()
        else:
            self._velocity *= momentum
            self._velocity += change
        if self.tspec.nesterov:
            change += momentum * self._velocity
        else:
            np.copyto(change, self._velocity)

    def _adam(self, change: Array) -> None:
        """m̂/(√v̂ + ε) with bias-corrected moments (Kingma & Ba 2015, Algorithm 1)."""
        beta1, beta2, epsilon = self.tspec.beta1, self.tspec.beta2, self.tspec.epsilon
        if self._moments is None:
            self._moments = np.zeros_like(change), np.zeros_like(change)
            self._steps = 0
        mean, square = self._moments
        mean += (1 - beta1) * (change - mean)
        square *= beta2
        square += (1 - beta2) * np.square(change)
        step = self._steps + 1
        np.sqrt(square, out=change)
        change /= math.sqrt(1 - beta2**step)
        change += max(epsilon, float(np.finfo(change.dtype).tiny))  # what float32 would round to 0 must not make a 0/0
        np.divide(mean, change, out=change)
        change /= 1 - beta1**step
