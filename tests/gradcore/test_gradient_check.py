"""Proves the gradient check itself: it passes right gradients, and fails on any that is wrong by 0.05 %, in its layer.

A check that cannot fail proves nothing, so gradients are falsified here: single entries of what `backward` returns,
and formulas inside the backward pass. The right gradients of 3,200 networks are in test_gradients_numerically.py.
"""

from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc
from gradcore.functions import normalization
from gradcore.network import backprop, gradient_check

RIGHT = 1e-6
SPEC = gc.NetworkSpec((3, 5, 4, 2), "tanh", bias_std=0.3, gain=1.3)
KINDS = {
    "sigmoid": replace(SPEC, hidden="sigmoid"),
    "relu": replace(SPEC, hidden="relu"),
    "mixed": replace(SPEC, hidden=("gelu", "softsign")),
    "batch": replace(SPEC, normalization="batch"),
    "layer": replace(SPEC, normalization="layer"),
    "residual": replace(SPEC, sizes=(4, 4, 4, 2), residual=True),
    "squared error": replace(SPEC, loss="mse"),
    "no hidden layer": gc.NetworkSpec((3, 2), bias_std=0.3),
    "one sigmoid": replace(SPEC, sizes=(3, 5, 1), output="sigmoid"),
    "numbers": replace(SPEC, output="identity"),
}


def problem(spec, seed=0, n=8):
    """Return network, inputs and targets; scales and shifts are no longer 1 and 0."""
    rng = np.random.default_rng(seed)
    net = gc.build(spec, seed)
    for part in (*net.scales, *net.shifts):
        part += rng.uniform(-0.4, 0.4, part.shape)
    return (
        net,
        rng.standard_normal((n, spec.sizes[0])),
        rng.integers(0, 2, (n, spec.sizes[-1]) if spec.output == "identity" else n),
    )


@pytest.fixture
def falsify(monkeypatch):
    """Return a function that makes the check see gradients changed by `change(gradients)`."""

    def install(change):
        def changed(net, trace, y):
            grads = backprop.backward(net, trace, y)
            change(grads)
            return grads

        monkeypatch.setattr(gradient_check, "backward", changed)

    return install


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_right_gradients_pass_in_every_layer(name, seed):
    errors = gc.check_gradients(*problem(KINDS[name], seed), sample=None)
    assert len(errors) == len(KINDS[name].sizes) - 1
    assert all(type(error) is float and 0 <= error < RIGHT for error in errors)


def views(layer):
    """Return a layer's gradients by what they are the gradients of."""
    every = {"weights": layer.weight_grad, "biases": layer.bias_grad}
    norm = {"scales": layer.scale_grad, "shifts": layer.shift_grad}
    return {**every, **{name: part for name, part in norm.items() if part is not None}}


@pytest.mark.parametrize(
    ("layer", "part"),
    [
        (layer, part)
        for layer in (0, 1, 2)
        for part in ("weights", "biases", "scales", "shifts")[: 4 if layer < 2 else 2]
    ],
)
@pytest.mark.parametrize("factor", [0.9995, 1.0005, 2.0, 0.0, -1.0])
def test_a_single_wrong_entry_is_found_in_its_layer_and_measured(falsify, layer, part, factor):
    spec = replace(SPEC, normalization="layer")

    def change(grads):
        gradient = views(grads.layers[layer])[part]
        largest = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
        assert abs(gradient[largest]) > 1e-3
        gradient[largest] *= factor

    falsify(change)
    errors = gc.check_gradients(*problem(spec), sample=None)
    assert errors[layer] == pytest.approx(abs(factor - 1) / max(1, abs(factor)), rel=1e-3)
    assert all(error < RIGHT for index, error in enumerate(errors) if index != layer)


def test_every_single_parameter_is_looked_at(falsify):
    spec = replace(SPEC, sizes=(2, 3, 2), normalization="batch")
    size = gc.build(spec).parameters.size
    for index in range(size):
        falsify(lambda grads, index=index: grads.flat.__setitem__(index, grads.flat[index] + 0.01))
        errors = gc.check_gradients(*problem(spec), sample=None)
        layer = 1 if 9 <= index < 17 else 0  # the output's eight parameters stand between
        assert errors[layer] > 0.01, index
        assert errors[1 - layer] < RIGHT, index


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_gradients_that_are_no_numbers_do_not_pass(falsify, value):
    falsify(lambda grads: grads.layers[1].weight_grad.__setitem__((0, 0), value))
    errors = gc.check_gradients(*problem(SPEC), sample=None)
    assert [error < RIGHT for error in errors] == [True, False, True]


def test_a_sample_finds_what_is_wrong_in_many_entries_and_is_always_the_same(falsify):
    spec = replace(SPEC, sizes=(3, 40, 40, 2))
    falsify(lambda grads: np.multiply(grads.layers[1].block_grad, 1.001, out=grads.layers[1].block_grad))
    errors = gc.check_gradients(*problem(spec), sample=15)
    assert [error < RIGHT for error in errors] == [True, False, True]
    assert gc.check_gradients(*problem(spec), sample=15) == errors
    assert [error < RIGHT for error in gc.check_gradients(*problem(spec))] == [True, False, True]


def scaled_derivative(name):
    right = gc.ACTIVATIONS[name]
    return replace(right, derivative=lambda z, a=None, out=None: np.multiply(right.derivative(z, a), 1.0005, out=out))


