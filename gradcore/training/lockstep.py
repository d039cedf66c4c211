"""Batches of networks: several of one shape trained in lockstep, with an axis of networks in front of every array.

In small networks NumPy's calls take longer than the arithmetic, and one call serves all networks of a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.data.prepared import Examples
from gradcore.functions.accuracy import are_right
from gradcore.functions.losses import LOSSES
from gradcore.network.derivative_buffers import ActivationDerivatives
from gradcore.network.forward import Forward
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace
from gradcore.records.distinct_units import distinct_units
from gradcore.records.recording import LayerStats, Recorder, RecordingBuffers
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.training.batches import Batch
from gradcore.training.divergence import Where
from gradcore.training.optimizer import Optimizer
from gradcore.training.step import Step

Array = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.float64]


class Buffers:
    """Holds the arrays that a step fills and that nobody needs after it.

    Batches of networks of one shape that take turns may share them.

    Parameters
    ----------
    spec : NetworkSpec
    n : int
        Samples in a mini-batch.
    networks : int
        Networks in a batch.
    """

    def __init__(self, spec: NetworkSpec, n: int, networks: int) -> None:
        self.trace, self.grads = Trace(spec, n, networks), Gradients(spec, n, networks)
        self.change = np.zeros(self.grads.flat.shape, spec.dtype)
        self.derivatives = ActivationDerivatives(spec, self.trace)
        self.recording = RecordingBuffers(spec, self.trace, self.grads)
        self.rows: Array = np.ones((networks, n, spec.sizes[0] + 1), dtype=spec.dtype)
        self.targets: Array = np.zeros((networks, n, spec.sizes[-1]), dtype=spec.dtype)
        self.signs = np.zeros_like(self.targets)


@dataclass(slots=True)
class BatchRecord:
    """The numbers recorded of one step of a batch of networks, which lie along the first axis."""

    loss: Vector
    accuracy: Vector
    test_loss: Vector
    test_accuracy: Vector
    stats: LayerStats


class NetworkBatch:
    """Networks of one shape in lockstep; one that diverges is frozen with its last finite parameters.

    Parameters
    ----------
    spec : NetworkSpec
        Shape, activations and loss; the initializers are not looked at.
    tspecs : sequence of TrainingSpec
        One a network.
    parameters : (networks, size)
        Trained in place.
    data, test : Examples
        Test is None if there is none.
    buffers : Buffers
        Overwritten by every step; `use_buffers` and `release_buffers` exchange them.

    Attributes
    ----------
    net : Network
        All of them, with an axis of networks in front.
    diverged : dict
        Network → (step, Where) of those that did.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        tspecs: Sequence[TrainingSpec],
        parameters: Array,
        data: Examples,
        test: Examples | None,
        buffers: Buffers,
    ) -> None:
        self.net, self._data, self._test = Network(spec, parameters), data, test
        self._optimizer = Optimizer(self.net, tspecs, buffers.change)
        self.diverged: dict[int, tuple[int, Where]] = {}
        self.use_buffers(buffers)

    def use_buffers(self, buffers: Buffers) -> None:
        """Use these buffers from now on; they must fit this shape, mini-batch and number of networks."""
        trace, grads = buffers.trace, buffers.grads
        self._buffers = buffers
        self._optimizer.buffer = buffers.change
        self._step = Step(self.net, self._optimizer, trace, grads, self.diverged, buffers.derivatives)
        self._predict = Forward(self.net, trace, running=True)
        self._recorder = Recorder(self.net, trace, grads, buffers.change, buffers.recording)

    def release_buffers(self) -> None:
        """Drop the buffers until `use_buffers`; the networks, and the optimizer's velocities and moments, stay."""
        self._optimizer.buffer = self._optimizer.buffer[:0].copy()
        del self._buffers, self._step, self._predict, self._recorder

    @property
    def finished(self) -> bool:
        """Return whether no network is left to train."""
        return len(self.diverged) == len(self.net.parameters)

    def step(
        self, number: int, samples: npt.NDArray[np.int64], due: bool, counted: bool, tested: bool
    ) -> BatchRecord | None:
        """Train all that have not diverged by one step.

        Parameters
        ----------
        number : int
            The number of the step, from 0.
        samples : (networks, n)
            Each network's mini-batch, as rows of the data.
        due, counted, tested : bool
            Whether to return a record, with the count of different units in it, and with the test part's numbers.
        """
        data = self._data
        # Clipping is asked for so that no index is checked: they are all in range.
        inputs = np.take(data.x, samples, axis=0, out=self._buffers.rows, mode="clip").mT
        targets = np.take(data.targets, samples, axis=0, out=self._buffers.targets, mode="clip").mT
        signs = None
        if data.signs is not None:
            signs = np.take(data.signs, samples, axis=0, out=self._buffers.signs, mode="clip").mT
        record = partial(self._record, counted, tested)
        return self._step.take(number, Batch(inputs, targets, signs), due, record)

    def _record(self, counted: bool, tested: bool, _: int, batch: Batch, loss: Any) -> BatchRecord:
        losses = np.asarray(loss, dtype=np.float64)
        trace, unknown = self._buffers.trace, np.full(len(losses), np.nan)
        a = trace.layers[-1].activation
        accuracy = unknown
        if self._data.classes:
            accuracy = np.where(np.isfinite(a).all(axis=(-2, -1)), are_right(a, batch.targets).mean(axis=-1), np.nan)
        stats = self._recorder.stats(factor=None if self.diverged else self._optimizer.factor)
        if counted:
            stats = _with_units(stats, distinct_units(trace))
        # The test part comes last: it overwrites the trace.
        test_loss, test_accuracy = self.evaluate() if tested else (unknown, unknown)
        return BatchRecord(losses, accuracy, test_loss, test_accuracy, stats)

    def evaluate(self) -> tuple[Vector, Vector]:
        """Return loss and accuracy of the test part, (networks,) each, NaN without one."""
        networks = len(self.net.parameters)
        if self._test is None:
            return np.full(networks, np.nan), np.full(networks, np.nan)
        trace, test, total = self._buffers.trace, self._test, len(self._test.x)
        losses, right = np.zeros(networks), np.zeros(networks)
        value, last = LOSSES[self.net.spec.loss_name].value, trace.layers[-1]
        # In pieces as large as a mini-batch, so that the same buffers do; the last one starts over at the first sample.
        for start in range(0, total, trace.n):
            rows = np.arange(start, start + trace.n) % total
            fresh = slice(0, min(trace.n, total - start))
            trace.input = test.x[rows].T
            self._predict.run()
            z, a, t = last.pre_activation[..., fresh], last.activation[..., fresh], test.targets[rows[fresh]].T
            losses += np.asarray(value(z, a, t), dtype=np.float64) * a.shape[-1]
            right += are_right(a, t).sum(axis=-1) if test.classes else np.nan
        finite = np.isfinite(losses)
        return losses / total, np.where(finite, right / total, np.nan)


def _with_units(stats: LayerStats, counts: npt.NDArray[np.int64]) -> LayerStats:
    return LayerStats(**{name: getattr(stats, name) for name in LayerStats.__slots__} | {"distinct_units": counts})
