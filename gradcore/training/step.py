"""One step of training, the same for a single run and for networks side by side: forward, loss, backward, update.

A record is made before the update, so that it shows the change beside the weights that it will act on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gradcore.kernels.gradient_chunks import LARGE, GradientChunks
from gradcore.network.backprop import Backward
from gradcore.network.derivative_buffers import ActivationDerivatives
from gradcore.network.forward import Forward
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace
from gradcore.training.batches import Batch
from gradcore.training.divergence import Watch, Where
from gradcore.training.optimizer import Optimizer

Recorded = TypeVar("Recorded")
Record = Callable[[int, Batch, Any], Recorded]

NAN = float("nan")


class Step:
    """Trains one network, or a batch of networks of one shape, by one mini-batch after another.

    A network that diverges is frozen: it keeps its last finite parameters.

    Parameters
    ----------
    net : Network
        Trained in place.
    optimizer : Optimizer
        Changes the parameters of `net`.
    trace, grads : Trace, Gradients
        Buffers that every step overwrites.
    diverged : dict, optional
        The networks that have diverged before, as below; this step adds to it.
    derivatives : ActivationDerivatives, optional
        Belongs to `trace`, where networks that take turns share it.

    Attributes
    ----------
    diverged : dict
        Number of a network → (step, Where) of those that have diverged; a single network is number 0.
    """

    def __init__(
        self,
        net: Network,
        optimizer: Optimizer,
        trace: Trace,
        grads: Gradients,
        diverged: dict[int, tuple[int, Where]] | None = None,
        derivatives: ActivationDerivatives | None = None,
    ) -> None:
        self.diverged = {} if diverged is None else diverged
        self._net, self._optimizer, self._trace, self._gradient = net, optimizer, trace, grads.flat
        self._forward, self._backward = Forward(net, trace), Backward(net, trace, grads, derivatives)
        self._watch = Watch(net, trace, grads)
        # One row for each network; a single network has one, too.
        self._changes = optimizer.buffer.reshape(-1, optimizer.buffer.shape[-1], copy=False)
        # Chunks save a sixth of the step of 784-[1000×5]-10 at batch 10; they lack the gradients of normalization.
        large = grads.flat.ndim == 1 and grads.layout.size >= LARGE and net.spec.normalization is None
        self._chunks = _chunks(trace, grads) if large else None
        self._absorbs = net.spec.normalization == "batch"

    def take(
        self, number: int, batch: Batch, due: bool, record: Callable[[int, Batch, Any], Recorded]
    ) -> Recorded | None:
        """Train by one mini-batch; return its record if it is due, or if no network is left to train.

        Networks that cease to be finite, or would by the update, enter `diverged` and are not updated.

        Parameters
        ----------
        number : int
            Counts steps from 0.
        batch : Batch
            Several networks have one each, along a first axis.
        due : bool
            Whether a record is wanted.
        record : callable
            record(number, batch, loss) looks at trace, gradient and change before the update; the change of a network
            that has diverged is NaN.
        """
        watch, optimizer, diverged, chunks = self._watch, self._optimizer, self.diverged, self._chunks
        self._trace.input = batch.inputs
        self._forward.run()
        if chunks and (due or not optimizer.is_local or self._backward.needs_weight_gradients):
            chunks = None
        loss = self._backward.run(batch.targets, batch.signs, not chunks)
        if chunks:
            if watch.is_far_from_overflow(loss):
                optimizer.descend(chunks.of(batch.inputs))
                return None
            chunks.fill(batch.inputs, self._gradient)
        found, change = watch.non_finite(loss, diverged), optimizer.change(self._gradient)
        # A bounded gradient times a learning rate of at most 10⁶ is far too small to make a parameter overflow.
        if not (optimizer.is_plain and watch.gradient_is_bounded):
            found = watch.overflowing(change, {**diverged, **found}) | found
        if found:
            diverged.update((network, (number, where)) for network, where in found.items())
        if diverged:
            self._changes[list(diverged)] = NAN
            due = due or len(diverged) == len(self._changes)
        if self._absorbs and len(diverged) < len(self._changes):
            self._net.absorb_batch_statistics(self._trace)
        recorded = record(number, batch, loss) if due else None
        if diverged:
            self._changes[list(diverged)] = 0
        optimizer.apply()
        return recorded


def _chunks(trace: Trace, grads: Gradients) -> GradientChunks:
    deltas, activations = [layer.delta for layer in grads.layers], [layer.with_ones for layer in trace.layers[:-1]]
    return GradientChunks(deltas, activations, len(trace.input))
