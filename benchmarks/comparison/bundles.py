"""What is compared: a bundle of runs of one shape, a few starts from a few seeds each, on the same data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import gradcore as gc
from benchmarks.engine.jobs import CONFIGURATIONS, Configuration, Job, make_job

# What the page "Compare initializers" shows first; and with one more, the most that it takes. Initializer and gain.
PAGE = (
    ("zeros", None),
    ("normal", None),
    ("normal", 0.01),
    ("pytorch_default", None),
    ("he_normal", None),
    ("xavier_normal", None),
    ("orthogonal", None),
)
ERRATIC = ("normal", None)
MOST = (*PAGE, ("lecun_normal", None))
PAGE_SIZES, PAGE_BATCH, PAGE_RATE, PAGE_SEEDS = (64, *[32] * 10, 10), 32, 0.05, 8


@dataclass(frozen=True, eq=False)
class Bundle:
    """Runs of every spec from every seed.

    Attributes
    ----------
    job : Job
        What all have in common: data, batches, rate, and a network's shape.
    specs : tuple of NetworkSpec
        Of this shape.
    seeds : range
        Of weights and batches.
    erratic : tuple of int
        Specs in whose training a difference of one rounding grows a thousandfold with each step, so that no two ways of
        computing agree for long (agreement.py).
    """

    job: Job
    specs: tuple[gc.NetworkSpec, ...]
    seeds: range
    erratic: tuple[int, ...] = ()

    @property
    def batches(self) -> int:
        """Batches in an epoch."""
        return self.job.batches

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.specs) * len(self.seeds)

    @property
    def jobs(self) -> list[Job]:
        """Return each run as a job of its own, all seeds of the first spec first."""
        return [replace(self.job, spec=spec, seed=seed) for spec in self.specs for seed in self.seeds]

    @property
    def calm(self) -> Bundle:
        """Return the bundle without the erratic specs."""
        specs = tuple(spec for number, spec in enumerate(self.specs) if number not in self.erratic)
        return Bundle(self.job, specs, self.seeds)

    def first(self, batches: int) -> Bundle:
        """Return the bundle with the first so many batches of the data for an epoch."""
        n = batches * self.job.batch
        job = replace(self.job, x=self.job.x[:n], y=self.job.y[:n], batches=batches)
        return replace(self, job=job)


def of_seeds(configuration: Configuration, seeds: int, dtype: str = "float32") -> Bundle:
    """Return a network from several seeds, on one job's data."""
    job = make_job(configuration, dtype=dtype)
    return Bundle(job, (job.spec,), range(seeds))


def of_starts(
    starts: tuple[tuple[str, float | None], ...] = PAGE, seeds: int = PAGE_SEEDS, dtype: str = "float32"
) -> Bundle:
    """Return what the page compares: tanh networks that differ in how they start, on the digits."""
    data = gc.load_dataset("digits")
    batches = len(data.x) // PAGE_BATCH
    # Everybody drops a last partial batch, but not all peers know how: it is left out.
    n = batches * PAGE_BATCH
    specs = tuple(
        gc.NetworkSpec(PAGE_SIZES, hidden="tanh", output="softmax", initializer=name, gain=gain, dtype=dtype)
        for name, gain in starts
    )
    name = f"{len(starts)} starts, digits, {dtype}"
    job = Job(specs[0], PAGE_BATCH, batches, PAGE_RATE, data.x[:n].astype(dtype), data.y[:n], name)
    erratic = tuple(number for number, start in enumerate(starts) if start == ERRATIC)
    return Bundle(job, specs, range(seeds), erratic)


# By name; each is made for a dtype.
BUNDLES: dict[str, Callable[[str], Bundle]] = {
    "T × 8": partial(of_seeds, CONFIGURATIONS["T"], 8),
    "T × 64": partial(of_seeds, CONFIGURATIONS["T"], 64),
    "S × 8": partial(of_seeds, CONFIGURATIONS["S"], 8),
    "S × 32": partial(of_seeds, CONFIGURATIONS["S"], 32),
    "M × 8": partial(of_seeds, CONFIGURATIONS["M"], 8),
    "page 7 × 8": partial(of_starts, PAGE, PAGE_SEEDS),
}
