"""Before anything is timed: every peer arrives at the same losses and weights as the engine."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

import gradcore as gc
from benchmarks.engine.jobs import Array, Job, Peer
from benchmarks.engine.peers import Entry
from benchmarks.engine.peers.bare_products import BareProducts

# Largest relative difference of an epoch's mean loss, and of what training changed in a layer.
TOLERANCE = {"float32": 1e-3, "float64": 1e-8}


def reference(job: Job) -> tuple[float, list[tuple[Array, Array]]]:
    """Train the engine for one epoch; return its mean loss, and weights and biases layer by layer."""
    run = gc.Run(job.spec, job.settings(), job, seed=job.seed)
    loss = float(np.mean([run.advance().loss for _ in range(job.batches)]))
    return loss, list(zip(run.net.weights, run.net.biases, strict=True))


def disagreement(job: Job, peer: Peer | BareProducts) -> str | None:
    """Let a new peer run an epoch; return in what it differs from the engine, None if in nothing."""
    if isinstance(peer, BareProducts):
        return _product_disagreement(job, peer)
    tolerance = TOLERANCE[job.spec.dtype]
    loss = peer.run(1)
    expected_loss, expected = reference(job)
    if not abs(loss - expected_loss) <= tolerance * expected_loss:
        return f"its mean loss is {loss:.9g}, the engine's {expected_loss:.9g}"
    if job.spec.hidden == "relu" and job.spec.dtype == "float32":
        # Some z lies so near ReLU's kink that rounding decides, and 50 layers make much of it. Weights are compared
        # in float64, where that does not happen.
        return None
    for layer, (own, other, first) in enumerate(zip(peer.parameters(), expected, job.weights(), strict=True)):
        for what, mine, theirs, start in zip(("weights", "biases"), own, other, first, strict=True):
            # Not the weights, which hardly move in an epoch, but what training changed in them.
            error = float(np.linalg.norm(mine - theirs) / np.linalg.norm(theirs - start))
            if not error <= tolerance:
                return f"the change of its {what} in layer {layer} is {error:.1e} away from the engine's"
    return None


def check(job: Job, entries: Iterable[Entry]) -> None:
    """Compare all peers with the engine on a job.

    Raises
    ------
    SystemExit
        If one differs; the message names it.
    """
    for entry in entries:
        found = disagreement(job, entry.make(job))
        if found is not None:
            raise SystemExit(f"{entry.name} does not do the same job ({job.name}): {found}")


def _product_disagreement(job: Job, peer: BareProducts) -> str | None:
    peer.run(1)
    net = gc.build(job.spec, job.seed)
    trace = gc.forward(net, job.x[: job.batch])
    grads = gc.backward(net, trace, job.y[: job.batch])
    expected = [layer.pre_activation for layer in trace.layers]
    for index in range(job.spec.depth, -1, -1):
        if index < job.spec.depth:
            expected.append(np.dot(net.weights[index + 1].T, grads.layers[index + 1].delta))
        expected.append(grads.layers[index].block_grad)
    for number, ((_, _, out), right) in enumerate(zip(peer.products, expected, strict=True)):
        if not np.linalg.norm(out - right) <= TOLERANCE[job.spec.dtype] * np.linalg.norm(right):
            return f"product {number} differs from the step's"
    return None
