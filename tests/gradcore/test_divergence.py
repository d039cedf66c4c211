"""Proves how a run ends that leaves the numbers: at that step, with layer and quantity named, its last weights kept.

Which of activation, loss, gradient and parameter overflows is arranged by hand, or left to a learning rate that is
too large. Runs of any kind are searched for what was missed in test_hostile_runs.py.
"""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore.small_runs import SPEC, make_data, make_run, records_of

BOTH = pytest.mark.parametrize("dtype", ["float32", "float64"])
# Squares overflow from here on, the number itself does not.
HUGE = {"float32": 1e30, "float64": 1e200}
# Times a learning rate of 1e6 it overflows.
LARGEST = {"float32": 1e35, "float64": 1e305}
LINEAR = gc.NetworkSpec((2, 2, 2, 2, 1), "identity", "identity", "constant", gain=1.0)


def arranged(dtype, weights=(), x=1.0, spec=LINEAR, y=1.0, **training):
    """Return a run with its layers' weights all set to the given numbers, None for as they are."""
    spec = replace(spec, dtype=dtype)
    data = SimpleNamespace(x=np.full((3, 2), x), y=np.full((3, spec.sizes[-1]), y), name="arranged")
    run = gc.Run(spec, gc.TrainingSpec(**{"batch_size": 3, "steps": 5, **training}), data)
    for view, weight in zip(run.net.weights, weights, strict=False):
        if weight is not None:
            view[:] = weight
    return run


def big(dtype):
    return HUGE[dtype]


def activation_in_second_layer(dtype):
    return arranged(dtype, [big(dtype), big(dtype)])


def activation_in_output(dtype):
    return arranged(dtype, [1, 1, big(dtype), big(dtype)])


def activation_of_opposite_infinities(dtype):
    run = arranged(dtype, [big(dtype)])
    run.net.weights[1][:] = [big(dtype), -big(dtype)]
    return run  # Inf − Inf


def loss(dtype):
    return arranged(dtype, [1, 1, 1, big(dtype)])


def gradient_of_first_layer(dtype):
    return arranged(dtype, [None, big(dtype), big(dtype)], x=0.0)


def gradient_of_second_layer(dtype):
    return arranged(dtype, [None, 0, big(dtype), big(dtype)], x=0.0)


def parameter_of_first_layer(dtype):
    return arranged(dtype, [None, LARGEST[dtype], 1, 1], x=0.0, learning_rate=1e6)


def parameter_of_third_layer(dtype):
    return arranged(dtype, [None, None, 0, LARGEST[dtype]], x=0.0, learning_rate=1e6)


def parameter_that_is_a_shift(dtype):
    spec = gc.NetworkSpec((2, 2, 1, 1), "tanh", "identity", "zeros", normalization="layer")  # of a single unit: 0
    return arranged(dtype, [None, None, LARGEST[dtype]], spec=spec, learning_rate=1e6)


ARRANGED = {
    activation_in_second_layer: (1, "activation"),
    activation_in_output: (3, "activation"),
    activation_of_opposite_infinities: (1, "activation"),
    loss: (3, "loss"),
    gradient_of_first_layer: (0, "gradient"),
    gradient_of_second_layer: (1, "gradient"),
    parameter_of_first_layer: (0, "parameter"),
    parameter_of_third_layer: (2, "parameter"),
    parameter_that_is_a_shift: (1, "parameter"),
}


def assert_ended(run, record, before):
    assert (record.diverged, run.diverged, run.finished) == (True, True, True)
    assert record.step == run.step - 1
    np.testing.assert_array_equal(run.net.parameters, before)
    assert np.isfinite(run.net.parameters).all()
    with pytest.raises(RuntimeError, match="the run is finished"):
        run.advance()
    verdict = gc.diagnose(record)[0]
    assert (verdict.name, verdict.layers, verdict.value) == ("diverged", (record.diverged_layer,), record.step)
    assert f"step {record.step} in layer {record.diverged_layer + 1}" in verdict.headline
    assert f"The {record.diverged_in} there" in verdict.explanation


@BOTH
@pytest.mark.parametrize("arrange", ARRANGED, ids=lambda arrange: arrange.__name__)
def test_what_overflows_first_is_named_with_its_layer_and_the_weights_are_kept(dtype, arrange):
    run = arrange(dtype)
    before = run.net.parameters.copy()
    assert np.isfinite(before).all()
    record = run.advance()
    assert (record.diverged_layer, record.diverged_in) == ARRANGED[arrange]
    assert record.step == 0
    assert_ended(run, record, before)


@BOTH
def test_a_step_that_is_not_recorded_keeps_the_last_finite_weights_too(dtype):
    run = arranged(dtype, x=0.0, learning_rate=1e-30, record_every=1000)
    run.advance()
    run.net.weights[1][:] = LARGEST[dtype]
    for layer in (2, 3):
        run.net.weights[layer][:] = 1
    for bias in run.net.biases:
        bias[:] = 0
    before = run.net.parameters.copy()
    run.retune(1e6)
    record = run.advance()
    assert (record.step, record.diverged_layer, record.diverged_in) == (1, 0, "parameter")
    assert_ended(run, record, before)


