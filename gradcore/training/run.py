"""Training: mini-batches in, records out.

One step is: batch → forward → loss → backward → record → update. The record sees the weights that made the
gradient, and the gradient raw, before clipping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.checks import check_seed
from gradcore.data.prepared import Examples, test_examples, training_examples
from gradcore.data.training_data import Data
from gradcore.functions.accuracy import are_right, correct_share
from gradcore.functions.losses import LOSSES
from gradcore.kernels.random_streams import BATCHES, stream
from gradcore.network.build import build, copy_of
from gradcore.network.forward import Forward
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace
from gradcore.records.recording import Recorder, StepRecord
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.training.batches import Batch, Batches
from gradcore.training.optimizer import Optimizer
from gradcore.training.step import Step

Array = npt.NDArray[np.floating[Any]]

NAN = float("nan")
# Test samples in one forward pass: six take a third longer than one for all 360 digits, with a sixth of its buffers.
TESTED_AT_ONCE = 64


class Run:
    """A training run that can be advanced record by record, looked into and steered.

    Parameters
    ----------
    spec, tspec : NetworkSpec, TrainingSpec
    data : Data
        Any object with x, y, name; used as given.
    seed : int
        Seed of weights and batches: the weights are those of build(spec, seed).
    net : Network, optional
        A network of the same spec; the run starts from a copy of its parameters and running estimates instead.

    Attributes
    ----------
    net : Network
        As it stands; after a divergence with its last finite parameters.
    step : int
        The next step.
    batch_size : int
        Samples in a mini-batch: tspec's number, or all samples if there are fewer.

    Raises
    ------
    ValueError
        If spec, data and net do not fit; the message says how.
    """

    def __init__(
        self, spec: NetworkSpec, tspec: TrainingSpec, data: Data, seed: int = 0, net: Network | None = None
    ) -> None:
        self.spec, self.tspec, self.seed = spec, tspec, check_seed(seed)
        examples = training_examples(spec, data)
        self.batch_size = min(tspec.batch_size, len(examples.x))
        if spec.normalization == "batch" and self.batch_size < 2:
            raise ValueError("batch_size must be at least 2 with normalization 'batch', got 1")
        self._classes = examples.classes
        parts = examples.x, examples.targets, examples.signs
        self._batches = Batches(*parts, self.batch_size, stream(seed, BATCHES))
        first = self._batches.at(0).inputs[:-1].T
        self.net = build(spec, seed, first) if net is None else copy_of(net, spec)
        self._test = self._test_part(data)
        self.trace = Trace(spec, self.batch_size)
        self.grads = Gradients(spec, self.batch_size)
        self._optimizer = Optimizer(self.net, tspec)
        self._step = Step(self.net, self._optimizer, self.trace, self.grads)
        self._recorder = Recorder(self.net, self.trace, self.grads, self._optimizer.buffer)
        self.step = 0

    @property
    def steps_per_epoch(self) -> int:
        """Count the full batches in one pass over the data; a last partial one is dropped."""
        return self._batches.per_epoch

    @property
    def diverged(self) -> bool:
        """Return whether the run has ended because a number was not finite."""
        return bool(self._step.diverged)

    @property
    def finished(self) -> bool:
        """Return whether there is no further step."""
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
        every, last = self.tspec.record_every, self.tspec.steps - 1
        due = min(last, -(-self.step // every) * every)
        # Overflow ends as Inf or NaN, which is detected and reported; NumPy's warnings would only repeat it.
        take, batch_at, make_record = self._step.take, self._batches.at, self._record
        with np.errstate(all="ignore"):
            while True:
                number = self.step
                record = take(number, batch_at(number), number >= due, make_record)
                self.step = number + 1
                if record is not None:
                    return record

    def _record(self, step: int, batch: Batch, loss: float) -> StepRecord:
        tspec = self.tspec
        histograms = tspec.histogram_every is not None and step % tspec.histogram_every == 0
        output = self.trace.layers[-1].activation
        accuracy = correct_share(output, batch.targets) if self._classes else NAN
        stats = self._recorder.stats(histograms, None if self.diverged else self._optimizer.factor)
        test_due = self._test is not None and (tspec.test_every is None or step % tspec.test_every == 0)
        test_loss, test_accuracy = self.evaluate() if test_due else (NAN, NAN)
        layer, quantity = self._step.diverged[0][1] if self.diverged else (None, None)
        return StepRecord(step, loss, accuracy, test_loss, test_accuracy, self.diverged, stats, layer, quantity)

    def evaluate(self) -> tuple[float, float]:
        """Return loss and accuracy of the test part, NaN without one."""
        if self._test is None:
            return NAN, NAN
        forward, examples = self._test
        value, trace, total = LOSSES[self.spec.loss_name].value, forward.trace, len(examples.x)
        last, loss, right = trace.layers[-1], 0.0, 0.0
        with np.errstate(all="ignore"):
            # Piece by piece; the last one reaches back, so that all are of one size, and counts from where it is new.
            for start in range(0, total, trace.n):
                begin = min(start, total - trace.n)
                trace.input, targets = (
                    examples.x[begin : begin + trace.n].T,
                    examples.targets[start : start + trace.n].T,
                )
                forward.run()
                z, a = last.pre_activation[:, start - begin :], last.activation[:, start - begin :]
                loss += value(z, a, targets) * targets.shape[-1]
                known = self._classes and np.isfinite(a).all()
                right += np.count_nonzero(are_right(a, targets)) if known else NAN
        return loss / total, right / total

    def _test_part(self, data: Data) -> tuple[Forward, Examples] | None:
        examples = test_examples(self.spec, data)
        if examples is None:
            return None
        trace = Trace(self.spec, min(TESTED_AT_ONCE, len(examples.x)))
        return Forward(self.net, trace, running=True), examples


def train(spec: NetworkSpec, tspec: TrainingSpec, data: Data, seed: int = 0) -> Iterator[StepRecord]:
    """Train a network from build(spec, seed) on, and yield a record of every recorded step.

    Parameters
    ----------
    spec, tspec : NetworkSpec, TrainingSpec
    data : Data
        Any object with x, y, name; used as given, shuffled once an epoch, a last partial batch dropped.
    seed : int
        0 to 2³²−1; seed of weights and batches.

    Yields
    ------
    StepRecord
        For every `record_every`-th step, the first, the last, and the one at which the run diverged.

    Raises
    ------
    ValueError
        If data and network do not fit; the message says how.
    """
    return _records(Run(spec, tspec, data, seed))  # checked now, not at the first record


def _records(run: Run) -> Iterator[StepRecord]:
    while not run.finished:
        yield run.advance()
