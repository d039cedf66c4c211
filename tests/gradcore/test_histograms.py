"""Proves that every entry of every layer is counted once and in the right bin, and what is off the axis apart.

Counts are held against a direct count of the raw buffers on both sides of every bin edge, and against np.histogram.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.records.histograms import BINS, layer_histograms

KINDS = ("activation", "pre_activation", "log_gradient")


def raw_values(trace, grads, kind, layer):
    """Return what a histogram counts, flat and in float64; the gradient as its magnitude's logarithm."""
    if kind == "log_gradient":
        with np.errstate(divide="ignore"):
            return np.log10(np.abs(grads.layers[layer].weight_grad.astype(float))).ravel()
    return np.ravel(getattr(trace.layers[layer], kind)).astype(float)


def check(histograms, trace, grads, dtype):
    """Hold all three histograms of all layers against the raw buffers."""
    for kind in KINDS:
        histogram = getattr(histograms, kind)
        assert histogram.counts.shape == (len(trace.layers), BINS)
        for layer in range(len(trace.layers)):
            check_layer(histogram, layer, raw_values(trace, grads, kind, layer), kind == "log_gradient", dtype)


def check_layer(histogram, layer, values, logarithmic, dtype):
    zeros = np.isneginf(values) if logarithmic else np.zeros(values.shape, dtype=bool)
    on_axis = values[np.isfinite(values)]
    counts, low, high = histogram.counts[layer], histogram.low[layer], histogram.high[layer]
    assert histogram.zeros[layer] == zeros.sum()
    assert histogram.infs[layer] == (np.isinf(values) & ~zeros).sum()
    assert histogram.nans[layer] == np.isnan(values).sum()
    assert counts.sum() == on_axis.size
    assert (counts >= 0).all()
    if not on_axis.size:
        return
    assert low <= on_axis.min() + 1e-7 * (high - low)
    assert high >= on_axis.max() - 1e-7 * (high - low)
    if low == high:
        assert counts[0] == on_axis.size
        return
    slack = (1e-6 if dtype == "float32" else 1e-13) * (high - low)  # rounding may move an entry that sits on an edge
    edges = np.linspace(low, high, BINS + 1)
    for edge, below in zip(edges[1:-1], np.cumsum(counts)[:-1], strict=True):
        assert (on_axis < edge - slack).sum() <= below <= (on_axis <= edge + slack).sum()
    if dtype == "float64" and not logarithmic:
        np.testing.assert_array_equal(counts, np.histogram(on_axis, BINS, (low, high))[0])


def ran(spec, seed=0, n=40):
    rng = np.random.default_rng(seed)
    net, x = gc.build(spec, seed), rng.standard_normal((n, spec.sizes[0]))
    trace = gc.forward(net, x)
    return net, trace, gc.backward(net, trace, rng.integers(0, spec.sizes[-1], n))


def check_spec(spec):
    net, trace, grads = ran(spec)
    histograms = layer_histograms(net, trace, grads)
    check(histograms, trace, grads, spec.dtype)
    return histograms


MIXED = ("sigmoid", "tanh", "relu", "softsign", "hard_sigmoid", "lecun_tanh", "elu", "identity", "erf")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "spec",
    [
        {"sizes": (6, *[9] * len(MIXED), 4), "hidden": MIXED, "initializer": "normal"},
        {"sizes": (6, 3, 8, 8, 5, 4), "hidden": "relu", "initializer": "he_normal", "bias_std": 3.0},
        {"sizes": (6, 8, 8, 8, 4), "hidden": "tanh", "residual": True, "gain": 2.0},
        {"sizes": (6, 8, 8, 5, 4), "hidden": "sigmoid", "normalization": "batch"},
        {"sizes": (6, 8, 8, 5, 4), "hidden": "tanh", "normalization": "layer", "output": "identity", "loss": None},
        {"sizes": (6, 8, 8, 4), "hidden": "tanh", "initializer": "normal", "bias_std": 1000.0, "output": "sigmoid"},
        {"sizes": (6, 4)},
        {"sizes": (1, 1, 1, 2), "hidden": "tanh"},
    ],
    ids=["mixed", "varied", "residual", "batch", "layer", "far from zero", "no hidden layer", "width 1"],
)
def test_every_entry_is_in_its_bin(spec, dtype):
    if spec.get("output") == "identity":
        spec = {**spec, "output": "softmax"}
    check_spec(gc.NetworkSpec(dtype=dtype, **spec))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_hundred_layers_of_one_width_do_not_spill_into_each_other(dtype):
    spec = gc.NetworkSpec((16, *[16] * 100, 3), "tanh", initializer="lecun_normal", gain=1.2, dtype=dtype)
    histograms = check_spec(spec)
    assert (histograms.activation.counts[:-1].sum(axis=1) == 16 * 40).all()


def test_records_carry_histograms_of_their_step_at_the_interval_only():
    data = gc.load_dataset("clouds", n=200)
    spec = gc.NetworkSpec((2, 7, 7, 3), "relu", initializer="he_normal", dtype="float32")
    run = gc.Run(spec, gc.TrainingSpec(0.1, 16, 21, record_every=3, histogram_every=6, clip_norm=1e-3), data)
    with_histograms = []
    while not run.finished:
        record = run.advance()
        assert (record.stats.histograms is None) == (record.stats.distinct_units is None)
        if record.stats.histograms is not None:
            with_histograms.append(record.step)
            check(record.stats.histograms, run.trace, run.grads, "float32")  # raw gradients, though clipped
    assert with_histograms == [0, 6, 12, 18]


