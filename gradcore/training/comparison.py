"""Comparisons: networks trained side by side on the same data, mini-batches and base draws, from several seeds each.

Two runs of one seed differ only by their settings: a normal initializer at two gains starts from one matrix times two
factors, and every step shows both runs the same samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.checks import check_seed
from gradcore.data.prepared import Examples, examples_key, test_examples, training_examples
from gradcore.data.training_data import Data
from gradcore.kernels.random_streams import BATCHES, stream
from gradcore.network.build import build
from gradcore.network.network import Network
from gradcore.specs import NetworkSpec, TrainingSpec
from gradcore.training.batches import Orders
from gradcore.training.comparison_record import ComparisonRecord, empty_record, enter
from gradcore.training.divergence import Where
from gradcore.training.grouping import Group, check_runs, groups, one_each
from gradcore.training.lockstep import Buffers, NetworkBatch

Mask = npt.NDArray[np.bool_]


class Comparison:
    """Runs in lockstep that can be advanced record by record and looked into.

    Parameters
    ----------
    specs : sequence of NetworkSpec
    tspecs : TrainingSpec or sequence of TrainingSpec
        One for all, or one each, with the same steps, batch_size and intervals.
    data : Data
        All runs use it as given.
    seeds : iterable of int
        Seeds of weights and batches.

    Attributes
    ----------
    step : int
        The next step.
    diverged_at : dict
        (spec number, seed number) → (step, Where) of the runs that diverged.

    Raises
    ------
    ValueError
        If settings, data and networks do not fit; the message says how.
    """

    def __init__(
        self,
        specs: Sequence[NetworkSpec],
        tspecs: TrainingSpec | Sequence[TrainingSpec],
        data: Data,
        seeds: Sequence[int],
    ) -> None:
        self.specs, self.seeds = list(specs), [check_seed(seed) for seed in seeds]
        self.tspecs = one_each(self.specs, tspecs)
        check_runs(self.specs, self.seeds)
        self.tspec = self.tspecs[0]
        self.layers = max(spec.depth for spec in self.specs) + 1
        examples: dict[Any, tuple[Examples, Examples | None]] = {}
        for spec in self.specs:
            if examples_key(spec) not in examples:
                examples[examples_key(spec)] = training_examples(spec, data), test_examples(spec, data)
        samples = len(next(iter(examples.values()))[0].x)
        self._n = n = min(self.tspec.batch_size, samples)
        self._orders = Orders(samples, n, [stream(seed, BATCHES) for seed in self.seeds])
        # Buffers by shape and number of networks; empty while the comparison rests.
        self._buffers: dict[tuple[NetworkSpec, int], Buffers] = {}
        # Each batch of networks, the (spec number, seed number) of its networks, and the rows of their mini-batches
        # among those of the seeds.
        self._network_batches: list[tuple[NetworkBatch, npt.NDArray[np.int64], slice | npt.NDArray[np.int64]]] = []
        for group in groups(self.specs, self.tspecs, len(self.seeds), n):
            self._add_network_batches(group, *examples[examples_key(group.spec)])
        self.step = 0
        self._frozen: Mask = np.zeros((len(self.specs), len(self.seeds)), dtype=bool)

    def _add_network_batches(self, group: Group, data: Examples, test: Examples | None) -> None:
        parameters = np.zeros((len(group.runs), group.spec.parameter_count), dtype=group.spec.dtype)
        for row, (spec, seed) in zip(parameters, group.runs, strict=True):
            first = data.x[self._orders.batch(0)[seed]][:, :-1]
            row[:] = build(self.specs[spec], self.seeds[seed], first).parameters
        for start in range(0, len(group.runs), group.at_once):
            runs = group.runs[start : start + group.at_once]
            tspecs = [self.tspecs[spec] for spec, _ in runs]
            piece = parameters[start : start + len(runs)]
            batch = NetworkBatch(group.spec, tspecs, piece, data, test, self._shared(group.spec, len(runs)))
            self._network_batches.append((batch, np.array(runs), _rows([seed for _, seed in runs])))

    def _shared(self, spec: NetworkSpec, networks: int) -> Buffers:
        """Return the buffers that all batches of networks of this shape share: they take turns."""
        if (spec, networks) not in self._buffers:
            self._buffers[spec, networks] = Buffers(spec, self._n, networks)
        return self._buffers[spec, networks]

    def rest(self) -> None:
        """Release the buffers that a step fills; the next step allocates them anew.

        That saves memory where many comparisons are kept and few are trained.
        """
        if self._buffers:
            self._buffers.clear()
            for batch, *_ in self._network_batches:
                batch.release_buffers()

    def _use_buffers(self) -> None:
        for batch, *_ in self._network_batches:
            batch.use_buffers(self._shared(batch.net.spec, len(batch.net.parameters)))

    @property
    def diverged_at(self) -> dict[tuple[int, int], tuple[int, Where]]:
        """Return step and place at which runs diverged, by (spec number, seed number)."""
        return {
            (int(runs[one, 0]), int(runs[one, 1])): when
            for batch, runs, _ in self._network_batches
            for one, when in batch.diverged.items()
        }

    @property
    def per_epoch(self) -> int:
        """Count the full batches in one pass over the data."""
        return self._orders.per_epoch

    @property
    def finished(self) -> bool:
        """Return whether there is no further step."""
        return self.step >= self.tspec.steps or all(batch.finished for batch, *_ in self._network_batches)

    def network(self, spec: int, seed: int) -> Network:
        """Return a run's network as it stands; its parameters are the ones being trained, no copies."""
        for batch, runs, _ in self._network_batches:
            found = np.flatnonzero((runs == (spec, seed)).all(axis=1))
            if len(found):
                return Network(self.specs[spec], batch.net.parameters[found[0]])
        raise ValueError(f"there is no run of spec {spec} and seed {seed}")

    def advance(self, until: int | None = None, full: bool | None = None) -> ComparisonRecord:
        """Train up to and including the next step that is recorded, and return its record.

        Parameters
        ----------
        until : int, optional
            Record this step, or the last one before it, and none on the way; else by `record_every`.
        full : bool, optional
            Whether the record holds the test part's numbers and the count of different units; else by `test_every` and
            `histogram_every`.

        Raises
        ------
        RuntimeError
            If the comparison is finished.
        """
        if self.finished:
            raise RuntimeError(f"the comparison is finished: it ended before step {self.step}")
        if not self._buffers:
            self._use_buffers()
        every, last = self.tspec.record_every, self.tspec.steps - 1
        due = min(last, -(-self.step // every) * every if until is None else max(self.step, until))
        # Overflow ends as Inf or NaN, which is detected and reported; NumPy's warnings would only repeat it.
        with np.errstate(all="ignore"):
            while True:
                record = self._one_step(self.step >= due, full)
                if record is not None:
                    return record
                if self.finished:  # all diverged in between
                    return empty_record(self.step - 1, self._frozen, self.layers)

    def _one_step(self, due: bool, full: bool | None = None) -> ComparisonRecord | None:
        step, tspec, record = self.step, self.tspec, None
        samples, before = self._orders.batch(step), self._frozen
        counted = tested = False
        if due:
            record = empty_record(step, self._frozen, self.layers)
            counted = tspec.histogram_every is not None and step % tspec.histogram_every == 0 if full is None else full
            tested = tspec.test_every is None or step % tspec.test_every == 0 if full is None else full
        for batch, runs, rows in self._network_batches:
            if batch.finished:
                continue
            batch_record = batch.step(step, samples[rows], due, counted, tested)
            if batch.diverged:
                self._frozen = self._frozen.copy()
                self._frozen[tuple(runs[list(batch.diverged)].T)] = True
            if batch_record is not None and record is not None:
                enter(record, batch_record, runs, ~before[runs[:, 0], runs[:, 1]])
        self.step = step + 1
        if record is not None:
            record.diverged[:] = self._frozen
        return record


def _rows(seeds: list[int]) -> slice | npt.NDArray[np.int64]:
    """Return an index of these rows: a slice, which copies nothing, where they are consecutive."""
    if seeds == list(range(seeds[0], seeds[-1] + 1)):
        return slice(seeds[0], seeds[-1] + 1)
    return np.array(seeds)


def compare(
    specs: Sequence[NetworkSpec],
    tspec: TrainingSpec | Sequence[TrainingSpec],
    data: Data,
    seeds: Sequence[int] = range(8),
) -> Iterator[ComparisonRecord]:
    """Train every spec from every seed in lockstep, and yield a record of every recorded step.

    Parameters
    ----------
    specs : sequence of NetworkSpec
        They may differ in anything that fits the data.
    tspec : TrainingSpec or sequence of TrainingSpec
        One for all, or one for each spec with the same steps, batch_size and intervals.
    data : Data
        Any object with x, y, name; used as given.
    seeds : iterable of int
        0 to 2³²−1 each. All runs of a seed get the same mini-batches and the same base draws.

    Yields
    ------
    ComparisonRecord
        For every `record_every`-th step, the first and the last, until all runs have diverged. A run that diverges is
        frozen and marked; the others go on.

    Raises
    ------
    ValueError
        If settings, data and networks do not fit; the message says how.
    """
    return _records(Comparison(specs, tspec, data, list(seeds)))  # checked now, not at the first record


def _records(comparison: Comparison) -> Iterator[ComparisonRecord]:
    while not comparison.finished:
        yield comparison.advance()
