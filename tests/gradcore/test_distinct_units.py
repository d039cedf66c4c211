"""Proves the count of units that differ: 1 where all start equal and stay so, the width for random weights."""

import numpy as np
import pytest

import gradcore as gc
from gradcore.records.distinct_units import distinct_units

BOTH = pytest.mark.parametrize("dtype", ["float32", "float64"])


def inputs(features, n=32, seed=0):
    return np.random.default_rng(seed).standard_normal((n, features))


def count(spec, seed=0):
    return distinct_units(gc.forward(gc.build(spec, seed), inputs(spec.sizes[0]))).tolist()


@BOTH
@pytest.mark.parametrize("initializer", ["zeros", "constant"])
@pytest.mark.parametrize("hidden", ["sigmoid", "relu"])
def test_equal_weights_make_one_unit_of_every_layer(dtype, initializer, hidden):
    assert count(gc.NetworkSpec((20, 13, 64, 64, 257, 10), hidden, initializer=initializer, dtype=dtype)) == [1] * 5


@BOTH
@pytest.mark.parametrize("initializer", ["xavier_normal", "he_uniform", "orthogonal", "pytorch_default"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_random_weights_make_every_unit_another(dtype, initializer, seed):
    spec = gc.NetworkSpec((20, 1024, 1024, 300, 2), "tanh", initializer=initializer, dtype=dtype)
    assert count(spec, seed) == [1024, 1024, 300, 2]


@BOTH
@pytest.mark.parametrize("seed", range(5))
def test_copies_of_some_units_are_counted_once(dtype, seed):
    rng = np.random.default_rng(seed)
    net = gc.build(gc.NetworkSpec((20, 1024, 50, 50, 10), "relu", initializer="he_normal", dtype=dtype), seed)
    kinds = int(rng.integers(100, 900))
    order = rng.permutation(1024)
    net.weights[0][order[kinds:]] = net.weights[0][order[rng.integers(0, kinds, 1024 - kinds)]]
    net.weights[1][[3, 17, 40]] = net.weights[1][8]
    net.weights[2][:49] = net.weights[2][48]
    assert distinct_units(gc.forward(net, inputs(20))).tolist() == [kinds, 47, 2, 10]


@BOTH
def test_units_that_differ_by_their_bias_only_are_different(dtype):
    net = gc.build(gc.NetworkSpec((5, 8, 3), initializer="constant", dtype=dtype))
    net.biases[0][:] = [0, 0, 1, 1, 2, 2, 2, 3]
    assert distinct_units(gc.forward(net, inputs(5))).tolist() == [4, 1]


@BOTH
@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_the_count_does_not_depend_on_the_size_of_the_weights(dtype, scale):
    net = gc.build(gc.NetworkSpec((5, 40, 3), "identity", dtype=dtype))
    net.weights[0][20:] = net.weights[0][:20]
    net.weights[0][:] *= scale
    assert distinct_units(gc.forward(net, inputs(5))).tolist() == [20, 3]


@BOTH
@pytest.mark.parametrize("width", [3, 13, 37, 50, 128])
@pytest.mark.parametrize("hidden", ["sigmoid", "relu"])
def test_training_from_equal_weights_keeps_the_units_equal(dtype, width, hidden):
    data = gc.load_dataset("digits", n=400)
    spec = gc.NetworkSpec((64, width, width, 10), hidden, initializer="constant", gain=0.05, dtype=dtype)
    # In the long run training makes much of what rounding has set apart: float32, ReLU, some processors' products.
    tspec = gc.TrainingSpec(0.1, 32, 51, record_every=25, histogram_every=25)
    records = list(gc.train(spec, tspec, data))
    assert [record.stats.distinct_units[:2].tolist() for record in records] == [[1, 1]] * 3
    assert records[-1].stats.distinct_units[2] > 1  # the outputs have targets that differ
    assert abs(records[-1].loss - records[0].loss) > 1e-3  # it did move


@BOTH
def test_training_from_random_weights_keeps_the_units_apart(dtype):
    spec = gc.NetworkSpec((64, 50, 50, 10), "tanh", dtype=dtype)
    tspec = gc.TrainingSpec(0.1, 32, 101, record_every=50, histogram_every=50)
    for record in gc.train(spec, tspec, gc.load_dataset("digits", n=400)):
        assert record.stats.distinct_units.tolist() == [50, 50, 10]
