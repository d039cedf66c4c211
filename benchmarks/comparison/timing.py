"""The runs of a bundle stacked, one by one, and by the peers, in turns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.comparison.bundles import Bundle
from benchmarks.comparison.peers.one_by_one import OneByOne
from benchmarks.comparison.stacked import Stacked
from benchmarks.engine.comparison import OURS, Comparison, in_turns
from benchmarks.engine.peers import Entry
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, epochs_lasting

SINGLE = "single"


def compare(bundle: Bundle, entries: Mapping[str, Entry], effort: Effort) -> Comparison:
    """Measure a bundle; seconds are those of a step of all its runs, OURS is stacked."""
    epochs = epochs_lasting(Stacked(bundle, record_every=bundle.batches).run, bundle.batches, effort)
    steps = epochs * bundle.batches
    own = {
        OURS: Stacked(bundle, record_every=steps).run,
        SINGLE: OneByOne(bundle, partial(Ours, record_every=steps)).run,
    }
    return in_turns(bundle, own, entries, epochs, effort.rounds)
