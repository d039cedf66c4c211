"""JAX with a whole epoch in one compiled call: lax.scan over the batches."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.engine.jobs import Array, Job
from benchmarks.engine.peers.jax_step import Parameters, first_parameters, make_step

NAME = "JAX jit + lax.scan"
VERSION = f"JAX {jax.__version__}"


class JaxScan:
    """Permuting, drawing and all steps of an epoch in one program."""

    def __init__(self, job: Job) -> None:
        self._shuffler = job.shuffler()
        self._x, self._targets = jnp.asarray(job.x), jnp.asarray(job.targets)
        self._parameters = first_parameters(job)
        step = make_step(job)

        def epoch(parameters: Parameters, x: Any, targets: Any, order: Any) -> tuple[Parameters, Any]:
            batches = tuple(part[order].reshape(job.batches, job.batch, -1) for part in (x, targets))
            return jax.lax.scan(lambda now, batch: step(now, *batch), parameters, batches)

        self._epoch = jax.jit(epoch, donate_argnums=0)

    def run(self, epochs: int) -> float:
        """Train for some epochs and return the last one's mean loss."""
        for _ in range(epochs):
            order = self._shuffler.permutation(len(self._x))
            self._parameters, losses = self._epoch(self._parameters, self._x, self._targets, order)
        jax.block_until_ready(self._parameters)
        return float(np.mean(losses))

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weights (fan_out, fan_in) and biases (fan_out,) as they stand."""
        return [(np.asarray(weight).T, np.asarray(bias)) for weight, bias in self._parameters]
