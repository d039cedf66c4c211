"""φ′ of the hidden layers, a few at a time.

φ′ is elementwise, so neighbours with one activation are done in a single call over their stack: on small networks the
calls cost more than the numbers. On large ones a stack is no larger than what stays in the cache until the backward
pass has used it, and every stack is written to the same place.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.functions.activations import ACTIVATIONS
from gradcore.kernels.layout import UnitLayout, small_stacks
from gradcore.network.trace import Trace
from gradcore.specs import NetworkSpec

Array = npt.NDArray[np.floating[Any]]


class ActivationDerivatives:
    """Computes φ′ between one forward pass and the backward pass.

    Parameters
    ----------
    spec : NetworkSpec
    trace : Trace

    Attributes
    ----------
    layers : list of (fan_out, n)
        Where each hidden layer's φ′ is once its stack is filled, until the next one is.
    fill : list of callable or None
        For each hidden layer: what fills its stack, at the stack's last layer, where the backward pass arrives first.
    """

    def __init__(self, spec: NetworkSpec, trace: Trace) -> None:
        widths, names = spec.sizes[1:-1], spec.activations
        networks = math.prod(trace.pre_activations.shape[:-1])
        keys = [*small_stacks(names, widths, trace.n * networks), "output"]
        seen = trace.units.stacks(trace.activation_inputs, keys)[:-1]
        values = trace.units_with_ones.stacks(trace.activations, keys)[:-1]
        lead = trace.pre_activations.shape[:-1]
        sizes = [math.prod(stack.view.shape[-2:]) for stack in seen]
        scratch = np.zeros((*lead, max(sizes, default=0)), spec.dtype)
        self.layers: list[Array] = []
        self.fill: list[Callable[[], object] | None] = []
        for z, a, size in zip(seen, values, sizes, strict=True):
            here = scratch[..., :size]
            derivative = ACTIVATIONS[names[z.layers.start]].derivative
            # With a residual connection the layer's output is no longer φ, so nothing can be saved by it.
            known = None if any(spec.skips[z.layers]) else a.view
            self.fill += [None] * (z.layers.stop - z.layers.start - 1)
            self.fill.append(partial(derivative, z.view, known, here.reshape(z.view.shape)))
            self.layers += UnitLayout(widths[z.layers], trace.n).layers(here)
