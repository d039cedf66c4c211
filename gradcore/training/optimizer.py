"""The one place where weights change: stochastic gradient descent, its variants by name, and Adam.

`change` says by how much (so that it can be recorded beside the weights it will act on), `apply` does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.norms import norm
from gradcore.network.network import Network
from gradcore.specs import TrainingSpec

Array = npt.NDArray[np.floating[Any]]


def clip_factor(grad_norm: float, clip_norm: float) -> float:
    """Return the factor θ/‖g‖ if ‖g‖ > θ, else 1 (Pascanu, Mikolov & Bengio 2013, Algorithm 1)."""
    return clip_norm / grad_norm if grad_norm > clip_norm else 1.0


class Optimizer:
    """Turns gradients into changes of a network's parameters, by PyTorch's definitions.

    Parameters
    ----------
    net : Network
        `apply` changes its parameters.
    tspec : TrainingSpec or sequence of TrainingSpec
        The settings; several networks have one each, with the same optimizer and the same `nesterov`. When they are
        exchanged between two steps, velocities and moments stay.
    change : like net.parameters, optional
        The buffer that `change` fills.

    Attributes
    ----------
    is_plain : bool
        Whether the change is the gradient times one number, the same for all parameters.
    is_local : bool
        Whether that number is known before the gradient: the optimizer is plain and does not clip.
    factor : float, (networks, 1) or None
        The number by which the last gradient was multiplied; None unless the optimizer is plain.
    """

    def __init__(self, net: Network, tspec: TrainingSpec | Sequence[TrainingSpec], change: Array | None = None) -> None:
        self._parameters = net.parameters
        self._change = np.zeros(net.parameters.shape, net.spec.dtype) if change is None else change
        self._layout = net.layout
        self.tspec = tspec
        self.factor: Any = None
        self._steps = 0
        self._velocity: Array | None = None
        self._moments: tuple[Array, Array] | None = None

    @property
    def tspec(self) -> TrainingSpec | Sequence[TrainingSpec]:
        """Hold the settings in force; other ones may be set between two steps."""
        return self._tspec

    @tspec.setter
    def tspec(self, tspec: TrainingSpec | Sequence[TrainingSpec]) -> None:
        self._tspec = tspec
        each = [tspec] if isinstance(tspec, TrainingSpec) else list(tspec)
        self._adapts, self._nesterov = each[0].optimizer == "adam", each[0].nesterov
        self._momentum, self._decay = self._numbers("momentum"), self._numbers("weight_decay")
        self.is_plain = not (self._adapts or np.any(self._momentum) or np.any(self._decay))
        self._learning_rate = self._numbers("learning_rate")
        self._rate = np.array(self._learning_rate, dtype=self._change.dtype)
        self._clip_norms = [one.clip_norm for one in each] if any(one.clip_norm for one in each) else None
        self.is_local = self.is_plain and self._clip_norms is None

    def _numbers(self, name: str) -> Any:
        """Return a setting as a float64 number, of several networks as an array (networks, 1)."""
        if isinstance(self._tspec, TrainingSpec):
            return np.float64(getattr(self._tspec, name))
        return np.array([[getattr(tspec, name)] for tspec in self._tspec], dtype=np.float64)

    def _cast(self, numbers: Any) -> Any:
        """Return numbers in the parameters' type, so that arrays keep it."""
        return np.asarray(numbers, dtype=self._change.dtype)

    @property
    def buffer(self) -> Array:
        """Hold the vector that `change` fills and `apply` subtracts; another one may be set between two steps."""
        return self._change

    @buffer.setter
    def buffer(self, change: Array) -> None:
        self._change = change

    def change(self, gradient: Array) -> Array:
        """Return the vector that `apply` will subtract from the parameters; the next call overwrites it.

        Clipping acts on the whole raw gradient, weight decay is added after it and on weights only.
        """
        change = self._change
        if self.is_local:
            self.factor = self._learning_rate
            return np.multiply(gradient, self._rate, change)
        clipping = self._clipping(gradient)
        if self.is_plain:
            self.factor = self._learning_rate * clipping
            return np.multiply(gradient, self.factor, out=change, casting="same_kind")
        self.factor = None
        np.multiply(gradient, 1 if clipping is None else clipping, out=change, casting="same_kind")
        if np.any(self._decay):
            decay = self._cast(self._decay)[..., None]
            for own, block in zip(self._layout.blocks(change), self._layout.blocks(self._parameters), strict=True):
                own[..., :-1] += decay * block[..., :-1]
        if self._adapts:
            self._adapt(change)
        elif np.any(self._momentum):
            self._follow_velocity(change)
        change *= self._rate
        self._steps += 1
        return change

    def apply(self) -> None:
        """Subtract the last change from the parameters."""
        self._parameters -= self._change

    def descend(self, chunks: Iterable[tuple[slice, Array]]) -> None:
        """Subtract the change chunk by chunk, as `change` and `apply` do; allowed only if `is_local`.

        Parameters
        ----------
        chunks : iterable of (slice, array)
            Places in the flat gradient, and the gradient there, which its change overwrites while it is in the cache.
        """
        for place, chunk in chunks:
            np.multiply(chunk, self._rate, chunk)
            self._parameters[place] -= chunk

    def _clipping(self, gradient: Array) -> Any:
        """Return clipping's factor, of several networks (networks, 1); None without clipping.

        In float64 even for float32 gradients: rounded to float32, a factor below 1e-38 would lose digits.
        """
        if self._clip_norms is None:
            return None
        rows = [gradient] if gradient.ndim == 1 else list(gradient)
        factors = [
            1.0 if limit is None else clip_factor(norm(row), limit)
            for row, limit in zip(rows, self._clip_norms, strict=True)
        ]
        return np.float64(factors[0]) if gradient.ndim == 1 else np.array(factors)[:, None]

    def _follow_velocity(self, change: Array) -> None:
        """V ← μv + g (v = g at first); the direction is v, or g + μv with Nesterov (Sutskever et al. 2013)."""
        momentum = self._cast(self._momentum)
        if self._velocity is None:
            self._velocity = change.copy()
        else:
            self._velocity *= momentum
            self._velocity += change
        if self._nesterov:
            change += momentum * self._velocity
        else:
            np.copyto(change, self._velocity)

    def _adapt(self, change: Array) -> None:
        """m̂/(√v̂ + ε) with bias-corrected moments (Kingma & Ba 2015, Algorithm 1)."""
        beta1, beta2, cast = self._numbers("beta1"), self._numbers("beta2"), self._cast
        if self._moments is None:
            self._moments = np.zeros_like(change), np.zeros_like(change)
            self._steps = 0
        mean, square = self._moments
        mean += cast(1 - beta1) * (change - mean)
        square *= cast(beta2)
        square += cast(1 - beta2) * np.square(change)
        step = self._steps + 1
        np.sqrt(square, out=change)
        change /= cast(np.sqrt(1 - beta2**step))
        # What float32 would round to 0 must not make a 0/0.
        change += cast(np.maximum(self._numbers("epsilon"), np.finfo(change.dtype).tiny))
        np.divide(mean, change, out=change)
        change /= cast(1 - beta1**step)
