"""The limit: the matrix products of a step and nothing else."""

from __future__ import annotations

import numpy as np

import gradcore as gc
from benchmarks.engine.jobs import Array, Job

NAME = "bare GEMMs"
VERSION = ""  # NumPy's stands in the machine's description


class BareProducts:
    """The np.dot calls of our step, on the shapes, strides and numbers of a real one, over and over.

    Attributes
    ----------
    products : list of (a, b, out)
        In the order of a step: forward, then backward layer by layer.
    """

    def __init__(self, job: Job) -> None:
        net = gc.build(job.spec, job.seed)
        trace = gc.forward(net, job.x[: job.batch])
        grads = gc.backward(net, trace, job.y[: job.batch])
        inputs = [trace.input, *(layer.with_ones for layer in trace.layers[:-1])]
        batch = np.ascontiguousarray(trace.input.T)
        inputs[0] = batch.T  # a slice of the data lies in memory sample by sample
        self._batches = job.batches
        self.products: list[tuple[Array, Array, Array]] = [
            (block, below, np.empty_like(layer.pre_activation))
            for block, below, layer in zip(net.blocks, inputs, trace.layers, strict=True)
        ]
        for index in range(job.spec.depth, -1, -1):
            here = grads.layers[index]
            if index < job.spec.depth:
                above = grads.layers[index + 1]
                self.products.append((net.weights[index + 1].T, above.delta, np.empty_like(here.delta)))
            self.products.append((here.delta, inputs[index].T, np.empty_like(here.block_grad)))

    def run(self, epochs: int) -> float:
        """Multiply as often as so many epochs would; there is no loss."""
        for _ in range(epochs * self._batches):
            for a, b, out in self.products:
                np.dot(a, b, out=out)
        return float("nan")