def test_float64_goes_on_where_float32_ends():
    for arrange in ARRANGED:
        number, largest = HUGE["float64"], LARGEST["float64"]
        try:
            HUGE["float64"], LARGEST["float64"] = HUGE["float32"], LARGEST["float32"]
            assert not arrange("float64").advance().diverged
        finally:
            HUGE["float64"], LARGEST["float64"] = number, largest


@BOTH
def test_large_numbers_whose_squares_alone_overflow_are_no_divergence(dtype):
    run = arranged(dtype, [None, None, None, HUGE[dtype]], x=0.0, learning_rate=1e-3)
    record = run.advance()
    assert not record.diverged
    norms = HUGE[dtype] * np.sqrt(2) * np.array([4, 2, 1])  # of δ, which each layer of two units of weight 1 doubles
    np.testing.assert_allclose(record.stats.bias_grad_norm, [*norms, 1], rtol=1e-6)
    for bias, norm in zip(run.net.biases, norms, strict=False):
        np.testing.assert_allclose(bias, 1e-3 * norm / np.sqrt(2), rtol=1e-6)


UNSTABLE = replace(SPEC, sizes=(3, 8, 8, 8, 2), hidden="leaky_relu", initializer="he_normal", output="identity")
NUMBERS = make_data(y=np.eye(2)[make_data().y], y_test=None)
STEPS = 500
CAUSES = {
    "sgd": {"learning_rate": 3.0},
    "momentum": {"learning_rate": 1.5, "momentum": 0.9},
    "decay": {"learning_rate": 0.5, "weight_decay": 9.0},
}


@BOTH
@pytest.mark.parametrize("options", CAUSES.values(), ids=CAUSES)
@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
def test_a_run_that_diverges_ends_with_that_record_and_its_last_finite_weights(dtype, options, normalization):
    spec = replace(UNSTABLE, dtype=dtype, normalization=normalization)
    run = make_run(NUMBERS, spec, steps=STEPS, record_every=7, histogram_every=7, **options)
    *records, last = records_of(run)
    assert last.diverged
    assert 0 < last.step < STEPS - 1
    assert [record.step for record in records] == list(range(0, last.step, 7))
    for record in records:
        assert (record.diverged, record.diverged_layer, record.diverged_in) == (False, None, None)
        assert np.isfinite(record.loss)
    stopped = make_run(NUMBERS, spec, **{"steps": last.step, **options})
    assert not [record for record in records_of(stopped) if record.diverged]
    assert_ended(run, last, stopped.net.parameters)
    yielded = list(gc.train(spec, gc.TrainingSpec(batch_size=6, steps=STEPS, record_every=7, **options), NUMBERS))
    assert [record.step for record in yielded] == [record.step for record in (*records, last)]
    assert yielded[-1].diverged


@pytest.mark.parametrize("options", CAUSES.values(), ids=CAUSES)
def test_float32_leaves_its_range_first(options):
    ends = {}
    for dtype in ("float32", "float64"):
        *_, last = records_of(
            make_run(NUMBERS, replace(UNSTABLE, dtype=dtype), steps=STEPS, record_every=STEPS, **options)
        )
        ends[dtype] = last.step
    assert ends["float32"] < ends["float64"]


def test_clipping_keeps_the_same_run_finite():
    run = make_run(NUMBERS, UNSTABLE, learning_rate=3.0, clip_norm=0.1, steps=300, record_every=50)
    assert not [record for record in records_of(run) if record.diverged]
    assert run.step == 300


@pytest.mark.parametrize("name", ["x", "y", "x_test", "y_test"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_data_that_are_not_finite_are_refused(name, value):
    spec = gc.NetworkSpec((3, 1), output="identity")
    data = make_data()
    setattr(data, name, getattr(data, name).astype(float))
    getattr(data, name)[-1] = value
    with pytest.raises(ValueError, match=f"^{name} must be finite, got NaN or infinity"):
        gc.train(spec, gc.TrainingSpec(steps=1), data)


def ending(run):
    record = run.advance()
    return f"diverged in {record.diverged_in}" if record.diverged else f"test loss {record.test_loss}"


@pytest.mark.parametrize("name", ["x", "y", "x_test", "y_test"])
def test_data_beyond_the_range_of_float32_are_refused_or_the_record_says_so(name):
    spec = gc.NetworkSpec((3, 1), output="identity", dtype="float32")
    data = make_data()
    setattr(data, name, getattr(data, name) * 1e300)
    try:
        outcome = ending(make_run(data, spec))
    except ValueError as refusal:
        outcome = str(refusal)
    assert re.search(f"diverged|test loss (inf|nan)|{name[0]} must", outcome)
