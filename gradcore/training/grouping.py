"""Decides which runs of a comparison are trained at once, and estimates the comparison's memory and work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradcore.specs import NetworkSpec, TrainingSpec

MAX_RUNS = 4096
# From this width on a network's own products take so long that stacking saves nothing (benchmarks.comparison).
STACKED_BELOW = 64
# Bytes of the buffers of a batch of networks; networks that need more are trained in several batches, by turns.
BATCH_BYTES = 2_000_000
# Bytes of the views and calls that a batch of networks holds for each layer (tracemalloc, benchmarks.comparison).
LAYER_BYTES = 10_000
IN_COMMON = ("steps", "batch_size", "record_every", "test_every", "histogram_every")


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of one shape.

    Attributes
    ----------
    spec : NetworkSpec
        Sizes, activations and loss; the initializer is left out.
    runs : tuple of (int, int)
        Number of the spec and number of the seed of each.
    at_once : int
        Networks in one stack.
    """

    spec: NetworkSpec
    runs: tuple[tuple[int, int], ...]
    at_once: int


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate of a comparison's memory and work.

    Attributes
    ----------
    bytes : int
        Memory at most, without the data.
    multiplications : int
        In one step of all runs.
    """

    bytes: int
    multiplications: int


def check_runs(specs: Sequence[NetworkSpec], seeds: Sequence[int]) -> None:
    """Check that specs and seeds make a comparison.

    Raises
    ------
    ValueError
        If there are no specs or no seeds, a seed twice, or more than MAX_RUNS runs.
    """
    if not specs:
        raise ValueError("specs must hold at least one NetworkSpec, got none")
    if not seeds:
        raise ValueError("seeds must hold at least one seed, got none")
    if len(set(seeds)) < len(seeds):
        raise ValueError("seeds must differ from one another, or a run would be counted twice")
    if len(specs) * len(seeds) > MAX_RUNS:
        raise ValueError(f"specs × seeds must be at most {MAX_RUNS}, got {len(specs)} × {len(seeds)}")


def one_each(specs: Sequence[NetworkSpec], tspecs: TrainingSpec | Sequence[TrainingSpec]) -> list[TrainingSpec]:
    """Return a TrainingSpec for each spec.

    Raises
    ------
    ValueError
        If there are not as many, or they differ in what all runs must have in common.
    """
    each = [tspecs] * len(specs) if isinstance(tspecs, TrainingSpec) else list(tspecs)
    if len(each) != len(specs):
        raise ValueError(f"tspec must be one TrainingSpec or {len(specs)}, one for each spec, got {len(each)}")
    for name in IN_COMMON:
        values = [getattr(tspec, name) for tspec in each]
        if len(set(values)) > 1:
            raise ValueError(f"{name} must be the same in all TrainingSpecs, got {', '.join(map(str, values))}")
    return each


def groups(specs: Sequence[NetworkSpec], tspecs: Sequence[TrainingSpec], seeds: int, n: int) -> list[Group]:
    """Return the runs by shape: networks that differ only in how they start, and optimizers only in their numbers."""
    members: dict[Any, list[int]] = {}
    for number, (spec, tspec) in enumerate(zip(specs, tspecs, strict=True)):
        members.setdefault((_shape(spec), tspec.optimizer, tspec.nesterov), []).append(number)
    found = []
    for (shape, *_), numbers in members.items():
        runs = tuple((spec, seed) for spec in numbers for seed in range(seeds))
        found.append(Group(shape, runs, _at_once(shape, n, len(runs))))
    return found


def _shape(spec: NetworkSpec) -> NetworkSpec:
    return replace(spec, hidden=spec.activations, initializer="zeros", gain=None, bias_std=0.0, loss=spec.loss_name)


def _at_once(spec: NetworkSpec, n: int, runs: int) -> int:
    if max(spec.sizes[1:]) >= STACKED_BELOW:
        return 1
    return max(1, min(runs, BATCH_BYTES // _buffer_bytes(spec, n)))


def _buffer_bytes(spec: NetworkSpec, n: int) -> int:
    """Return the bytes of one network's buffers: trace, gradients, change and the recorder's masks."""
    units, width = sum(spec.sizes[1:]), max(spec.sizes[1:])
    layers = 6 if spec.normalization else 3  # z, a, δ; and what φ sees, and standardized
    numbers = n * (layers * (units + spec.depth) + 2 * width + spec.sizes[0] + 1) + 2 * spec.parameter_count
    return numbers * np.dtype(spec.dtype).itemsize + spec.parameter_count + n * units


def cost(specs: Sequence[NetworkSpec], tspecs: TrainingSpec | Sequence[TrainingSpec], samples: int, seeds: int) -> Cost:
    """Return the memory and work of a comparison of `specs` on so many samples with so many seeds, without starting it.

    Raises
    ------
    ValueError
        If settings do not fit one another.
    """
    each = one_each(specs, tspecs)
    n = min(each[0].batch_size, samples)
    memory, multiplications = 8 * samples * seeds, 0
    for group in groups(specs, each, seeds, n):
        size, own = group.spec.parameter_count, [each[spec] for spec, _ in group.runs]
        copies = 3 if own[0].optimizer == "adam" else 2 if any(tspec.momentum for tspec in own) else 1
        memory += len(group.runs) * size * np.dtype(group.spec.dtype).itemsize * copies
        # A last batch of networks may be smaller and have buffers of its own.
        memory += _buffer_bytes(group.spec, n) * (group.at_once + len(group.runs) % group.at_once)
        memory += -(-len(group.runs) // group.at_once) * (group.spec.depth + 1) * LAYER_BYTES
        multiplications += 3 * n * size * len(group.runs)
    return Cost(memory, multiplications)
