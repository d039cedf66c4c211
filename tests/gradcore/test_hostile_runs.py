"""Searches hostile runs number by number: a run goes on exactly as long as everything that is promised is finite.

Networks of any kind, with weights drawn over the whole range of their dtype, are trained while a second look goes
through all activations, gradients and parameters. Corners that chance does not find are arranged.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore.small_runs import SPEC, make_data, make_run, records_of

BOTH = pytest.mark.parametrize("dtype", ["float32", "float64"])


def non_finite(run, loss):
    """Return the first layer in which each quantity is not finite, of a run's buffers as they stand."""
    layers = range(run.spec.depth + 1)
    gradients = [[layer.block_grad] for layer in run.grads.layers]
    parameters = [[block] for block in run.net.blocks]
    for index, layer in enumerate(run.grads.layers[: len(run.net.scales)]):
        gradients[index] += [layer.scale_grad, layer.shift_grad]
        parameters[index] += [run.net.scales[index], run.net.shifts[index]]
    found = {"loss": [run.spec.depth] if not np.isfinite(loss) else []}
    # A variance beyond the float's range makes a normalized layer a constant: the activation went wrong before it.
    parts = [[layer.activation, *([] if layer.variance is None else [layer.variance])] for layer in run.trace.layers]
    found["activation"] = [i for i in layers if not all(np.isfinite(part).all() for part in parts[i])]
    found["gradient"] = [i for i in layers if not all(np.isfinite(part).all() for part in gradients[i])]
    found["parameter"] = [i for i in layers if not all(np.isfinite(part).all() for part in parameters[i])]
    return found


def hostile_run(seed, n, widths):
    """Return a run of any kind, its numbers drawn over the whole range of its dtype."""
    rng = np.random.default_rng(seed)
    dtype = ("float32", "float64")[seed % 2]
    decades = {"float32": 16, "float64": 130}[dtype]
    depth = int(rng.integers(1, 5))
    spec = gc.NetworkSpec(
        (2, *rng.choice(widths, depth).tolist(), int(rng.integers(2, 4))),
        tuple(rng.choice(list(gc.ACTIVATIONS), depth).tolist()),
        ("softmax", "sigmoid", "identity")[seed % 3],
        loss=(None, "mse")[seed % 5 % 2],
        normalization=(None, None, "layer", "batch" if n > 1 else None)[seed % 4],
        residual=bool(rng.integers(2)),
        dtype=dtype,
    )
    y = rng.integers(0, 2, (n, spec.sizes[-1] - 1))
    targets = np.column_stack([y, 1 - y[:, :1]]) if spec.sizes[-1] == 2 else rng.integers(0, 3, n)
    data = SimpleNamespace(x=rng.standard_normal((n, 2)), y=targets, name="hostile")
    rate = 10.0 ** rng.uniform(-3, 6)
    run = gc.Run(spec, gc.TrainingSpec(rate, n, 4, momentum=0.5 * (seed % 7 == 0)), data, seed)
    for block in run.net.blocks:
        block *= 10.0 ** rng.uniform(-decades, decades) if rng.random() < 0.7 else 1
    return run


def test_a_hostile_run_goes_on_exactly_as_long_as_everything_is_finite():
    ended = []
    for seed in range(1200):
        run = hostile_run(seed, 2 + seed % 4, (1, 2, 3, 7))
        for record in records_of(run):
            found = non_finite(run, record.loss)
            if not record.diverged or record.diverged_in == "parameter":  # which is found before it is one
                assert not any(found.values()), (seed, found)
            elif record.diverged_in == "gradient":  # it goes wrong from the output down
                assert not found["activation"] + found["loss"] + found["parameter"], (seed, found)
                assert record.diverged_layer == found["gradient"][-1], (seed, found)
            else:
                assert record.diverged_layer == found[record.diverged_in][0], (seed, found)
                assert record.diverged_in == "activation" or not found["activation"], (seed, found)
                assert not found["parameter"], (seed, found)
            ended += [record.diverged_in] if record.diverged else []
    assert 100 < len(ended) < 1100
    assert {"activation", "loss", "gradient"} <= set(ended)


@BOTH
@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("width", [1, 2])
def test_an_infinity_that_a_bounded_layer_hides_is_found(dtype, n, width):
    spec = gc.NetworkSpec((1, width, 1, 1), ("relu", "tanh"), "identity", "constant", gain=1.0, dtype=dtype)
    run = make_run(SimpleNamespace(x=np.full((n, 1), 1e38), y=np.ones(n), name="large"), spec)
    run.net.weights[0][:] = 10 * float(np.finfo(dtype).max) / 1e39 * 1e2
    record = run.advance()
    assert np.isinf(run.trace.layers[0].activation).all()
    assert run.trace.layers[1].activation.tolist() == [[1.0] * n]
    assert (record.diverged, record.diverged_layer, record.diverged_in) == (True, 0, "activation")


def test_running_estimates_of_batch_normalization_stay_finite_or_the_run_ends():
    data = make_data(x=make_data().x * 1e25, x_test=make_data().x_test * 1e25)  # squares overflow in float32
    run = make_run(data, replace(SPEC, normalization="batch", dtype="float32"))
    for record in records_of(run):
        estimates = [*run.net.running_mean, *run.net.running_variance] if run.net.running_mean else []
        assert record.diverged or all(np.isfinite(estimate).all() for estimate in estimates)
        assert record.diverged or np.isfinite(record.test_loss)


@BOTH
@pytest.mark.parametrize("gain", [1e3, 1e6])
@pytest.mark.parametrize("hidden", ["relu", "identity", "tanh"])
@pytest.mark.parametrize("depth", [10, 100])
def test_built_weights_are_finite_whatever_the_initializer(dtype, gain, hidden, depth):
    for initializer in gc.INITIALIZERS:
        spec = gc.NetworkSpec((4, *[3] * depth, 2), hidden, initializer=initializer, gain=gain, dtype=dtype)
        assert np.isfinite(gc.build(spec).parameters).all(), initializer


@BOTH
@pytest.mark.parametrize("epsilon", [1e-8, 1e-30, 1e-60])
def test_adam_leaves_a_parameter_without_a_gradient_alone_however_small_its_epsilon(dtype, epsilon):
    data = make_data(x=make_data().x * [1, 0, 1])
    run = make_run(data, gc.NetworkSpec((3, 2), dtype=dtype), optimizer="adam", epsilon=epsilon)
    before = run.net.weights[0].copy()
    assert not [record for record in records_of(run) if record.diverged]
    np.testing.assert_array_equal(run.net.weights[0][:, 1], before[:, 1])
    assert not np.array_equal(run.net.weights[0], before)
