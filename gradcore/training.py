"""Training: mini-batches in, records out.

One step is: batch → forward → loss → backward → record → update. The record sees the weights that made the
gradient, and the gradient raw, before clipping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gradcore.backprop import Backward, Gradients
from gradcore.checks import check_seed
from gradcore.divergence import Where, non_finite, overflowing
from gradcore.losses import LOSSES, as_targets, correct_share
from gradcore.network import as_inputs, build, propagate
from gradcore.recording import Recorder, StepRecord
from gradcore.sgd import Optimizer
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.streams import BATCHES, stream
from gradcore.trace import Trace

Array = npt.NDArray[np.floating[Any]]

NAN = float("nan")


class Data(Protocol):
    """What can be trained on: inputs x (n, features), targets y (class numbers (n,) or (n, outputs)), a name.

    With x_test and y_test, records carry test loss and accuracy.
    """

    @property
    def x(self) -> Any:
        """Inputs (n, features)."""

    @property
    def y(self) -> Any:
        """Class numbers (n,) or targets (n, outputs)."""

    @property
    def name(self) -> str:
        """What it is called."""


class Run:
    """A training run that can be advanced record by record, looked into and steered.

    Parameters
    ----------
    spec, tspec : NetworkSpec, TrainingSpec
    data : Data
        Used as given.
    seed : int
        Of weights and batches: weights are those of build(spec, seed).

    Attributes
    ----------
    net : Network
        As it stands; after a divergence with its last finite parameters.
    step : int
        The next step.
    batch_size : int
        In force: tspec's, or all samples if there are fewer.
    diverged : bool

    Raises
    ------
    ValueError
        If data and network do not fit; the message says how.
    """

    def __init__(self, spec: NetworkSpec, tspec: TrainingSpec, data: Data, seed: int = 0) -> None:
        self.spec, self.tspec, self.seed = spec, tspec, check_seed(seed)
        x = as_inputs(data.x, spec.sizes[0])
        targets = as_targets(data.y, spec.sizes[-1], spec.loss_name)
        if len(x) != len(targets):
            raise ValueError(f"x and y must have the same number of samples, got {len(x)} and {len(targets)}")
        self.batch_size = min(tspec.batch_size, len(x))
        if spec.normalization == "batch" and self.batch_size < 2:
            raise ValueError("batch_size must be at least 2 with normalization 'batch', got 1")
        self._x = np.ones((len(x), spec.sizes[0] + 1), dtype=spec.dtype)
        with np.errstate(over="ignore"):  # what the dtype cannot hold becomes Inf, and the run diverges at once
            self._x[:, :-1] = x
            self._targets = targets.astype(spec.dtype)
        self._test = self._test_part(data)
        self._shuffler = stream(seed, BATCHES)
        self._shuffle()
        first = self._epoch_x[: self.batch_size, :-1]
        self.net = build(spec, seed, first)
        self.trace = Trace(spec, self.batch_size)
        self.grads = Gradients(spec, self.batch_size)
        self._backward = Backward(self.net, self.trace, self.grads)
        self._optimizer = Optimizer(self.net, tspec)
        self._recorder = Recorder(self.net, self.trace, self.grads, self._optimizer.buffer)
        self.step = 0
        self.diverged = False

    @property
    def steps_per_epoch(self) -> int:
        """Full batches in one pass over the data; a last partial one is dropped."""
        return len(self._x) // self.batch_size

    @property
    def finished(self) -> bool:
        """Whether there is no further step."""
        return self.diverged or self.step >= self.tspec.steps

    def retune(self, learning_rate: float) -> None:
        """Continue with another learning rate.

        Raises
        ------
        ValueError
            If it makes no sense.
        """
        self.tspec = self._optimizer.tspec = replace(self.tspec, learning_rate=learning_rate)

    def advance(self) -> StepRecord:
        """Train up to and including the next step that is recorded, and return its record.

        Raises
        ------
        RuntimeError
            If the run is finished.
        """
        if self.finished:
            raise RuntimeError(f"the run is finished: it ended before step {self.step}")
        # Overflow ends as Inf or NaN, which is detected and reported; NumPy's warnings would only repeat it.
        with np.errstate(all="ignore"):
            while True:
                record = self._one_step()
                if record is not None:
                    return record

    def _one_step(self) -> StepRecord | None:
        tspec, optimizer, grads = self.tspec, self._optimizer, self.grads
        targets = self._next_batch()
        propagate(self.net, self.trace)
        loss = self._backward.run(targets)
        where = non_finite(self.net, self.trace, grads, loss)
        if where is None and self.spec.normalization == "batch":
            self.net.absorb_batch_statistics(self.trace)
        due = self.step % tspec.record_every == 0 or self.step == tspec.steps - 1 or where is not None
        if not due and optimizer.is_plain:
            optimizer.descend(grads.flat)
            self.step += 1
            return None
        if where is not None:
            optimizer.buffer.fill(NAN)  # there is no update, and the record must not show the last one's
        else:
            where = overflowing(self.net, optimizer.change(grads.flat))
        self.diverged = where is not None
        record = self._record(loss, targets, where) if due or self.diverged else None
        if not self.diverged:
            optimizer.apply()
        self.step += 1
        return record

    def _record(self, loss: float, targets: Array, where: Where | None) -> StepRecord:
        tspec, step = self.tspec, self.step
        histograms = tspec.histogram_every is not None and step % tspec.histogram_every == 0
        output = self.trace.layers[-1].activation
        accuracy = correct_share(output, targets, self.spec.output)
        stats = self._recorder.stats(histograms, self._optimizer.factor if where is None else None)
        test_due = self._test is not None and (tspec.test_every is None or step % tspec.test_every == 0)
        test_loss, test_accuracy = self.evaluate() if test_due else (NAN, NAN)
        layer, quantity = where if where is not None else (None, None)
        return StepRecord(step, loss, accuracy, test_loss, test_accuracy, self.diverged, stats, layer, quantity)

    def evaluate(self) -> tuple[float, float]:
        """Return loss and accuracy of the test part, NaN without one."""
        if self._test is None:
            return NAN, NAN
        trace, targets = self._test
        with np.errstate(all="ignore"):
            propagate(self.net, trace, running=True)
            last = trace.layers[-1]
            loss = LOSSES[self.spec.loss_name].value(last.pre_activation, last.activation, targets)
            return loss, correct_share(last.activation, targets, self.spec.output)

    def _test_part(self, data: Data) -> tuple[Trace, Array] | None:
        x, y = getattr(data, "x_test", None), getattr(data, "y_test", None)
        if x is None or y is None or len(x) == 0:
            return None
        x = as_inputs(x, self.spec.sizes[0])
        targets = as_targets(y, self.spec.sizes[-1], self.spec.loss_name)
        if len(x) != len(targets):
            raise ValueError(f"x_test and y_test must have the same number of samples, got {len(x)} and {len(targets)}")
        trace = Trace(self.spec, len(x))
        trace.set_input(x)
        with np.errstate(over="ignore"):
            return trace, targets.T.astype(self.spec.dtype)

    def _shuffle(self) -> None:
        # Permuting once an epoch lets every batch be a contiguous slice; indexing at each step would cost more.
        order = self._shuffler.permutation(len(self._x))
        self._epoch_x, self._epoch_targets = self._x[order], self._targets[order]

    def _next_batch(self) -> Array:
        position = self.step % self.steps_per_epoch
        if position == 0 and self.step > 0:
            self._shuffle()
        rows = slice(position * self.batch_size, (position + 1) * self.batch_size)
        self.trace.input = self._epoch_x[rows].T
        return self._epoch_targets[rows].T


def train(spec: NetworkSpec, tspec: TrainingSpec, data: Data, seed: int = 0) -> Iterator[StepRecord]:
    """Train a network from build(spec, seed) on, and yield a record of every recorded step.

    Parameters
    ----------
    spec, tspec : NetworkSpec, TrainingSpec
    data : Data
        Any object with x, y, name; used as given, shuffled once an epoch, a last partial batch dropped.
    seed : int
        0 to 2³²−1; of weights and batches.

    Yields
    ------
    StepRecord
        Of every `record_every`-th step, the first, the last, and the one at which the run diverged.

    Raises
    ------
    ValueError
        If data and network do not fit; the message says how.
    """
    return _records(Run(spec, tspec, data, seed))  # checked now, not at the first record


def _records(run: Run) -> Iterator[StepRecord]:
    while not run.finished:
        yield run.advance()
