"""Norms, means and deviations that neither underflow nor overflow, for all layers at once.

The square of a float32 below 1e-19 is no longer a normal number, and above 1e19 it is infinite; float64 has the
same trouble at 1e-154 and 1e154. A gradient of 1e-200 must come out as 1e-200. So: sum squares the fast way over
stacks of equal layers, and go over a layer again, scaled and in float64, where its sum cannot be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.layout import Stack

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]

# A sum of squares inside these limits has lost nothing that matters: what underflowed is below 1e-14 of it.
SAFE = {"float32": (1e-24, 1e37), "float64": (1e-277, 1e307)}
# Biases may be this part of a block's squares before weights are summed without them.
BIAS_SHARE = 0.5
# A variance that is a smaller part of the mean square than this has lost digits to cancellation.
CANCELLED = {"float32": 2e-3, "float64": 1e-6}


class LayerValues:
    """The numbers of one kind in all layers: views into buffers, read again at each call.

    Parameters
    ----------
    stacks : sequence of Stack
        Views (layers, …) that cover all layers in order.
    """

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self.stacks = stacks
        self.layers = [view for stack in stacks for view in stack.view]
        self.sizes = np.array([view.size for view in self.layers], dtype=np.float64)
        dtype = stacks[0].view.dtype
        self.dtype = dtype.name
        # A product with ones sums several times faster than sum() over an axis.
        self._parts = [(stack.layers, stack.view, np.ones(stack.view.shape[-1], dtype=dtype)) for stack in stacks]

    def sums(self) -> Vector:
        """Return each layer's sum."""
        result = np.empty(len(self.layers))
        for layers, view, ones in self._parts:
            rows = view @ ones
            result[layers] = rows if rows.ndim == 1 else rows.sum(axis=1)
        return result

    def squares(self) -> Vector:
        """Return each layer's sum of squares, as the dtype's range allows."""
        result = np.empty(len(self.layers))
        for layers, view, _ in self._parts:
            rows = np.vecdot(view, view)
            result[layers] = rows if rows.ndim == 1 else rows.sum(axis=1)
        return result

    def sums_and_squares(self) -> tuple[Vector, Vector]:
        """Return both."""
        return self.sums(), self.squares()

    def norms(self) -> Vector:
        """Return each layer's √Σ of squares; 0, Inf and NaN are what they are."""
        return Moments([self], with_sums=False).measure()[0][0]

    def means_and_stds(self) -> tuple[Vector, Vector]:
        """Return each layer's mean and standard deviation; equal numbers have a deviation of exactly 0."""
        _, means, stds = Moments([self]).measure()
        return means[0], stds[0]


class WeightValues(LayerValues):
    """The weights' part of blocks (layers, fan_out, fan_in + 1), whose last column holds biases.

    Rows without their last number lie apart in memory; whole blocks do not, and are summed three times as fast. So
    the biases are summed with the weights and taken off again, unless too little of the sum is the weights'.
    """

    def __init__(self, stacks: Sequence[Stack]) -> None:
        super().__init__([Stack(stack.layers, stack.view[:, :, :-1]) for stack in stacks])
        self._whole = LayerValues([Stack(stack.layers, stack.view.reshape(len(stack.view), -1)) for stack in stacks])
        self.biases = LayerValues([Stack(stack.layers, stack.view[:, :, -1]) for stack in stacks])

    def sums_and_squares(self) -> tuple[Vector, Vector]:
        """Return each layer's sum, and its sum of squares as the dtype's range allows."""
        whole, biases = self._whole.squares(), self.biases.squares()
        if not (biases <= BIAS_SHARE * whole).all():
            return super().sums_and_squares()
        return self._whole.sums() - self.biases.sums(), whole - biases


class Moments:
    """Norms, means and deviations of several kinds of numbers, each in all layers.

    What follows the sums is done for all kinds at once: on small networks the calls cost more than the numbers.

    Parameters
    ----------
    kinds : sequence of LayerValues
        Of one network: equally many layers, one dtype.
    with_sums : bool
        Whether means and deviations are wanted; without, they are NaN.
    """

    def __init__(self, kinds: Sequence[LayerValues], with_sums: bool = True) -> None:
        self.kinds = list(kinds)
        self._with_sums = with_sums
        self._sizes = np.stack([kind.sizes for kind in kinds])
        self._low, self._high = SAFE[kinds[0].dtype]
        self._cancelled = CANCELLED[kinds[0].dtype]

    def measure(self) -> tuple[Vector, Vector, Vector]:
        """Return norms, means and deviations, each (kinds, layers)."""
        if not self._with_sums:
            norms = self._norms(np.stack([kind.squares() for kind in self.kinds]))
            nothing = np.full(norms.shape, np.nan)
            return norms, nothing, nothing
        totals = [kind.sums_and_squares() for kind in self.kinds]
        means, squares = np.stack([sums for sums, _ in totals]) / self._sizes, np.stack([each for _, each in totals])
        norms = self._norms(squares)
        mean_squares = squares / self._sizes
        variances = mean_squares - means * means
        stds = np.sqrt(np.maximum(variances, 0))
        trusted = variances > self._cancelled * mean_squares
        trusted &= (mean_squares > self._low) & (mean_squares < self._high)
        self._again(trusted, mean_and_std, means, stds)
        return norms, means, stds

    def _norms(self, squares: Vector) -> Vector:
        norms = np.sqrt(squares)
        self._again((squares > self._low) & (squares < self._high), lambda layer: (norm(layer),), norms)
        return norms

    def _again(self, trusted: npt.NDArray[np.bool_], exactly: Callable[[Array], Any], *results: Vector) -> None:
        """Measure again, exactly, what cannot be trusted."""
        if trusted.all():
            return
        for kind, layer in np.argwhere(~trusted):
            for result, value in zip(results, exactly(self.kinds[kind].layers[layer]), strict=True):
                result[kind, layer] = value


def norm(values: Array) -> float:
    """Return √Σ values², 0, Inf and NaN being what they are."""
    scaled, exponent = _scaled(values)
    if scaled is None:
        return exponent
    return float(np.ldexp(np.sqrt(np.vdot(scaled, scaled)), int(exponent)))


def mean_and_std(values: Array) -> tuple[float, float]:
    """Return mean and standard deviation; equal numbers have a deviation of exactly 0."""
    scaled, exponent = _scaled(values)
    if scaled is None:
        return (0.0, 0.0) if exponent == 0 else (float(np.mean(values, dtype=np.float64)), float("nan"))
    first = scaled.flat[0]
    shifted = scaled - first  # exactly 0 where all are equal
    mean = shifted.mean()
    std = np.sqrt(np.square(shifted - mean).mean())
    return float(np.ldexp(first + mean, int(exponent))), float(np.ldexp(std, int(exponent)))


def _scaled(values: Array) -> tuple[Vector | None, float]:
    """Return the values over a power of two near their largest, and its exponent; None and the largest if 0, Inf, NaN.

    A power of two, because it loses no digit and exists where 1/largest would overflow.
    """
    values = values.astype(np.float64)
    peak = float(np.abs(values).max(initial=0.0))
    if peak == 0 or not np.isfinite(peak):
        return None, peak
    exponent = int(np.frexp(peak)[1])
    return np.ldexp(values, -exponent), exponent
