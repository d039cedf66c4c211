"""JAX with a whole epoch of all runs in one compiled call: lax.scan over the mapped step."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.comparison.bundles import Bundle
from benchmarks.comparison.peers.jax_vmapped import Orders, first_parameters, make_step
from benchmarks.engine.jobs import Array
from benchmarks.engine.peers.jax_step import VERSION, Parameters

NAME = "JAX jit + vmap + lax.scan"
__all__ = ["NAME", "VERSION", "JaxVmappedScan"]


class JaxVmappedScan:
    """Permuting, drawing and all steps of an epoch in one program."""

    def __init__(self, bundle: Bundle) -> None:
        self._orders = Orders(bundle)
        self._x, self._targets = jnp.asarray(bundle.job.x), jnp.asarray(bundle.job.targets)
        self._parameters = first_parameters(bundle)
        step, shape = make_step(bundle), (len(bundle.seeds), bundle.batches, bundle.job.batch)

        def epoch(parameters: Parameters, x: Any, targets: Any, orders: Any) -> tuple[Parameters, Any]:
            orders = orders.reshape(shape).swapaxes(0, 1)
            return jax.lax.scan(lambda now, batch: step(now, *batch), parameters, (x[orders], targets[orders]))

        self._epoch = jax.jit(epoch, donate_argnums=0)

    def run(self, epochs: int) -> Array:
        """Train for some epochs and return the last one's mean losses, (runs,)."""
        for _ in range(epochs):
            self._parameters, losses = self._epoch(self._parameters, self._x, self._targets, self._orders.next())
        jax.block_until_ready(self._parameters)
        return np.mean(losses, axis=0, dtype=np.float64).ravel()
