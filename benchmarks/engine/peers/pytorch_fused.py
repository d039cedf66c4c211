"""PyTorch eager with its optimizer's update in a single call: one keyword more, and on deep networks faster."""

from __future__ import annotations

import torch

from benchmarks.engine.jobs import Job
from benchmarks.engine.peers.pytorch_eager import VERSION, PytorchEager

NAME = "PyTorch eager, fused SGD"
__all__ = ["NAME", "VERSION", "PytorchFused"]


class PytorchFused(PytorchEager):
    """As PyTorch eager, but for `fused=True`."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._optimizer = torch.optim.SGD(self._network.parameters(), lr=job.rate, fused=True)
