"""Norms, means and deviations that neither underflow nor overflow, for all layers at once.

The square of a float32 below 1e-19 is no longer a normal number, and above 1e19 it is infinite; float64 has the
same trouble at 1e-154 and 1e154. A gradient of 1e-200 must come out as 1e-200. So: sum squares the fast way over
stacks of equal layers, and go over a layer again, scaled and in float64, where its sum cannot be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.kernels.layout import Stack, ones
from gradcore.kernels.scalars import ZERO

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]
Calls = list[Callable[[], object]]

# A sum of squares inside these limits has lost nothing that matters: what underflowed is below 1e-14 of it.
SAFE = {"float32": (1e-24, 1e37), "float64": (1e-277, 1e307)}
# Biases may be this part of a block's squares before the weights' own are summed anew.
BIAS_SHARE = 0.9
# A variance that is a smaller part of the mean square than this has lost digits to cancellation.
CANCELLED = {"float32": 2e-3, "float64": 1e-6}


class LayerValues:
    """The numbers of one kind in all layers: views into buffers, read again at each call.

    Parameters
    ----------
    stacks : sequence of Stack
        Views (layers, …) that cover all layers in order; of several networks at once (networks, layers, …).
    spread : bool
        Whether mean and deviation are wanted; without, they may be anything.
    several : bool
        Whether there are several networks.
    """

    def __init__(self, stacks: Sequence[Stack], spread: bool = True, several: bool = False) -> None:
        self.spread, self.axis = spread, int(several)
        self.dtype = stacks[0].view.dtype
        self._stacks = [Stack(stack.layers, _in_rows(stack.view, self.axis)) for stack in stacks]
        self.lead = stacks[0].view.shape[: self.axis]
        counts = [(math.prod(s.view.shape[self.axis + 1 :]), s.view.shape[self.axis]) for s in stacks]
        self.sizes = np.repeat(*np.array(counts).T).astype(np.float64)

    def one(self, index: tuple[int, ...]) -> Array:
        """Return the numbers of one layer, index (layer,) or (network, layer)."""
        *network, layer = index
        stack = next(stack for stack in self._stacks if layer < stack.layers.stop)
        return stack.view[(*network, layer - stack.layers.start)]

    def squares_into(self, out: Array) -> Calls:
        """Return the calls that write each layer's sum of squares, as its dtype allows, to `out` (…, layers)."""
        return [_squares(view, self.axis, out[..., layers]) for layers, view in self._stacks]

    def sums_into(self, out: Array) -> Calls:
        """Return the calls that write each layer's sum to `out` (…, layers)."""
        # A product with ones sums several times faster than sum() over an axis.
        return [
            partial(np.sum, view, axis=(-2, -1), out=out[..., layers])
            if view.ndim > self.axis + 2
            else partial(_product(view), ones(view.shape[-1], self.dtype), out[..., layers])
            for layers, view in self._stacks
        ]

    def norms(self) -> Vector:
        """Return each layer's √Σ of squares; 0, Inf and NaN are what they are."""
        return Moments([self]).measure()[0][0]

    def means_and_stds(self) -> tuple[Vector, Vector]:
        """Return each layer's mean and standard deviation; equal numbers have a deviation of exactly 0."""
        _, means, stds = Moments([self]).measure()
        return means[0], stds[0]


def _in_rows(view: Array, axis: int) -> Array:
    """Return each layer's numbers as one row, where they lie together."""
    try:
        return view.reshape(*view.shape[: axis + 1], -1, copy=False)
    except ValueError:
        return view


def _product(view: Array) -> Callable[[Array, Array], object]:
    # `dot` takes half the time of matmul on few numbers, but copies rows that do not follow one another.
    return view.dot if view.ndim == 2 and view.flags.c_contiguous else partial(np.matmul, view)


def _squares(view: Array, axis: int, out: Array) -> Callable[[], object]:
    if view.ndim > axis + 2:
        return partial(_squares_of_parts, view, out)
    if view.shape[:-1] == (1,) and view.flags.c_contiguous:
        return partial(view.dot, view[0], out)  # a single layer: a third of vecdot's time
    return partial(np.vecdot, view, view, out=out)


def _squares_of_parts(view: Array, out: Array) -> None:
    np.vecdot(view, view).sum(axis=-1, out=out)


