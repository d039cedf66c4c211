"""Proves that a run starts from given weights: from a copy, of its spec and no other, going on where they stood."""

from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore.small_runs import SPEC, make_data, make_run, records_of

TRAINING = gc.TrainingSpec(learning_rate=0.3, batch_size=6, steps=10)
SPECS = {
    "plain": SPEC,
    "float32": replace(SPEC, dtype="float32"),
    "batch normalization": replace(SPEC, normalization="batch"),
    "layer normalization": replace(SPEC, normalization="layer"),
    "residual": replace(SPEC, sizes=(3, 5, 5, 2), residual=True),
    "lsuv": replace(SPEC, initializer="lsuv"),
    "no hidden layer": gc.NetworkSpec((3, 2)),
}
EVERY = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def trained(spec, steps=7):
    run = make_run(spec=spec, steps=steps, learning_rate=0.3)
    list(records_of(run))
    return run.net


@EVERY
def test_it_starts_from_a_copy_of_them(spec):
    net = trained(spec)
    before = net.parameters.copy()
    run = gc.Run(spec, TRAINING, make_data(), net=net)
    np.testing.assert_array_equal(run.net.parameters, before)
    assert run.net is not net
    assert not np.shares_memory(run.net.parameters, net.parameters)
    list(records_of(run))
    np.testing.assert_array_equal(net.parameters, before)
    assert not np.array_equal(run.net.parameters, before)


@EVERY
def test_from_the_weights_of_build_it_is_the_run_without_them(spec):
    plain = gc.Run(spec, TRAINING, make_data(), seed=4)
    start = gc.Network(spec, plain.net.parameters.copy())
    given = gc.Run(spec, TRAINING, make_data(), seed=4, net=start)
    for record, expected in zip(records_of(given), records_of(plain), strict=True):
        assert (record.loss, record.test_loss) == (expected.loss, expected.test_loss)
        np.testing.assert_array_equal(record.stats.grad_norm, expected.stats.grad_norm)
    np.testing.assert_array_equal(given.net.parameters, plain.net.parameters)


def test_the_seed_is_then_of_the_batches_alone():
    net = trained(SPEC)
    one, other = (gc.Run(SPEC, TRAINING, make_data(), seed, net) for seed in (0, 1))
    np.testing.assert_array_equal(one.net.parameters, other.net.parameters)
    assert one.evaluate() == other.evaluate()
    assert one.advance().loss != other.advance().loss


def test_it_goes_on_where_the_other_run_stood():
    """Plain descent on all samples at once knows nothing but its weights, so two halves are the whole."""
    tspec = replace(TRAINING, batch_size=20, steps=12)
    whole = gc.Run(SPEC, tspec, make_data())
    first = gc.Run(SPEC, replace(tspec, steps=5), make_data())
    expected = list(records_of(whole))
    found = list(records_of(first))
    found += records_of(gc.Run(SPEC, replace(tspec, steps=7), make_data(), net=first.net))
    np.testing.assert_allclose([r.loss for r in found], [r.loss for r in expected], rtol=1e-12)


def test_running_estimates_of_batch_normalization_come_along_as_copies():
    spec = SPECS["batch normalization"]
    net = trained(spec)
    before = [part.copy() for part in net.running_mean + net.running_variance]
    run = gc.Run(spec, TRAINING, make_data(), net=net)
    x = make_data().x
    np.testing.assert_array_equal(gc.predict(run.net, x), gc.predict(net, x))
    list(records_of(run))
    for part, same in zip(net.running_mean + net.running_variance, before, strict=True):
        np.testing.assert_array_equal(part, same)
    assert not np.array_equal(run.net.running_mean[0], net.running_mean[0])
    fresh = gc.Run(spec, TRAINING, make_data(), net=gc.build(spec))
    assert fresh.net.running_mean is None


def test_lsuv_does_not_scale_given_weights():
    spec = SPECS["lsuv"]
    net = gc.Network(spec, np.linspace(-3, 3, spec.parameter_count))
    run = gc.Run(spec, TRAINING, make_data(), net=net)
    np.testing.assert_array_equal(run.net.parameters, net.parameters)


def test_one_network_of_a_comparison_can_be_trained_on():
    comparison = gc.Comparison([SPEC, SPECS["residual"]], TRAINING, make_data(), [0, 1])
    while not comparison.finished:
        comparison.advance()
    net = comparison.network(1, 1)
    run = gc.Run(SPECS["residual"], TRAINING, make_data(), net=net)
    np.testing.assert_array_equal(run.net.parameters, net.parameters)


def test_weights_that_are_not_finite_end_the_run_at_once():
    net = gc.build(SPEC)
    net.weights[0][0, 0] = np.nan
    run = gc.Run(SPEC, TRAINING, make_data(), net=net)
    assert run.advance().diverged
    assert run.finished


STACK = gc.Network(SPEC, np.zeros((4, SPEC.parameter_count)))
REFUSED = {
    "weights alone": (gc.build(SPEC).weights, r"net must be a Network, got \["),
    "a spec": (SPEC, r"net must be a Network, got NetworkSpec\("),
    "other activation": (
        gc.build(replace(SPEC, hidden="relu")),
        "spec of the run, got one with hidden 'relu' instead of",
    ),
    "other sizes": (
        gc.build(replace(SPEC, sizes=(3, 6, 4, 2))),
        r"got one with sizes \(3, 6, 4, 2\) instead of \(3, 5",
    ),
    "other precision": (gc.build(SPECS["float32"]), "got one with dtype 'float32' instead of 'float64'"),
    "other start": (
        gc.build(replace(SPEC, initializer="zeros", gain=2.0)),
        "got one with initializer 'zeros' instead of 'xavier_normal', gain 2.0 instead of None$",
    ),
    "a stack": (STACK, rf"net must have parameters of shape \({SPEC.parameter_count},\), got \(4, "),
}


@pytest.mark.parametrize(("net", "message"), REFUSED.values(), ids=REFUSED)
def test_any_other_net_is_refused_in_words(net, message):
    with pytest.raises(ValueError, match=message):
        gc.Run(SPEC, TRAINING, make_data(), net=net)
