"""Laws that hold for every network, tried on 200 random ones each: what may be exchanged, repeated and scaled.

Networks are drawn over depth, widths, activations, outputs, losses, normalization and residual paths; weights and
data come from a drawn seed.
"""

from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from math import hypot
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradcore as gc

every_time = settings(max_examples=200, deadline=None, derandomize=True, database=None)

SMOOTH = ("identity", "sigmoid", "tanh", "gelu", "silu", "softplus", "lecun_tanh", "erf")
ALL = tuple(gc.ACTIVATIONS)
OUTPUTS = (("softmax", None), ("softmax", "mse"), ("sigmoid", None), ("sigmoid", "mse"), ("identity", None))
INITIALIZERS = ("lecun_normal", "he_uniform", "orthogonal", "xavier_normal", "pytorch_default", "normal")
seeds = st.integers(0, 2**32 - 1)


@st.composite
def specs(draw, hidden=ALL, depths=(0, 3), normalizations=(None, "batch", "layer"), residual=True, gains=(0.3, 1.5)):
    depth = draw(st.integers(*depths))
    widths = draw(st.lists(st.integers(1, 5), min_size=depth, max_size=depth))
    output, loss = draw(st.sampled_from(OUTPUTS))
    return gc.NetworkSpec(
        (draw(st.integers(1, 4)), *widths, draw(st.integers(2, 4))),
        hidden=tuple(draw(st.lists(st.sampled_from(hidden), min_size=depth, max_size=depth))),
        output=output,
        loss=loss,
        initializer=draw(st.sampled_from(INITIALIZERS)),
        gain=draw(st.floats(*gains)),
        bias_std=draw(st.sampled_from((0.0, 0.3))),
        normalization=draw(st.sampled_from(normalizations)),
        residual=residual and draw(st.booleans()),
    )


def network(spec, seed):
    """Return a network whose scales and shifts are no longer 1 and 0."""
    net, rng = gc.build(spec, seed), np.random.default_rng(seed)
    for scale, shift in zip(net.scales, net.shifts, strict=True):
        scale[:], shift[:] = rng.uniform(0.5, 1.5, scale.shape), rng.normal(0, 0.5, shift.shape)
    return net


def data(spec, n, seed):
    """Return inputs and targets; the loss has something to learn from each output."""
    rng = np.random.default_rng([seed, n])
    x, classes = rng.standard_normal((n, spec.sizes[0])), rng.integers(0, spec.sizes[-1], n)
    return x, rng.standard_normal((n, spec.sizes[-1])) if spec.output == "identity" else np.eye(spec.sizes[-1])[classes]


def gradients(net, x, y):
    return gc.backward(net, gc.forward(net, x), y)


def close(got, expected):
    """Compare gradients or deltas of one kind by the digits of the largest."""
    got, expected = np.asarray(got), np.asarray(expected)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-11 * max(np.abs(expected).max(initial=0), 1e-3))


def about(loss):
    """Return what equals this loss up to rounding."""
    return pytest.approx(loss, rel=1e-11, abs=1e-14)


@every_time
@given(specs(hidden=SMOOTH), st.integers(2, 6), seeds)
def test_backpropagation_is_the_derivative_of_the_loss(spec, n, seed):
    errors = gc.check_gradients(network(spec, seed), *data(spec, n, seed), sample=5)
    assert max(errors) < 1e-6, errors


@every_time
@given(specs(), st.integers(1, 6), st.integers(2, 4), seeds)
def test_repeating_the_batch_changes_neither_loss_nor_gradients(spec, n, times, seed):
    net, (x, y) = network(spec, seed), data(spec, n, seed)
    once, repeated = gradients(net, x, y), gradients(net, np.tile(x, (times, 1)), np.tile(y, (times, 1)))
    assert repeated.loss == about(once.loss)
    close(repeated.flat, once.flat)


@every_time
@given(specs(), st.integers(2, 7), seeds, st.randoms(use_true_random=False))
def test_the_order_of_samples_changes_no_gradient_and_orders_the_deltas(spec, n, seed, random):
    net, (x, y) = network(spec, seed), data(spec, n, seed)
    order = list(range(n))
    random.shuffle(order)
    before, after = gradients(net, x, y), gradients(net, x[order], y[order])
    assert after.loss == about(before.loss)
    close(after.flat, before.flat)
    for layer_after, layer_before in zip(after.layers, before.layers, strict=True):
        close(layer_after.delta, layer_before.delta[:, order])


@every_time
@given(specs(normalizations=(None, "layer"), residual=False), st.integers(1, 5), st.integers(1, 5), seeds)
def test_a_batchs_gradient_is_the_mean_of_its_parts(spec, first, second, seed):
    net, n = network(spec, seed), first + second
    x, y = data(spec, n, seed)
    whole, one, other = (gradients(net, x[part], y[part]) for part in (slice(None), slice(first), slice(first, n)))
    assert whole.loss == about((first * one.loss + second * other.loss) / n)
    close(whole.flat, (first * one.flat + second * other.flat) / n)