class Moments:
    """Norms, means and deviations of several kinds of numbers, each in all layers.

    What follows the sums is done for all kinds at once, since on small networks the calls cost more than the numbers;
    and so that the calls are few, they are made ready beforehand.

    Parameters
    ----------
    kinds : sequence of LayerValues
        Kinds of numbers of the same networks, with equally many layers and one dtype.
    blocks : sequence of sequence of Stack
        Stacks of blocks (layers, fan_out, fan_in + 1) whose last column holds biases: each gives two more kinds, first
        the weights of all of them, then their biases. Weights without biases lie apart in memory; whole blocks do not,
        and are summed three times as fast. So biases are summed with the weights and taken off again.
    several : bool
        Whether there are several networks.
    """

    def __init__(
        self, kinds: Sequence[LayerValues], blocks: Sequence[Sequence[Stack]] = (), several: bool = False
    ) -> None:
        weights = [LayerValues([Stack(s.layers, s.view[..., :-1]) for s in b], True, several) for b in blocks]
        biases = [LayerValues([Stack(s.layers, s.view[..., -1]) for s in b], False, several) for b in blocks]
        self.kinds = [*kinds, *weights, *biases]
        lead, dtype = self.kinds[0].lead, self.kinds[0].dtype
        axes = (1,) * len(lead)
        self._sizes = np.stack([kind.sizes.reshape(*axes, -1) for kind in self.kinds])
        # Of a kind whose norm alone is wanted, any variance will do.
        spreads = np.array([kind.spread for kind in self.kinds]).reshape(-1, *axes, 1)
        self._cancelled = np.where(spreads, CANCELLED[dtype.name], -1.0)
        self._low, self._high, self._bias_share = map(np.array, (*SAFE[dtype.name], BIAS_SHARE))
        # Sums, then sums of squares, as the calls write them; with the weights' their biases'.
        self._raw = np.zeros((2, len(self.kinds), *lead, self._sizes.shape[-1]), dtype=dtype)
        # The same in float64, with views that are looked up once.
        self._totals = np.zeros(self._raw.shape)
        self._weight_rows = slice(len(kinds), len(kinds) + len(blocks))
        self._weights, self._biases = self._totals[:, self._weight_rows], self._totals[:, self._weight_rows.stop :]
        whole = [LayerValues(stacks, True, several) for stacks in blocks]
        self._calls: Calls = []
        for row, kind in enumerate([*kinds, *whole, *biases]):
            if kind.spread or row >= self._weight_rows.stop:  # biases' sums are taken off the weights'
                self._calls += kind.sums_into(self._raw[0, row])
            self._calls += kind.squares_into(self._raw[1, row])

    def measure(self) -> tuple[Vector, Vector, Vector]:
        """Return norms, means and deviations, each (kinds, layers), of several networks (kinds, networks, layers)."""
        for call in self._calls:
            call()
        np.copyto(self._totals, self._raw)
        squares, weights, biases = self._totals[1], self._weights, self._biases
        few_biases = biases[1] <= self._bias_share * weights[1]
        np.subtract(weights, biases, weights)
        means, mean_squares = self._totals / self._sizes
        variances = mean_squares - np.square(means)
        norms, stds = np.sqrt(squares), np.sqrt(np.maximum(variances, ZERO))
        # A mean square outside of the safe range makes the sum of squares suspicious, too.
        safe = (mean_squares > self._low) & (squares < self._high)
        safe[self._weight_rows] &= few_biases
        trusted = safe & (variances > self._cancelled * mean_squares)
        if not trusted.item(trusted.argmin()):  # a third of all()'s time
            for index in map(tuple, np.argwhere(~trusted)):
                values = self.kinds[index[0]].one(index[1:])
                if not values.any():
                    means[index] = stds[index] = norms[index] = 0
                    continue
                means[index], stds[index] = mean_and_std(values)
                if not safe[index]:
                    norms[index] = norm(values)
        return norms, means, stds


def norm(values: Array) -> float:
    """Return √Σ values², 0, Inf and NaN being what they are."""
    scaled, exponent = _scaled(values)
    return float(np.ldexp(np.sqrt(scaled.dot(scaled)), exponent))


def mean_and_std(values: Array) -> tuple[float, float]:
    """Return mean and standard deviation; equal numbers have a deviation of exactly 0, those with Inf or NaN of NaN."""
    scaled, exponent = _scaled(values)
    first = scaled[0]
    if not np.isfinite(scaled.sum()):
        return float(scaled.mean()), float("nan")
    shifted = scaled - first  # exactly 0 where all are equal
    mean = shifted.mean()
    shifted -= mean
    std = np.sqrt(shifted.dot(shifted) / len(shifted))
    return float(np.ldexp(first + mean, exponent)), float(np.ldexp(std, exponent))


def _scaled(values: Array) -> tuple[Vector, int]:
    """Return the values in float64, over a power of two near their largest, and its exponent.

    A power of two, because it loses no digit and exists where 1/largest would overflow. What was float32 needs none.
    """
    wide = values.astype(np.float64).ravel()
    if values.dtype == np.float32:
        return wide, 0
    peak = float(np.abs(wide).max(initial=0.0))
    exponent = int(np.frexp(peak)[1]) if 0 < peak < np.inf else 0
    return np.ldexp(wide, -exponent), exponent
