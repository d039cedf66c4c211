"""All weights and biases zero: which gradients there are, and when, by the chain rule alone.

Where φ(0) = 0 no activation and no arriving error ever differs from 0 but at the output's bias: the network becomes
the constant that predicts the label frequencies. Where φ(0) ≠ 0 the layers wake up one a step from the top, but the
units of a layer stay copies of one another. On a balanced full batch not even the output's bias moves.

Copies stay copies in exact arithmetic; rounding differs from unit to unit, and training slowly amplifies that (this
start is a saddle). Hence spreads below 1e-12 over runs of some dozen steps, and no bitwise equality.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc

SILENT_AT_0 = ("tanh", "relu", "elu", "selu", "gelu", "silu", "leaky_relu", "softsign", "lecun_tanh", "erf", "identity")
AWAKE_AT_0 = ("sigmoid", "softplus", "hard_sigmoid")
COUNTS = (96, 60, 36)
SHARES = np.array(COUNTS) / sum(COUNTS)
LABEL_ENTROPY = -float(np.sum(SHARES * np.log(SHARES)))
CENTERS = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])


def clouds(y):
    """Three clouds that can be told apart, with the class numbers given."""
    noise = np.random.default_rng(0).standard_normal((len(y), 2))
    return SimpleNamespace(x=CENTERS[y] + 0.5 * noise, y=y, name="clouds")


UNBALANCED = clouds(np.repeat([0, 1, 2], COUNTS))
BALANCED = clouds(np.arange(192) % 3)


def start(hidden, data=UNBALANCED, sizes=(2, 6, 6, 6, 3), batch_size=192, rate=0.5, steps=1000):
    spec = gc.NetworkSpec(sizes=sizes, hidden=hidden, initializer="zeros")
    return gc.Run(spec, gc.TrainingSpec(learning_rate=rate, batch_size=batch_size, steps=steps), data, seed=0)


def moved(run):
    """For each layer, whether any weight, and whether any bias, is no longer exactly 0."""
    return [
        [bool(np.any(weight)), bool(np.any(bias))] for weight, bias in zip(run.net.weights, run.net.biases, strict=True)
    ]


def test_the_two_groups_of_activations_are_all_there_are():
    assert set(SILENT_AT_0) | set(AWAKE_AT_0) == set(gc.ACTIVATIONS)


@pytest.mark.parametrize("hidden", SILENT_AT_0)
@pytest.mark.parametrize("batch_size", [192, 32], ids="batch {}".format)
def test_where_phi_of_0_is_0_only_the_output_bias_ever_gets_a_gradient(hidden, batch_size):
    run = start(hidden, batch_size=batch_size, steps=60)
    while not run.finished:
        stats = run.advance().stats
        assert not stats.grad_norm.any()
        assert not stats.bias_grad_norm[:-1].any()
        assert stats.bias_grad_norm[-1] > 0
    assert moved(run) == [[False, False]] * 3 + [[False, True]]


@pytest.mark.parametrize("hidden", SILENT_AT_0)
def test_where_phi_of_0_is_0_the_network_becomes_the_constant_of_the_label_frequencies(hidden):
    run = start(hidden, steps=400)
    first = run.advance()
    assert first.loss == pytest.approx(math.log(3), rel=1e-12)
    while not run.finished:
        record = run.advance()
    assert record.loss == pytest.approx(LABEL_ENTROPY, abs=1e-9)
    assert record.accuracy == pytest.approx(SHARES[0], abs=1e-12)
    prediction = gc.predict(run.net, np.vstack([UNBALANCED.x, 100 * UNBALANCED.x]))
    np.testing.assert_allclose(prediction, np.tile(SHARES, (len(prediction), 1)), rtol=0, atol=1e-6)
    assert np.ptp(prediction, axis=0).max() == 0
    assert (prediction.argmax(axis=1) == 0).all()


@pytest.mark.parametrize("hidden", AWAKE_AT_0)
@pytest.mark.parametrize("layers", [2, 4, 6], ids="{} layers".format)
def test_where_phi_of_0_is_not_0_layer_l_minus_k_first_moves_at_step_k_plus_1(hidden, layers):
    run = start(hidden, sizes=(2,) + (6,) * (layers - 1) + (3,), rate=0.1, steps=layers + 1)
    assert moved(run) == [[False, False]] * layers
    for step in range(1, layers + 1):
        run.advance()
        assert moved(run) == [[False, False]] * (layers - step) + [[True, True]] * step


@pytest.fixture(scope="module", params=AWAKE_AT_0)
def copies(request):
    """Return a network of one hidden layer that has learned something from zeros, and its trace."""
    run = start(request.param, sizes=(2, 6, 3), batch_size=32, steps=60)
    losses = [run.advance().loss for _ in range(60)]
    assert np.mean(losses[-6:]) < 0.9 * LABEL_ENTROPY
    return run.net, gc.forward(run.net, UNBALANCED.x)


def test_where_phi_of_0_is_not_0_units_of_a_layer_stay_equal(copies):
    net, trace = copies
    assert np.ptp(net.blocks[0], axis=0).max() < 1e-12
    assert np.ptp(net.weights[1], axis=1).max() < 1e-12
    assert np.ptp(trace.layers[0].activation, axis=0).max() < 1e-12


def test_where_phi_of_0_is_not_0_hidden_weights_have_rank_1(copies):
    net, _ = copies
    for weight in net.weights:
        values = np.linalg.svd(weight, compute_uv=False)
        assert values[0] > 0.1
        assert values[1] < 1e-12 * values[0]
        assert np.linalg.matrix_rank(weight, tol=1e-12 * values[0]) == 1


@pytest.mark.parametrize("hidden", AWAKE_AT_0)
def test_deeper_down_too_units_stay_equal_and_weights_of_rank_1(hidden):
    run = start(hidden, batch_size=32, steps=60)
    while not run.finished:
        run.advance()
    for block, weight in zip(run.net.blocks[:-1], run.net.weights[:-1], strict=True):
        values = np.linalg.svd(weight, compute_uv=False)
        assert values[0] > 0
        assert values[1] < 1e-12 * values[0]
        assert np.ptp(block, axis=0).max() < 1e-12 * np.abs(block).max()


@pytest.mark.parametrize("hidden", list(gc.ACTIVATIONS))
def test_with_balanced_classes_and_full_batches_zero_is_stationary(hidden):
    run = start(hidden, data=BALANCED, steps=50)
    while not run.finished:
        record = run.advance()
        assert record.loss == pytest.approx(math.log(3), rel=1e-12)
    assert np.abs(run.net.parameters).max() < 1e-14


@pytest.mark.parametrize("hidden", list(gc.ACTIVATIONS))
@pytest.mark.parametrize(("data", "batch_size"), [(UNBALANCED, 192), (BALANCED, 32)], ids=["unbalanced", "mini-batch"])
def test_unbalanced_classes_or_mini_batches_move_the_output_bias(hidden, data, batch_size):
    run = start(hidden, data=data, batch_size=batch_size)
    run.advance()
    assert np.abs(run.net.biases[-1]).max() > 1e-3