@every_time
@given(specs(depths=(1, 3), residual=False), st.integers(2, 5), seeds, st.data())
def test_exchanging_hidden_units_exchanges_their_gradients_and_nothing_else(spec, n, seed, choice):
    net, changed, (x, y) = network(spec, seed), network(spec, seed), data(spec, n, seed)
    layer = choice.draw(st.integers(0, spec.depth - 1))
    order = choice.draw(st.permutations(range(spec.sizes[layer + 1])))
    changed.blocks[layer][:] = net.blocks[layer][order]
    changed.weights[layer + 1][:] = net.weights[layer + 1][:, order]
    if spec.normalization:
        changed.scales[layer][:], changed.shifts[layer][:] = net.scales[layer][order], net.shifts[layer][order]
    before, after = gradients(net, x, y), gradients(changed, x, y)
    assert after.loss == about(before.loss)
    for index, (old, new) in enumerate(zip(before.layers, after.layers, strict=True)):
        rows = order if index == layer else slice(None)
        columns = order if index == layer + 1 else slice(None)
        close(new.delta, old.delta[rows])
        close(new.weight_grad, old.weight_grad[rows][:, columns])
        close(new.bias_grad, old.bias_grad[rows])
        if old.scale_grad is not None:
            close(new.scale_grad, old.scale_grad[rows])
            close(new.shift_grad, old.shift_grad[rows])


LINEAR = {"normalizations": (None,), "residual": True}


@every_time
@given(specs(hidden=("identity",), **LINEAR), st.integers(1, 4), seeds, st.integers(-200, 200))
def test_a_linear_network_passes_a_factor_on_through_any_layer(spec, n, seed, exponent):
    spec, factor = replace(spec, output="identity", loss=None, bias_std=0.0, initializer="lecun_normal"), 2.0**exponent
    net, (x, y) = network(spec, seed), data(spec, n, seed)
    before, grads = gc.forward(net, x).output, gradients(net, x, y)
    # A power of two, so to the last bit: outputs with the inputs, gradients with the square of inputs and targets.
    np.testing.assert_array_equal(gc.forward(net, factor * x).output, factor * before)
    scaled = gradients(net, factor * x, factor * y)
    assert scaled.loss == factor**2 * grads.loss
    for layer, scaled_layer in zip(grads.layers, scaled.layers, strict=True):
        np.testing.assert_array_equal(scaled_layer.delta, factor * layer.delta)
        np.testing.assert_array_equal(scaled_layer.weight_grad, factor**2 * layer.weight_grad)


@every_time
@given(specs(hidden=("relu", "leaky_relu", "identity"), depths=(1, 3), **LINEAR), seeds, st.floats(1e-3, 1e3))
def test_moving_a_factor_between_layers_of_a_homogeneous_network_moves_their_gradients_inversely(spec, seed, factor):
    spec = replace(spec, bias_std=0.0, residual=False, initializer="he_uniform")
    net, moved, (x, y) = network(spec, seed), network(spec, seed), data(spec, 4, seed)
    moved.weights[0][:] *= factor
    moved.weights[-1][:] /= factor
    before, after = gradients(net, x, y), gradients(moved, x, y)
    assert after.loss == about(before.loss)
    close(after.layers[0].weight_grad * factor, before.layers[0].weight_grad)
    close(after.layers[-1].weight_grad / factor, before.layers[-1].weight_grad)


@every_time
@given(specs(depths=(1, 3), gains=(1e-3, 30.0)), st.integers(1, 5), seeds)
def test_both_factors_of_a_layer_multiply_to_the_ratio_of_its_delta_to_the_next(spec, n, seed):
    layers = gradients(network(spec, seed), *data(spec, n, seed)).layers
    for here, above in pairwise(layers):
        own, given_down = hypot(*here.delta.flat), hypot(*above.delta.flat)
        product = here.weight_factor * here.derivative_factor
        if np.isnan(product):  # nothing came down the weights
            assert own == 0 or spec.residual
        else:
            assert abs(product - own / given_down) <= 1e-12 * (own / given_down)
    assert np.isnan([layers[-1].weight_factor, layers[-1].derivative_factor]).all()


def same(one, other):
    """Compare records field by field, NaN being equal to NaN."""
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)
        )
    if one is None or isinstance(one, str):
        return one == other
    return np.array_equal(one, other, equal_nan=True)


trainings = st.builds(
    gc.TrainingSpec,
    learning_rate=st.sampled_from((0.0, 0.1, 100.0)),
    batch_size=st.integers(2, 12),
    steps=st.integers(1, 6),
    optimizer=st.just("sgd"),
    momentum=st.sampled_from((0.0, 0.9)),
    weight_decay=st.sampled_from((0.0, 0.1)),
    clip_norm=st.sampled_from((None, 0.5)),
    record_every=st.integers(1, 3),
    histogram_every=st.sampled_from((None, 1, 2)),
)


@every_time
@given(specs(), trainings, st.booleans(), seeds, st.sampled_from(("float32", "float64")))
def test_one_seed_makes_one_run_to_the_last_bit(spec, tspec, adam, seed, dtype):
    spec, tspec = replace(spec, dtype=dtype), replace(tspec, momentum=0, optimizer="adam") if adam else tspec
    x, y = data(spec, 10, seed)
    sets = SimpleNamespace(x=x, y=y, name="random", x_test=x[:3], y_test=y[:3])
    first, second = (list(gc.train(spec, tspec, sets, seed)) for _ in range(2))
    assert len(first) == len(second) >= 1
    assert all(same(one, other) for one, other in zip(first, second, strict=True))
    assert first[0].step == 0
    assert first[-1].step == tspec.steps - 1 or first[-1].diverged