def test_a_bounded_activation_has_its_range_as_axis_and_the_others_end_at_their_extremes():
    spec = gc.NetworkSpec((6, 8, 8, 8, 8, 4), ("sigmoid", "tanh", "lecun_tanh", "relu"), initializer="normal")
    net, trace, grads = ran(spec)
    histograms = layer_histograms(net, trace, grads)
    relu, z = trace.layers[3].activation, [layer.pre_activation for layer in trace.layers]
    assert histograms.activation.low.tolist() == [0, -1, -1.7159, relu.min(), 0]
    assert histograms.activation.high.tolist() == [1, 1, 1.7159, relu.max(), 1]
    assert histograms.pre_activation.low.tolist() == [values.min() for values in z]
    assert histograms.pre_activation.high.tolist() == [values.max() for values in z]
    logs = [np.log10(np.abs(layer.weight_grad[layer.weight_grad != 0])) for layer in grads.layers]
    assert histograms.log_gradient.low.tolist() == [np.floor(values.min()) for values in logs]
    assert histograms.log_gradient.high.tolist() == [np.ceil(values.max()) for values in logs]
    assert histograms.log_gradient.zeros[3] == (grads.layers[3].weight_grad == 0).sum()


def test_equal_values_have_an_axis_of_no_length_and_all_zero_gradients_none():
    net, trace, grads = ran(gc.NetworkSpec((6, 5, 5, 4), "relu", initializer="zeros"))
    histograms = layer_histograms(net, trace, grads)
    check(histograms, trace, grads, "float64")
    assert histograms.pre_activation.low.tolist() == histograms.pre_activation.high.tolist() == [0, 0, 0]
    assert histograms.activation.counts[:2, 0].tolist() == [5 * 40, 5 * 40]
    assert histograms.log_gradient.zeros.tolist() == [30, 25, 20]
    assert not histograms.log_gradient.counts.any()
    assert np.isnan(histograms.log_gradient.low).all()
    assert np.isnan(histograms.log_gradient.high).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("planted", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_inf_and_nan_from_a_planted_weight_are_counted_apart(dtype, planted, layer):
    rng = np.random.default_rng(3)
    data = SimpleNamespace(x=rng.standard_normal((32, 4)), y=rng.integers(0, 3, 32), name="test")
    spec = gc.NetworkSpec((4, 6, 6, 3), "identity", dtype=dtype)
    run = gc.Run(spec, gc.TrainingSpec(histogram_every=1), data)
    run.net.weights[layer][1, 2] = planted
    record = run.advance()
    histograms = record.stats.histograms
    check(histograms, run.trace, run.grads, dtype)
    if np.isinf(planted):
        assert histograms.pre_activation.infs[layer] == 32
    else:
        assert histograms.pre_activation.nans[layer] == 32
    assert histograms.pre_activation.counts[layer].sum() == 32 * (spec.sizes[layer + 1] - 1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_inf_nan_and_zeros_planted_in_the_buffers_are_counted_to_the_last_one(dtype):
    net, trace, grads = ran(gc.NetworkSpec((6, 8, 8, 4), "identity", dtype=dtype))
    for layer in trace.layers[:2]:
        layer.activation[0, :5], layer.pre_activation[1, :3] = np.inf, -np.inf
        layer.activation[2, 1:3], layer.pre_activation[3, 0] = np.nan, np.nan
    grads.layers[1].weight_grad[0, :4] = [np.nan, np.inf, -np.inf, 0.0]
    histograms = layer_histograms(net, trace, grads)
    check(histograms, trace, grads, dtype)
    assert histograms.activation.infs.tolist() == [5, 5, 0]
    assert histograms.pre_activation.infs.tolist() == [3, 3, 0]
    assert histograms.activation.nans.tolist() == [2, 2, 0]
    one = (histograms.log_gradient.zeros[1], histograms.log_gradient.infs[1], histograms.log_gradient.nans[1])
    assert one == (1, 2, 1)


@pytest.mark.parametrize(("dtype", "size"), [("float32", 3e38), ("float64", 1.5e308), ("float32", 1e-44)])
def test_values_at_both_ends_of_the_types_range_are_counted(dtype, size):
    net, trace, grads = ran(gc.NetworkSpec((6, 8, 8, 4), "identity", dtype=dtype))
    values = np.linspace(-1, 1, 40)
    for layer in trace.layers:
        layer.pre_activation[:] = (values * size).astype(dtype)
    with np.errstate(all="ignore"):
        counts = layer_histograms(net, trace, grads).pre_activation.counts
    assert counts.sum(axis=1).tolist() == [320, 320, 160]
    if size > 1:
        assert counts[0].max() <= 16  # evenly spread, as the values are


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_that_overflows_is_recorded_with_histograms_to_its_last_step(dtype):
    data = gc.load_dataset("clouds", n=32, test_fraction=0)
    spec = gc.NetworkSpec((2, *[16] * 20, 3), "identity", initializer="he_normal", dtype=dtype)
    for seed in range(10):
        plain = list(gc.train(spec, gc.TrainingSpec(1.0, 32, 50), data, seed=seed))
        records = list(gc.train(spec, gc.TrainingSpec(1.0, 32, 50, histogram_every=1), data, seed=seed))
        assert plain[-1].diverged
        assert [record.step for record in records] == [record.step for record in plain]
        histogram = records[-1].stats.histograms.pre_activation
        totals = histogram.counts.sum(axis=1) + histogram.infs + histogram.nans
        assert totals.tolist() == [16 * 32] * 20 + [3 * 32]
