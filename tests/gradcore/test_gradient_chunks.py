"""A large network's unrecorded steps, which write no gradient down, are to the bit those that do."""

from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.kernels import gradient_chunks
from gradcore.kernels.gradient_chunks import GradientChunks
from gradcore.network.backprop import SUBNORMAL_CHECK_EVERY, Backward
from gradcore.network.forward import Forward
from gradcore.network.gradients import Gradients
from gradcore.network.trace import Trace
from gradcore.training import step as training_step
from gradcore.training.divergence import Watch
from gradcore.training.optimizer import Optimizer
from tests.gradcore.small_runs import make_run, records_of

STEPS = 40
RNG = np.random.default_rng(3)
DATA = SimpleNamespace(x=RNG.standard_normal((60, 7)), y=np.arange(60) % 3, name="random")
SIZES = (7, 30, 41, 30, 3)


@pytest.fixture
def small_is_large(monkeypatch):
    """Every network goes chunk by chunk, in several chunks a layer, the last one smaller; return how often it did."""
    monkeypatch.setattr(training_step, "LARGE", 0)
    monkeypatch.setattr(gradient_chunks, "CHUNK", 100)
    counts = {"in chunks": 0, "filled in after all": 0}

    def counted(method, what):
        def call(*arguments):
            counts[what] += 1
            return method(*arguments)

        return call

    monkeypatch.setattr(Optimizer, "descend", counted(Optimizer.descend, "in chunks"))
    monkeypatch.setattr(GradientChunks, "fill", counted(GradientChunks.fill, "filled in after all"))
    return counts


def trained(spec, every, steps=STEPS, **options):
    run = make_run(DATA, spec, **{"learning_rate": 0.1, **options}, batch_size=10, steps=steps, record_every=every)
    return run, list(records_of(run))


@pytest.mark.parametrize("chunk", [1, 100, 1 << 17])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_chunks_are_the_gradients_to_the_bit(dtype, chunk, monkeypatch):
    monkeypatch.setattr(gradient_chunks, "CHUNK", chunk)
    net = gc.build(gc.NetworkSpec(SIZES, "tanh", residual=True, dtype=dtype))
    trace, grads = Trace(net.spec, 9), Gradients(net.spec, 9)
    trace.set_input(RNG.standard_normal((9, 7)))
    Forward(net, trace).run()
    Backward(net, trace, grads).run(np.eye(3, dtype=dtype)[np.arange(9) % 3].T)
    whole = np.full_like(grads.flat, np.nan)
    deltas, activations = [layer.delta for layer in grads.layers], [layer.with_ones for layer in trace.layers[:-1]]
    for place, part in GradientChunks(deltas, activations, len(trace.input)).of(trace.input):
        assert np.isnan(whole[place]).all()
        whole[place] = part
    np.testing.assert_array_equal(whole, grads.flat)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("more", [{}, {"residual": True}, {"hidden": "relu", "initializer": "he_normal"}])
def test_recording_every_step_or_few_makes_the_same_weights(dtype, more, small_is_large):
    spec = gc.NetworkSpec(SIZES, **{"hidden": "tanh", **more}, dtype=dtype)
    always, records = trained(spec, 1)
    assert small_is_large["in chunks"] == 0
    seldom, few = trained(spec, 13)
    # All but the recorded ones and those that look for subnormals.
    whole = {*range(0, STEPS, 13), STEPS - 1, *range(0, STEPS, SUBNORMAL_CHECK_EVERY)}
    assert small_is_large == {"in chunks": STEPS - len(whole), "filled in after all": 0}
    np.testing.assert_array_equal(always.net.parameters, seldom.net.parameters)
    for one in few:
        np.testing.assert_array_equal(one.stats.grad_norm, records[one.step].stats.grad_norm)


@pytest.mark.parametrize(
    "options",
    [{"clip_norm": 0.5}, {"momentum": 0.9}, {"weight_decay": 0.1}, {"optimizer": "adam", "learning_rate": 0.001}],
)
def test_what_needs_the_whole_gradient_gets_it(options, small_is_large):
    seldom, _ = trained(gc.NetworkSpec(SIZES, "tanh"), 13, **options)
    assert small_is_large["in chunks"] == 0
    np.testing.assert_array_equal(trained(gc.NetworkSpec(SIZES, "tanh"), 1, **options)[0].net.parameters,
                                  seldom.net.parameters)  # fmt: skip


@pytest.mark.parametrize("normalization", ["batch", "layer"])
def test_normalized_networks_learn_their_scales_and_shifts(normalization, small_is_large):
    seldom, _ = trained(gc.NetworkSpec(SIZES, "tanh", normalization=normalization), 13)
    assert small_is_large["in chunks"] == 0
    assert all(shift.any() for shift in seldom.net.shifts)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_diverges_at_the_same_step_and_place_with_the_same_weights(dtype, small_is_large):
    spec = gc.NetworkSpec(SIZES, "relu", output="identity", initializer="he_normal", dtype=dtype)
    always, records = trained(spec, 1, learning_rate=0.5)
    seldom, few = trained(spec, 1000, learning_rate=0.5)
    assert records[-1].diverged
    assert small_is_large["filled in after all"] > 0
    ends = [(last.step, last.diverged_layer, last.diverged_in) for last in (records[-1], few[-1])]
    assert ends[0] == ends[1]
    np.testing.assert_array_equal(always.net.parameters, seldom.net.parameters)
    assert np.isfinite(seldom.net.parameters).all()


def test_nearly_subnormal_gradients_are_computed_by_the_way_around_subnormals(small_is_large):
    spec = gc.NetworkSpec((7, *[16] * 60, 3), "sigmoid", dtype="float32")
    always, _ = trained(spec, 1)
    seldom, _ = trained(spec, 1000)
    assert small_is_large["in chunks"] == 0
    np.testing.assert_array_equal(always.net.parameters, seldom.net.parameters)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_from_overflow_is_only_what_is_small_everywhere(dtype):
    net = gc.build(gc.NetworkSpec(SIZES, "tanh", dtype=dtype))
    trace, grads = Trace(net.spec, 9), Gradients(net.spec, 9)
    watch = Watch(net, trace, grads)
    trace.set_input(np.ones((9, 7)))
    for layer, gradients in zip(trace.layers, grads.layers, strict=True):
        layer.activation.fill(1)
        gradients.delta.fill(1)
    assert watch.is_far_from_overflow(1.0)
    assert not any(map(watch.is_far_from_overflow, (np.nan, np.inf, -np.inf)))
    large = 1e16 if dtype == "float32" else 1e141
    for somewhere in (trace.input, trace.layers[1].activation, grads.layers[0].delta, grads.layers[-1].delta):
        for value in (large, np.nan, np.inf, -np.inf):
            somewhere[0, 0] = value
            with np.errstate(all="ignore"):
                assert not watch.is_far_from_overflow(1.0)
        somewhere[0, 0] = 1
    assert watch.is_far_from_overflow(1.0)
