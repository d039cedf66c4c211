"""Errors in steps, mini-batches, records, and in runs side by side."""

from dataclasses import replace
from itertools import islice

import numpy as np

from tests.gradcore.planted.planting import Planted


def up_instead_of_down(right, optimizer):
    np.negative(optimizer.buffer, optimizer.buffer)
    right(optimizer)


def without_old_velocity(right, optimizer, change):
    optimizer._velocity = None
    right(optimizer, change)


def ahead_by_the_whole_velocity(right, optimizer, change):
    gradient = change.copy()
    right(optimizer, change)
    if optimizer.tspec.nesterov:
        np.add(gradient, (change - gradient) / optimizer.tspec.momentum, change)


def decay_of_biases(right, optimizer, gradient):
    gradient = gradient.copy()
    for own, block in zip(
        optimizer._layout.blocks(gradient), optimizer._layout.blocks(optimizer._parameters), strict=True
    ):
        own[:, -1] += optimizer.tspec.weight_decay * block[:, -1]
    return right(optimizer, gradient)


def mean_not_corrected(right, optimizer, change):
    right(optimizer, change)
    change *= 1 - optimizer.tspec.beta1 ** (optimizer._steps + 1)


def square_not_corrected(right, optimizer, change):
    right(optimizer, change)
    mean, square = optimizer._moments
    corrected_mean = mean / (1 - optimizer.tspec.beta1 ** (optimizer._steps + 1))
    np.divide(corrected_mean, np.sqrt(square) + optimizer.tspec.epsilon, change)


def always_the_first_step(right, optimizer, change):
    optimizer._steps = 0
    right(optimizer, change)


def lost_if_not_recorded(right, step, number, batch, due, record):
    before = step._net.parameters.copy()
    recorded = right(step, number, batch, due, record)
    if not due:
        step._net.parameters[:] = before
    return recorded


def always_the_first_batch(right, batches, step):
    right(batches, step)
    return right(batches, 0)


def shuffled_once(right, batches):
    if hasattr(batches, "_order"):
        batches._gather(0)
    else:
        right(batches)


def gathered_once(right, batches, position):
    if position == 0:
        right(batches, position)


def targets_left_behind(right, batches, position):
    right(batches, position)
    targets, ahead = batches._parts[1]
    ahead[:] = targets[: len(ahead)]


def single_dead_unit_overlooked(right, units, counts):
    return right(units, counts) if counts.max() > units._n else np.zeros(counts.shape)


def dead_units_of_the_first_layer(right, units, counts):
    return np.where((counts >= units._n).cumsum() < 2, right(units, counts), 0)


def dead_where_one_sample_is(right, units, counts):
    return np.add.reduceat(units._by_unit.any(axis=-1), units._starts[:-1], dtype=float) / units._widths


def one_order_for_all(right, orders):
    right(orders)
    orders._orders[:] = orders._orders[0]


def loss_only(right, watch, loss, known=()):
    return {} if np.isfinite(loss).all() else right(watch, loss, known)


def targets_of_another_run(right, backward, targets, *others, **options):
    return right(backward, targets[::-1] if targets.ndim > 2 else targets, *others, **options)


def one_rate_for_all(right, optimizer, name):
    numbers = right(optimizer, name)
    return np.full_like(numbers, numbers.flat[0])


def frozen_run_goes_on(right, step, *arguments):
    recorded = right(step, *arguments)
    if step._net.parameters.ndim > 1:
        step._net.parameters[list(step.diverged)] *= 2
    return recorded


