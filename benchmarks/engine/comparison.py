"""The engine beside its peers: the same job, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from benchmarks.engine.jobs import Job
from benchmarks.engine.peers import Entry
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, Spread, epochs_lasting, interleave, paired, spread

OURS = "ours"


@dataclass(frozen=True)
class Comparison:
    """What one job cost whom.

    Attributes
    ----------
    seconds : dict
        CPU seconds of a step, round by round, by peer; OURS among them.
    startup : dict
        Seconds on the wall clock until a peer's first epoch was done, less what a later one takes: compilation.
    """

    seconds: dict[str, list[float]]
    startup: dict[str, float]

    def faster_than(self, peer: str) -> Spread:
        """Return the peer's time over ours."""
        return paired(self.seconds[peer], self.seconds[OURS])

    def times(self, peer: str) -> Spread:
        """Return our time over the peer's."""
        return paired(self.seconds[OURS], self.seconds[peer])

    def ours(self) -> Spread:
        """Return our CPU microseconds a step."""
        return spread([1e6 * value for value in self.seconds[OURS]])


class InEpochs(Protocol):
    """What peers are made from."""

    @property
    def batches(self) -> int:
        """Batches in an epoch."""


def compare(job: Job, entries: Mapping[str, Entry], effort: Effort) -> Comparison:
    """Measure a job."""
    epochs = epochs_lasting(Ours(job, record_every=job.batches).run, job.batches, effort)
    own = {OURS: Ours(job, record_every=epochs * job.batches).run}
    return in_turns(job, own, entries, epochs, effort.rounds)


def in_turns(
    job: InEpochs, own: Mapping[str, Callable[[int], object]], entries: Mapping[str, Entry], epochs: int, rounds: int
) -> Comparison:
    """Measure so many epochs of what is ready to `run` beside peers that are made from the job."""
    steps = epochs * job.batches
    runs: dict[str, Callable[[], object]] = {name: partial(run, epochs) for name, run in own.items()}
    first = {}
    for file, entry in entries.items():
        start = time.perf_counter()
        peer = entry.make(job)
        peer.run(1)
        first[file] = time.perf_counter() - start
        runs[file] = partial(peer.run, epochs)
    seconds = {name: [value / steps for value in values] for name, values in interleave(runs, rounds).items()}
    startup = {file: max(0.0, value - job.batches * spread(seconds[file]).median) for file, value in first.items()}
    return Comparison(seconds, startup)
