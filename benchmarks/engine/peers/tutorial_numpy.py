"""NumPy as tutorials write it: dictionaries of caches, fresh arrays at each operation, layer by layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engine.jobs import Array, Job

NAME = "tutorial NumPy"
VERSION = ""  # NumPy's stands in the machine's description

ACTIVATIONS: dict[str, Any] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "relu": (lambda z: np.maximum(0, z), lambda z, a: (z > 0).astype(z.dtype)),
}


class TutorialNumpy:
    """One sample a column, `W1`, `b1`, `Z1`, `A1` and their gradients by name."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._depth = len(job.spec.sizes) - 1
        self._activation, self._derivative = ACTIVATIONS[str(job.spec.hidden)]
        self._x, self._targets, self._shuffler = job.x, job.targets, job.shuffler()
        self._parameters: dict[str, Array] = {}
        for layer, (weight, bias) in enumerate(job.weights(), start=1):
            self._parameters[f"W{layer}"] = weight
            self._parameters[f"b{layer}"] = bias[:, None]

    def run(self, epochs: int) -> float:
        """Train for some epochs and return the last one's mean loss."""
        size, n = self._job.batch, len(self._x)
        for _ in range(epochs):
            order = self._shuffler.permutation(n)
            x, targets = self._x[order].T, self._targets[order].T
            losses = []
            for start in range(0, n, size):
                batch, target = x[:, start : start + size], targets[:, start : start + size]
                caches = self._forward(batch)
                losses.append(self._loss(caches[f"A{self._depth}"], target))
                self._update(self._backward(caches, target))
        return float(np.mean(losses))

    def _forward(self, x: Array) -> dict[str, Array]:
        caches = {"A0": x}
        for layer in range(1, self._depth + 1):
            z = np.dot(self._parameters[f"W{layer}"], caches[f"A{layer - 1}"]) + self._parameters[f"b{layer}"]
            caches[f"Z{layer}"] = z
            caches[f"A{layer}"] = self._activation(z) if layer < self._depth else self._output(z)
        return caches

    def _output(self, z: Array) -> Array:
        if self._job.binary:
            return 1 / (1 + np.exp(-z))
        exponentials = np.exp(z - np.max(z, axis=0, keepdims=True))
        return exponentials / np.sum(exponentials, axis=0, keepdims=True)

    def _loss(self, output: Array, target: Array) -> float:
        n = target.shape[1]
        if self._job.binary:
            return float(-np.sum(target * np.log(output) + (1 - target) * np.log(1 - output)) / n)
        return float(-np.sum(target * np.log(output)) / n)

    def _backward(self, caches: dict[str, Array], target: Array) -> dict[str, Array]:
        gradients, n = {}, target.shape[1]
        delta = caches[f"A{self._depth}"] - target
        for layer in range(self._depth, 0, -1):
            gradients[f"dW{layer}"] = np.dot(delta, caches[f"A{layer - 1}"].T) / n
            gradients[f"db{layer}"] = np.sum(delta, axis=1, keepdims=True) / n
            if layer > 1:
                arriving = np.dot(self._parameters[f"W{layer}"].T, delta)
                delta = arriving * self._derivative(caches[f"Z{layer - 1}"], caches[f"A{layer - 1}"])
        return gradients

    def _update(self, gradients: dict[str, Array]) -> None:
        for name, gradient in gradients.items():
            self._parameters[name[1:]] = self._parameters[name[1:]] - self._job.rate * gradient

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weights (fan_out, fan_in) and biases (fan_out,) as they stand."""
        layers = range(1, self._depth + 1)
        return [(self._parameters[f"W{layer}"], self._parameters[f"b{layer}"][:, 0]) for layer in layers]