@pytest.mark.parametrize("name", gc.ACTIVATIONS)
def test_a_wrong_derivative_is_found_below_the_layers_that_have_it(monkeypatch, name):
    spec = replace(SPEC, sizes=(3, 5, 5, 5, 2), hidden=("tanh" if name != "tanh" else "erf", name, "sigmoid"))
    spec = spec if name != "sigmoid" else replace(spec, hidden=("tanh", name, "tanh"))
    monkeypatch.setitem(gc.ACTIVATIONS, name, scaled_derivative(name))
    errors = gc.check_gradients(*problem(spec), sample=None)
    assert [error < RIGHT for error in errors] == [False, False, True, True]
    assert errors[1] == pytest.approx(0.0005, rel=0.01)


@pytest.mark.parametrize("kind", ["batch", "layer"])
@pytest.mark.parametrize("forgotten", ["mean", "projection"])
def test_a_forgotten_term_of_normalization_is_found(monkeypatch, kind, forgotten):
    def incomplete(arriving, standardized, spread, scale, kind, scale_grad, shift_grad):
        axis = normalization.AXIS[kind]
        np.vecdot(arriving, standardized, out=scale_grad)
        arriving.sum(axis=1, out=shift_grad)
        arriving *= scale[:, None]
        projection = (arriving * standardized).mean(axis=axis, keepdims=True)
        if forgotten != "mean":
            arriving -= arriving.mean(axis=axis, keepdims=True)
        if forgotten != "projection":
            arriving -= standardized * projection
        arriving /= spread

    monkeypatch.setattr(normalization, "backpropagate", incomplete)
    errors = gc.check_gradients(*problem(replace(SPEC, normalization=kind)), sample=None)
    assert min(errors[:2]) > 1e-3
    assert errors[2] < RIGHT


def test_a_wrong_delta_of_the_loss_is_found_in_all_layers(monkeypatch):
    right = gc.LOSSES["cross_entropy"]
    wrong = replace(
        right, delta=lambda z, a, t, output, out: np.multiply(right.delta(z, a, t, output, out), 1.0005, out=out)
    )
    monkeypatch.setitem(gc.LOSSES, "cross_entropy", wrong)
    errors = gc.check_gradients(*problem(SPEC), sample=None)
    np.testing.assert_allclose(errors, 0.0005, rtol=0.01)


@pytest.mark.parametrize("distance", [1e-1, 1e-2, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize(("hidden", "kink"), [(a.name, kink) for a in gc.ACTIVATIONS.values() for kink in a.kinks])
def test_near_a_kink_smaller_steps_are_taken(hidden, kink, distance):
    net, _, _ = problem(gc.NetworkSpec((1, 1, 2), hidden))
    net.weights[0][:], net.biases[0][:] = 1, kink
    errors = gc.check_gradients(net, [[distance], [-distance]], [0, 1], sample=None)
    assert max(errors) < 3e-6


@pytest.mark.parametrize("hidden", ["relu", "leaky_relu", "elu", "hard_sigmoid"])
def test_what_sits_on_a_kink_is_passed_over_and_the_rest_is_not(hidden, falsify):
    spec = gc.NetworkSpec((2, 3, 3, 2), hidden)
    net, x, y = problem(spec)
    for block, kink in zip(net.blocks[:1], gc.ACTIVATIONS[hidden].kinks, strict=False):
        block[:, :-1], block[:, -1] = 0, kink
    errors = gc.check_gradients(net, x, y, sample=None)
    assert np.isnan(errors[0])
    assert max(errors[1:]) < RIGHT
    falsify(lambda grads: grads.layers[2].bias_grad.__setitem__(0, 0))
    assert gc.check_gradients(net, x, y, sample=None)[2] == 1


@pytest.mark.parametrize("name", KINDS)
def test_the_network_and_the_data_are_left_as_they_were(name):
    net, x, y = problem(KINDS[name])
    parameters, inputs, targets = net.parameters.copy(), x.copy(), y.copy()
    state = (net.running_mean, net.running_variance)
    gc.check_gradients(net, x, y)
    np.testing.assert_array_equal(net.parameters, parameters)
    np.testing.assert_array_equal(x, inputs)
    np.testing.assert_array_equal(y, targets)
    assert (net.running_mean, net.running_variance) == state


def test_float32_is_refused_since_differences_would_say_nothing():
    net, x, y = problem(replace(SPEC, dtype="float32"))
    with pytest.raises(ValueError, match="check_gradients needs a network of dtype 'float64', got 'float32'"):
        gc.check_gradients(net, x, y)


def test_data_that_do_not_fit_are_refused():
    net, x, y = problem(SPEC)
    with pytest.raises(ValueError, match=r"x must have shape \(n, 3\)"):
        gc.check_gradients(net, x[:, :2], y)
    with pytest.raises(ValueError, match="y must have one entry for each of the trace's 8 samples, got 7"):
        gc.check_gradients(net, x, y[:-1])
    with pytest.raises(ValueError, match="y must be class numbers from 0 to 1"):
        gc.check_gradients(net, x, y + 1)


def test_an_overflowing_network_does_not_pass_and_does_not_warn():
    spec = gc.NetworkSpec((3, *[8] * 60, 2), "identity", "identity", "normal", gain=1e6)
    net, x, y = problem(spec)
    assert not any(error < RIGHT for error in gc.check_gradients(net, x, y, sample=3))
