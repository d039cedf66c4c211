"""PyTorch as its tutorials write it, one network after another."""

from __future__ import annotations

from benchmarks.comparison.bundles import Bundle
from benchmarks.comparison.peers.one_by_one import OneByOne
from benchmarks.engine.peers.pytorch_eager import VERSION, PytorchEager

NAME = "PyTorch eager, one by one"
__all__ = ["NAME", "VERSION", "PytorchOneByOne"]


class PytorchOneByOne(OneByOne):
    """As PyTorch eager in the engine's benchmark."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle, PytorchEager)
