"""ReLU networks in training against He et al. 2015, §2.2 and figs. 2 and 3.

Counting weight layers as they do: 22 layers converge from either start, 30 layers converge from He's and "completely
stall" from Xavier's. The stall is plain SGD's: with zero biases a Xavier network is a He network times a constant,
and Adam, which does not see constant factors, trains it.

Ten Gaussian classes of equal size in 64 dimensions, inputs of variance 1. A run's loss is the mean over its last two
epochs of mini-batches, 20 of its 300 steps.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

WIDTH, CLASSES, SAMPLES, BATCH, STEPS = 64, 10, 640, 64, 300
SEEDS = (0, 1, 2)
CHANCE = math.log(CLASSES)
SGD = gc.TrainingSpec(learning_rate=0.05, batch_size=BATCH, steps=STEPS)
ADAM = gc.TrainingSpec(learning_rate=1e-3, batch_size=BATCH, steps=STEPS, optimizer="adam")


def gaussian_classes(seed):
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((CLASSES, WIDTH))
    y = np.arange(SAMPLES) % CLASSES
    x = centers[y] + 0.5 * rng.standard_normal((SAMPLES, WIDTH))
    return SimpleNamespace(x=x / math.sqrt(1.25), y=y, name="ten Gaussian classes")


def network(layers, initializer):
    return gc.NetworkSpec(sizes=(WIDTH,) * layers + (CLASSES,), hidden="relu", initializer=initializer)


def final_losses(layers, initializer, tspec):
    """Return the last two epochs' mean loss for each seed, infinity where a run diverged."""
    losses = []
    for seed in SEEDS:
        records = list(gc.train(network(layers, initializer), tspec, gaussian_classes(seed), seed=seed))
        mean = np.mean([record.loss for record in records[-2 * SAMPLES // BATCH :]])
        losses.append(np.inf if records[-1].diverged else mean)
    return np.array(losses)


def test_thirty_layers_from_xavier_completely_stall():
    losses = final_losses(30, "xavier_normal", SGD)
    assert (losses > 0.99 * CHANCE).all()
    assert (losses < 1.01 * CHANCE).all()  # stalled at chance, not blown up


def test_thirty_layers_from_he_train():
    assert np.median(final_losses(30, "he_normal", SGD)) < 0.8 * CHANCE


@pytest.mark.parametrize("initializer", ["xavier_normal", "he_normal"])
def test_twenty_two_layers_train_from_either_start(initializer):
    assert np.median(final_losses(22, initializer, SGD)) < 0.8 * CHANCE


def test_adam_trains_the_thirty_layers_from_xavier():
    assert (final_losses(30, "xavier_normal", ADAM) < 1.5).all()


def test_with_zero_biases_xavier_and_he_networks_differ_by_a_constant_factor_only():
    x = gaussian_classes(0).x
    he, xavier = (gc.build(network(30, name), seed=0) for name in ("he_normal", "xavier_normal"))
    he_layers, xavier_layers = gc.forward(he, x).layers, gc.forward(xavier, x).layers
    # A square layer's std is He's over √2; the output layer's variance is 2/74 instead of 2/64.
    for index, (ours, theirs) in enumerate(zip(xavier_layers[:-1], he_layers[:-1], strict=True)):
        expected = theirs.activation * 2 ** (-(index + 1) / 2)
        np.testing.assert_allclose(ours.activation, expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max())
    logits = he_layers[-1].pre_activation * 2**-14.5 * math.sqrt(WIDTH / (WIDTH + CLASSES))
    np.testing.assert_allclose(xavier_layers[-1].pre_activation, logits, rtol=1e-9, atol=1e-12 * np.abs(logits).max())


def test_side_by_side_sgd_stalls_where_adam_trains():
    """The three runs of 30 layers at once, on the same data, the same mini-batches and the same base draws."""
    specs = [network(30, name) for name in ("xavier_normal", "he_normal", "xavier_normal")]
    records = list(gc.compare(specs, [SGD, SGD, ADAM], gaussian_classes(0), SEEDS))
    losses = np.mean([record.loss for record in records[-2 * SAMPLES // BATCH :]], axis=0)
    stalled, he, adam = losses
    assert (stalled > 0.99 * CHANCE).all()
    assert np.median(he) < 0.8 * CHANCE
    assert (adam < 1.5).all()
    start = records[0].stats.grad_rms
    np.testing.assert_array_equal(start[0], start[2])  # one start, two optimizers
