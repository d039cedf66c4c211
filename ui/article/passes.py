"""What most experiments do: one pass through a network and back, or a short training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.kernels.random_streams import DATA, stream
from ui import data_sets

Vector = npt.NDArray[np.float64]

CLASSES = 10


@dataclass(frozen=True)
class Pass:
    """One batch through a new network and back.

    Attributes
    ----------
    net : gc.Network
    trace : gc.Trace
    delta_norm, grad_rms, activation_rms : (layers,)
        ‖∂loss/∂z‖, the root mean square of ∂loss/∂W, and that of the activations; output layer included.
    factors : (layers - 1,)
        ‖δ_l‖/‖δ_{l+1}‖: what the gradient is multiplied by on its way into each layer.
    """

    net: gc.Network
    trace: gc.Trace
    delta_norm: Vector
    grad_rms: Vector
    activation_rms: Vector
    factors: Vector


def one_pass(spec: gc.NetworkSpec, seed: int, x: npt.ArrayLike, y: npt.ArrayLike) -> Pass:
    """Build a network and send a batch through it and back."""
    net = gc.build(spec, seed)
    trace = gc.forward(net, x)
    grads = gc.backward(net, trace, y)
    return Pass(
        net,
        trace,
        np.array([np.linalg.norm(layer.delta) for layer in grads.layers]),
        np.array([_rms(layer.weight_grad) for layer in grads.layers]),
        np.array([_rms(layer.activation) for layer in trace.layers]),
        np.array([layer.weight_factor * layer.derivative_factor for layer in grads.layers[:-1]]),
    )


def normal_batch(seed: int, features: int, n: int = 64) -> tuple[Vector, npt.NDArray[np.int64]]:
    """Return standard normal inputs (n, features), and classes (n,) that have nothing to do with them."""
    rng = stream(seed, DATA)
    return rng.standard_normal((n, features)), rng.integers(0, CLASSES, n)


def digits() -> gc.Dataset:
    """Return the handwritten digits, as every screen has them."""
    return data_sets.load("digits")


def trained(spec: gc.NetworkSpec, seed: int, **training: Any) -> tuple[gc.Run, list[gc.StepRecord]]:
    """Train on the digits to the end; return the run and its records."""
    run = gc.Run(spec, gc.TrainingSpec(**training), digits(), seed)
    records = []
    while not run.finished:
        records.append(run.advance())
    return run, records


def steps_to(losses: Vector, steps: Vector, target: float) -> int | None:
    """Return the first step at which a curve is at or below a target; None if there is none."""
    below = np.flatnonzero(losses <= target)
    return int(steps[below[0]]) if len(below) else None


def _rms(values: npt.NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
