"""What numbers next to zero cost: chains of 100 layers whose signal fades to denormals, against healthy ones.

Numbers below 1e-38 (float32) or 1e-308 (float64) are kept with fewer digits, and processors may take a hundred times
longer over each. Activation and size are the same on both sides, so that only the numbers differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

import gradcore as gc
from benchmarks.engine.jobs import Configuration, Job, make_job
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, Spread, epochs_lasting, interleave, paired
from benchmarks.engine.tables import markdown

GOAL = 3
SIZES, BATCH, BATCHES = (64, *[64] * 100, 10), 64, 10


@dataclass(frozen=True)
class Chain:
    """How a chain's weights start."""

    label: str
    hidden: str
    initializer: str
    gain: float

    def job(self, dtype: str) -> Job:
        """Return its training."""
        configuration = Configuration(self.label, SIZES, BATCH, BATCHES)
        return make_job(configuration, self.hidden, dtype, initializer=self.initializer, gain=self.gain)


HEALTHY = {
    "sigmoid": Chain("sigmoid, orthogonal · 6", "sigmoid", "orthogonal", 6),
    "tanh": Chain("tanh, orthogonal", "tanh", "orthogonal", 1),
}
# The gains of the last two make every weight gradient a denormal: there is nothing worse.
VANISHING = (
    ("float32", Chain("sigmoid, Xavier", "sigmoid", "xavier_normal", 1)),
    ("float64", Chain("sigmoid, Xavier", "sigmoid", "xavier_normal", 1)),
    ("float64", Chain("sigmoid, Xavier · 0.001", "sigmoid", "xavier_normal", 0.001)),
    ("float32", Chain("tanh, orthogonal · 0.38", "tanh", "orthogonal", 0.38)),
    ("float64", Chain("tanh, orthogonal · 0.0007", "tanh", "orthogonal", 0.0007)),
)


def _share(job: Job) -> str:
    """Return which part of the first gradient is denormal, and which exactly 0."""
    net = gc.build(job.spec, job.seed)
    grads = gc.backward(net, gc.forward(net, job.x[: job.batch]), job.y[: job.batch])
    sizes = np.abs(grads.flat)
    denormal = (sizes > 0) & (sizes < np.finfo(sizes.dtype).tiny)
    return f"{denormal.mean():.0%}, {(sizes == 0).mean():.0%}"


def _ratios(faded: Job, healthy: Job, effort: Effort) -> tuple[Spread, Spread]:
    """Return the faded chain's time over the healthy one's, hardly recording and recording every step."""
    epochs = epochs_lasting(Ours(healthy, record_every=BATCHES).run, BATCHES, effort)
    hardly = epochs * BATCHES
    runs = {
        (job.name, every): partial(Ours(job, record_every=every).run, epochs)
        for every in (hardly, 1)
        for job in (faded, healthy)
    }
    seconds = interleave(runs, effort.rounds)
    bare, recorded = (paired(seconds[faded.name, every], seconds[healthy.name, every]) for every in (hardly, 1))
    return bare, recorded


def table(effort: Effort) -> str:
    """Measure, and return the table.

    Raises
    ------
    RuntimeError
        If a library that was loaded before made the processor round denormals to 0, which would hide their cost.
    """
    if np.float32(1e-40) * np.float32(1) == 0:
        raise RuntimeError("denormals are rounded to 0 in this process")
    rows = []
    for dtype, chain in VANISHING:
        healthy = HEALTHY[chain.hidden]
        bare, recorded = _ratios(chain.job(dtype), healthy.job(dtype), effort.shorter)
        share = _share(chain.job(dtype))
        rows.append([f"{chain.label}, {dtype}", healthy.label, share, f"{bare} ≤ {GOAL}", str(recorded)])
    header = [
        "100 layers of 64, batch 64",
        "against",
        "gradient denormal, 0",
        "÷ healthy, a step",
        "÷ healthy, every step recorded",
    ]
    return markdown(header, rows)
