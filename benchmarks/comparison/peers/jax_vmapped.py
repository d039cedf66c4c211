"""JAX with one compiled call a step for all runs: the single network's step, mapped over seeds and over specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.comparison.bundles import Bundle
from benchmarks.engine.jobs import Array
from benchmarks.engine.peers import jax_step
from benchmarks.engine.peers.jax_step import VERSION, Parameters

NAME = "JAX jit + vmap, one call a step"
__all__ = ["NAME", "VERSION", "JaxVmapped", "Orders", "first_parameters", "make_step"]


def first_parameters(bundle: Bundle) -> Parameters:
    """Return all runs' first weights (specs, seeds, fan_in, fan_out) and biases (specs, seeds, fan_out)."""
    shape = len(bundle.specs), len(bundle.seeds)
    each = [jax_step.first_parameters(job) for job in bundle.jobs]
    return jax.tree.map(lambda *parts: jnp.stack(parts).reshape(*shape, *parts[0].shape), *each)


def make_step(bundle: Bundle) -> Callable[[Parameters, Any, Any], tuple[Parameters, Any]]:
    """Return the uncompiled step: (parameters, x, targets) → (new parameters, losses (specs, seeds)).

    Each seed has batches of its own, (seeds, n, …), and all specs have the same.
    """
    return jax.vmap(jax.vmap(jax_step.make_step(bundle.job)), in_axes=(0, None, None))


class Orders:
    """Draws each seed's order of the samples, epoch by epoch."""

    def __init__(self, bundle: Bundle) -> None:
        self._samples = len(bundle.job.x)
        self._shufflers = [job.shuffler() for job in bundle.jobs[: len(bundle.seeds)]]

    def next(self) -> Array:
        """Return the next epoch's, (seeds, samples)."""
        return np.stack([shuffler.permutation(self._samples) for shuffler in self._shufflers])


class JaxVmapped:
    """The step and the drawing of its batches compiled together; losses stay on the device until an epoch ends."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle, self._orders = bundle, Orders(bundle)
        self._x, self._targets = jnp.asarray(bundle.job.x), jnp.asarray(bundle.job.targets)
        self._parameters = first_parameters(bundle)
        step, size = make_step(bundle), bundle.job.batch

        def drawn(parameters: Parameters, x: Any, targets: Any, start: Any) -> tuple[Parameters, Any]:
            batch = (jax.lax.dynamic_slice_in_dim(part, start, size, axis=1) for part in (x, targets))
            return step(parameters, *batch)

        self._step = jax.jit(drawn, donate_argnums=0)
        self._permute = jax.jit(lambda x, targets, orders: (x[orders], targets[orders]))

    def run(self, epochs: int) -> Array:
        """Train for some epochs and return the last one's mean losses, (runs,)."""
        for _ in range(epochs):
            x, targets = self._permute(self._x, self._targets, self._orders.next())
            losses = []
            for start in range(0, len(self._x), self._bundle.job.batch):
                self._parameters, loss = self._step(self._parameters, x, targets, start)
                losses.append(loss)
            means = np.mean(jax.device_get(losses), axis=0, dtype=np.float64)
        jax.block_until_ready(self._parameters)
        return means.ravel()
