"""PyTorch as its tutorials write it: modules, autograd, an optimizer; no compilation."""

from __future__ import annotations

import numpy as np
import torch

from benchmarks.engine.jobs import Array, Job

NAME = "PyTorch eager"
VERSION = f"PyTorch {torch.__version__.partition('+')[0]}"

ACTIVATIONS = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


class PytorchEager:
    """nn.Sequential and optim.SGD. Whole epochs are permuted at once: a DataLoader would be many times slower."""

    def __init__(self, job: Job) -> None:
        torch.set_num_threads(1)
        self._job = job
        layers: list[torch.nn.Module] = []
        self._linear = []
        for weight, bias in job.weights():
            linear = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=getattr(torch, job.spec.dtype))
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight))
                linear.bias.copy_(torch.from_numpy(bias))
            self._linear.append(linear)
            layers += [linear, ACTIVATIONS[str(job.spec.hidden)]()]
        self._network = torch.nn.Sequential(*layers[:-1])
        self._loss = torch.nn.BCEWithLogitsLoss() if job.binary else torch.nn.CrossEntropyLoss()
        self._optimizer = torch.optim.SGD(self._network.parameters(), lr=job.rate)
        # Copies: the data set's own arrays can't be written into, which PyTorch does not know.
        self._x = torch.tensor(job.x)
        self._targets = torch.tensor(job.targets if job.binary else job.y)
        self._shuffler = job.shuffler()

    def run(self, epochs: int) -> float:
        """Train for some epochs and return the last one's mean loss."""
        size, n = self._job.batch, len(self._x)
        for _ in range(epochs):
            order = torch.from_numpy(self._shuffler.permutation(n))
            x, targets = self._x[order], self._targets[order]
            losses = []
            for start in range(0, n, size):
                self._optimizer.zero_grad()
                loss = self._loss(self._network(x[start : start + size]), targets[start : start + size])
                loss.backward()
                self._optimizer.step()
                losses.append(loss.item())
        return float(np.mean(losses))

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weights (fan_out, fan_in) and biases (fan_out,) as they stand."""
        return [(linear.weight.detach().numpy(), linear.bias.detach().numpy()) for linear in self._linear]
