"""JAX with one compiled call a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.engine.jobs import Array, Job

NAME = "JAX jit, one call a step"
VERSION = f"JAX {jax.__version__}"

jax.config.update("jax_enable_x64", True)  # lets float64 be; what is float32 stays float32

ACTIVATIONS = {"sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu}

Parameters = Any


def first_parameters(job: Job) -> Parameters:
    """Return the job's first weights (fan_in, fan_out) and biases as JAX holds them."""
    return [(jnp.asarray(weight.T), jnp.asarray(bias)) for weight, bias in job.weights()]


def make_step(job: Job) -> Callable[[Parameters, Any, Any], tuple[Parameters, Any]]:
    """Return the uncompiled step: (parameters, x, targets) → (new parameters, loss)."""
    activation = ACTIVATIONS[str(job.spec.hidden)]

    def loss(parameters: Parameters, x: Any, targets: Any) -> Any:
        *hidden, (last_weight, last_bias) = parameters
        for weight, bias in hidden:
            x = activation(x @ weight + bias)
        z = x @ last_weight + last_bias
        if job.binary:
            return jnp.mean(jax.nn.softplus(z) - targets * z)
        return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(z), axis=1))

    def step(parameters: Parameters, x: Any, targets: Any) -> tuple[Parameters, Any]:
        value, gradients = jax.value_and_grad(loss)(parameters, x, targets)
        return jax.tree.map(lambda p, g: p - job.rate * g, parameters, gradients), value

    return step


class JaxStep:
    """The step and the drawing of its batch compiled together; losses stay on the device until an epoch ends."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._shuffler = job.shuffler()
        self._x, self._targets = jnp.asarray(job.x), jnp.asarray(job.targets)
        self._parameters = first_parameters(job)
        step = make_step(job)

        def drawn(parameters: Parameters, x: Any, targets: Any, start: Any) -> tuple[Parameters, Any]:
            batch = jax.lax.dynamic_slice_in_dim(x, start, job.batch)
            return step(parameters, batch, jax.lax.dynamic_slice_in_dim(targets, start, job.batch))

        self._step = jax.jit(drawn, donate_argnums=0)
        self._permute = jax.jit(lambda x, targets, order: (x[order], targets[order]))

    def run(self, epochs: int) -> float:
        """Train for some epochs and return the last one's mean loss."""
        n = len(self._x)
        for _ in range(epochs):
            x, targets = self._permute(self._x, self._targets, self._shuffler.permutation(n))
            losses = []
            for start in range(0, n, self._job.batch):
                self._parameters, loss = self._step(self._parameters, x, targets, start)
                losses.append(loss)
            mean = float(np.mean(jax.device_get(losses)))
        jax.block_until_ready(self._parameters)
        return mean

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weights (fan_out, fan_in) and biases (fan_out,) as they stand."""
        return [(np.asarray(weight).T, np.asarray(bias)) for weight, bias in self._parameters]
