"""The job that every peer does: a network, its first weights, data, and the order in which batches are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.kernels.random_streams import BATCHES, stream

Array = npt.NDArray[Any]

SEED = 0
# Small enough that 100 layers stay stable and that weights stay near their first values during a measurement.
RATE = 0.005
# T is so small that a measurement trains it for tens of thousands of steps: with RATE it would become another network
# on the way, one whose units are saturated.
SMALL_RATE = RATE / 10


@dataclass(frozen=True)
class Configuration:
    """A network's sizes, samples in a batch, batches in an epoch, and the learning rate."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    batches: int
    rate: float = RATE

    @property
    def label(self) -> str:
        """Name and sizes in short."""
        inside, count = self.sizes[1], len(self.sizes) - 2
        layers = f"[{inside}×{count}]" if count > 2 else "-".join(str(inside) for _ in range(count))
        return f"**{self.name}** {self.sizes[0]}-{layers}-{self.sizes[-1]} batch {self.batch}"


CONFIGURATIONS = {
    each.name: each
    for each in (
        Configuration("T", (2, 8, 8, 1), batch=10, batches=100, rate=SMALL_RATE),
        Configuration("S", (2, *[16] * 5, 1), batch=32, batches=100),
        Configuration("M", (64, *[64] * 10, 10), batch=64, batches=50),
        Configuration("L", (784, *[100] * 5, 10), batch=128, batches=20),
        Configuration("D", (64, *[64] * 50, 10), batch=128, batches=20),
        Configuration("G", (784, *[1000] * 5, 10), batch=10, batches=20),
    )
}


@dataclass(frozen=True, eq=False)
class Job:
    """What to train, on what, from where. It is also the data that `gc.train` asks for.

    Attributes
    ----------
    spec : NetworkSpec
    batch, batches : int
        Samples in a batch, batches in an epoch.
    rate : float
        Of plain gradient descent.
    x : (n, features)
        In the network's dtype.
    y : (n,) of int
        Class numbers: 0 or 1 for a single sigmoid output.
    name : str
    seed : int
        Of weights and batches.
    """

    spec: gc.NetworkSpec
    batch: int
    batches: int
    rate: float
    x: Array
    y: Array
    name: str
    seed: int = SEED

    @property
    def binary(self) -> bool:
        """Whether there is one sigmoid output, not a softmax."""
        return self.spec.sizes[-1] == 1

    @property
    def targets(self) -> Array:
        """Targets (n, outputs) in the network's dtype."""
        columns = self.y[:, None] if self.binary else self.y[:, None] == np.arange(self.spec.sizes[-1])
        return columns.astype(self.spec.dtype)

    def weights(self) -> list[tuple[Array, Array]]:
        """Return copies of the first weights (fan_out, fan_in) and biases (fan_out,), layer by layer."""
        net = gc.build(self.spec, self.seed)
        return [(weight.copy(), bias.copy()) for weight, bias in zip(net.weights, net.biases, strict=True)]

    def shuffler(self) -> np.random.Generator:
        """Return what draws an epoch's order: `permutation(n)` once an epoch, batches are consecutive pieces of it."""
        return stream(self.seed, BATCHES)

    def settings(self, **changes: Any) -> gc.TrainingSpec:
        """Return the job as a TrainingSpec without end."""
        return gc.TrainingSpec(learning_rate=self.rate, batch_size=self.batch, steps=10**9, **changes)


class Peer(Protocol):
    """Something that does the job; made from it, it trains on from epoch to epoch."""

    def run(self, epochs: int) -> float:
        """Train for some epochs, computing each step's loss, and return the last epoch's mean loss."""

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weights (fan_out, fan_in) and biases (fan_out,) as they stand."""


def make_job(
    configuration: Configuration,
    hidden: str = "tanh",
    dtype: str = "float32",
    initializer: str | None = None,
    gain: float | None = None,
) -> Job:
    """Return the job of a configuration, with standard normal inputs and classes that a linear teacher gives."""
    sizes = configuration.sizes
    spec = gc.NetworkSpec(
        sizes,
        hidden=hidden,
        output="sigmoid" if sizes[-1] == 1 else "softmax",
        initializer=initializer or ("he_normal" if hidden == "relu" else "xavier_normal"),
        gain=gain,
        dtype=dtype,
    )
    rng = np.random.default_rng(SEED)
    x = rng.standard_normal((configuration.batch * configuration.batches, sizes[0]))
    teacher = rng.standard_normal((sizes[0], max(sizes[-1], 2)))
    y = (x @ teacher).argmax(axis=1)
    name = f"{configuration.name}, {hidden}, {dtype}"
    return Job(spec, configuration.batch, configuration.batches, configuration.rate, x.astype(dtype), y, name)
