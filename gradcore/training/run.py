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
from gradcore.kernels.gradient_chunks import LARGE, GradientChunks
from gradcore.kernels.random_streams import BATCHES, stream
from gradcore.network.backprop import Backward
from gradcore.network.build import build, copy_of
from gradcore.network.forward import Forward
from gradcore.network.gradients import Gradients
from gradcore.network.network import Network
from gradcore.network.trace import Trace
from gradcore.records.recording import Recorder, StepRecord
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.training.batches import Batches
from gradcore.training.divergence import Watch, Where
from gradcore.training.optimizer import Optimizer

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
        Of weights and batches: weights are those of build(spec, seed).
    net : Network, optional
        Of the same spec; the run starts from a copy of its parameters and running estimates, and not from build's.

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
        self._forward = Forward(self.net, self.trace)
        self._backward = Backward(self.net, self.trace, self.grads)
        self._watch = Watch(self.net, self.trace, self.grads)
        self._optimizer = Optimizer(self.net, tspec)
        # The step of 784-[1000×5]-10 at batch 10 takes a sixth less by them; normalization's gradients are not in them.
        large = self.grads.layout.size >= LARGE and spec.normalization is None
        self._chunks = self._gradient_chunks() if large else None
        self._recorder = Recorder(self.net, self.trace, self.grads, self._optimizer.buffer)
        self.step = 0
        self.diverged = False

    def _gradient_chunks(self) -> GradientChunks:
        layers = self.trace.layers[:-1]
        deltas = [layer.delta for layer in self.grads.layers]
        return GradientChunks(deltas, [layer.with_ones for layer in layers], len(self.trace.input))

    @property
    def steps_per_epoch(self) -> int:
        """Full batches in one pass over the data; a last partial one is dropped."""
        return self._batches.per_epoch

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
        every, last = self.tspec.record_every, self.tspec.steps - 1
        due = min(last, -(-self.step // every) * every)
        # Overflow ends as Inf or NaN, which is detected and reported; NumPy's warnings would only repeat it.
        with np.errstate(all="ignore"):
            while True:
                record = self._one_step(self.step >= due)
                if record is not None:
                    return record

    def _one_step(self, due: bool) -> StepRecord | None:
        """Train a step; return its record if it is due, or if the run ends here."""
        step, optimizer, gradient = self.step, self._optimizer, self.grads.flat
        self.trace.input, targets, signs = self._batches.at(step)
        self._forward.run()
        backward, chunks = self._backward, self._chunks
        if chunks is not None and (due or not optimizer.takes_chunks or backward.needs_weight_gradients):
            chunks = None
        loss = backward.run(targets, signs, weight_gradients=chunks is None)
        if chunks is not None:
            if self._watch.is_far_from_overflow(loss):
                optimizer.descend_by(chunks.of(self.trace.input))
                self.step = step + 1
                return None
            chunks.fill(self.trace.input, gradient)
        where = self._watch.non_finite(loss)
        if self.spec.normalization == "batch" and where is None:
            self.net.absorb_batch_statistics(self.trace)
        self.step = step + 1
        if where is None and optimizer.is_plain and not due:
            optimizer.descend(gradient)
            return None
        if where is None:
            where = self._watch.overflowing(optimizer.change(gradient))
        else:
            optimizer.buffer.fill(NAN)  # there is no update, and the record must not show the last one's
        self.diverged = where is not None
        record = self._record(step, loss, targets, where) if due or self.diverged else None
        if not self.diverged:
            optimizer.apply()
        return record

    def _record(self, step: int, loss: float, targets: Array, where: Where | None) -> StepRecord:
        tspec = self.tspec
        histograms = tspec.histogram_every is not None and step % tspec.histogram_every == 0
        output = self.trace.layers[-1].activation
        accuracy = correct_share(output, targets) if self._classes else NAN
        stats = self._recorder.stats(histograms, self._optimizer.factor if where is None else None)
        test_due = self._test is not None and (tspec.test_every is None or step % tspec.test_every == 0)
        test_loss, test_accuracy = self.evaluate() if test_due else (NAN, NAN)
        layer, quantity = where if where is not None else (None, None)
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