def samples_counted_twice(right, networks, spec, tspecs, parameters, data, test, buffers):
    if test is not None:
        rows = np.arange(-(-len(test.x) // buffers.trace.n) * buffers.trace.n) % len(test.x)
        test = replace(test, x=test.x[rows], targets=test.targets[rows])
    right(networks, spec, tspecs, parameters, data, test, buffers)


IN_TRAINING = {
    # Steps.
    "sign of the step": Planted(
        "gradcore.training.optimizer.Optimizer.apply", "net worked by hand", up_instead_of_down
    ),
    "momentum without the old velocity": Planted(
        "gradcore.training.optimizer.Optimizer._follow_velocity", "optimizers written out", without_old_velocity
    ),
    "Nesterov's look-ahead by the whole velocity": Planted(
        "gradcore.training.optimizer.Optimizer._follow_velocity", "optimizers written out", ahead_by_the_whole_velocity
    ),
    "weight decay on biases": Planted(
        "gradcore.training.optimizer.Optimizer.change", "optimizers written out", decay_of_biases
    ),
    "Adam's mean not corrected": Planted(
        "gradcore.training.optimizer.Optimizer._adapt", "optimizers written out", mean_not_corrected
    ),
    "Adam's square not corrected": Planted(
        "gradcore.training.optimizer.Optimizer._adapt", "optimizers written out", square_not_corrected
    ),
    "Adam's correction of the first step for ever": Planted(
        "gradcore.training.optimizer.Optimizer._adapt", "optimizers written out", always_the_first_step
    ),
    "clipping by the largest entry": Planted(
        "gradcore.training.optimizer.Optimizer._clipping",
        "optimizers written out",
        lambda right, optimizer, gradient: right(optimizer, np.abs(gradient).max(keepdims=True)),
    ),
    "clipping that lengthens": Planted(
        "gradcore.training.optimizer.clip_factor",
        "optimizers written out",
        lambda right, grad_norm, clip_norm: clip_norm / grad_norm,
    ),
    "a step that nobody looks at is lost": Planted(
        "gradcore.training.step.Step.take", "quick ways lead to the same", lost_if_not_recorded
    ),
    "only the first piece of a large step": Planted(
        "gradcore.kernels.gradient_chunks.GradientChunks.of",
        "quick ways lead to the same",
        lambda right, chunks, inputs: islice(right(chunks, inputs), 1),
    ),
    "a piece of a gradient is not subtracted": Planted(
        "gradcore.training.optimizer.Optimizer.descend",
        "quick ways lead to the same",
        lambda right, optimizer, chunks: right(optimizer, islice(chunks, 1, None)),
    ),
    # Batches.
    "batch not advanced": Planted(
        "gradcore.training.batches.Batches.at", "batches pass over the data", always_the_first_batch
    ),
    "shuffled once": Planted("gradcore.training.batches.Batches._shuffle", "batches pass over the data", shuffled_once),
    "gathered once": Planted("gradcore.training.batches.Batches._gather", "batches pass over the data", gathered_once),
    "targets left behind": Planted(
        "gradcore.training.batches.Batches._gather", "batches pass over the data", targets_left_behind
    ),
    # Records.
    "a single dead unit is overlooked": Planted(
        "gradcore.records.saturated_units.SaturatedUnits._dead_shares",
        "dead units are counted",
        single_dead_unit_overlooked,
    ),
    "dead units of the first layer that has any": Planted(
        "gradcore.records.saturated_units.SaturatedUnits._dead_shares",
        "dead units are counted",
        dead_units_of_the_first_layer,
    ),
    "dead where one sample is": Planted(
        "gradcore.records.saturated_units.SaturatedUnits._dead_shares",
        "dead units are counted",
        dead_where_one_sample_is,
    ),
    # Side by side.
    "one order for all seeds": Planted(
        "gradcore.training.batches.Orders._shuffle", "runs side by side are the runs alone", one_order_for_all
    ),
    "the first seed's batch for all": Planted(
        "gradcore.training.comparison._rows",
        "runs side by side are the runs alone",
        lambda right, seeds: np.zeros(len(seeds), dtype=int),
    ),
    "a batch of networks that starts at the first seed": Planted(
        "gradcore.training.comparison._rows",
        "runs side by side are the runs alone",
        lambda right, seeds: slice(len(seeds)) if isinstance(right(seeds), slice) else right(seeds),
    ),
    "the watch sees the loss only": Planted(
        "gradcore.training.divergence.Watch.non_finite", "runs side by side are the runs alone", loss_only
    ),
    "targets of other samples": Planted(
        "gradcore.network.backprop.Backward.run", "runs side by side are the runs alone", targets_of_another_run
    ),
    "one rate for all": Planted(
        "gradcore.training.optimizer.Optimizer._numbers", "runs side by side are the runs alone", one_rate_for_all
    ),
    "a frozen run goes on": Planted(
        "gradcore.training.step.Step.take", "runs side by side are the runs alone", frozen_run_goes_on
    ),
    "test samples counted twice": Planted(
        "gradcore.training.lockstep.NetworkBatch.__init__",
        "runs side by side are the runs alone",
        samples_counted_twice,
    ),
}
