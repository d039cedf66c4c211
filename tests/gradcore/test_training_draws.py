"""Proves what chance decides in a run: batches are shuffled once an epoch, a seed fixes all, and draws are apart.

Other data leave the weights, other weights leave the batches, and initializers of one kind differ by a factor only.
"""

from dataclasses import fields, replace

import numpy as np
import pytest

import gradcore as gc
from gradcore.kernels.random_streams import BATCHES, DATA, PROBES, WEIGHTS
from tests.gradcore.small_runs import SPEC, make_data, make_run, records_of, rows_of

BATCH_SPEC = replace(SPEC, normalization="batch")


def all_rows(run, data):
    """Return the samples of each step."""
    return np.array([rows_of(run, data) for _ in records_of(run)])


def assert_same_record(one, other):
    for record, twin in ((one, other), (one.stats, other.stats)):
        for field in fields(record):
            if field.name not in ("stats", "histograms"):
                np.testing.assert_array_equal(getattr(record, field.name), getattr(twin, field.name))


@pytest.mark.parametrize(("n", "batch_size"), [(20, 5), (20, 6), (20, 20), (20, 19), (21, 10), (7, 1), (20, 11)])
def test_an_epoch_shows_every_sample_at_most_once_and_drops_the_last_partial_batch(n, batch_size):
    data, per_epoch, epochs = make_data(n), n // batch_size, 40
    run = make_run(data, batch_size=batch_size, steps=per_epoch * epochs)
    assert run.steps_per_epoch == per_epoch
    rows = all_rows(run, data).reshape(epochs, per_epoch * batch_size)
    for epoch in rows:
        assert len(set(epoch.tolist())) == per_epoch * batch_size
        if n % batch_size == 0:
            assert sorted(epoch.tolist()) == list(range(n))
    assert len({tuple(epoch) for epoch in rows.tolist()}) >= epochs - 1  # a new order for each
    # What is dropped changes: in the long run each sample is seen about equally often.
    counts = np.bincount(rows.ravel(), minlength=n)
    assert counts.min() > 0
    share = per_epoch * batch_size / n
    assert np.abs(counts - epochs * share).max() <= 4.5 * np.sqrt(epochs * share * (1 - share)) + 1e-9


def test_epochs_do_not_depend_on_when_they_are_recorded():
    data = make_data()
    often, seldom = make_run(data, steps=13), make_run(data, steps=13, record_every=6)
    rows = all_rows(often, data)
    np.testing.assert_array_equal(all_rows(seldom, data), rows[[0, 6, 12]])


@pytest.mark.parametrize("batch_size", [20, 21, 500])
def test_a_batch_larger_than_the_data_is_all_of_them(batch_size):
    data = make_data(20)
    run = make_run(data, batch_size=batch_size)
    assert (run.batch_size, run.steps_per_epoch) == (20, 1)
    assert run.tspec.batch_size == batch_size
    for rows in all_rows(run, data):
        assert sorted(rows.tolist()) == list(range(20))


def test_every_sample_keeps_its_target():
    data = make_data()
    data.y = np.linspace(-1, 1, 20)[:, None]
    run = make_run(data, gc.NetworkSpec((3, 1), output="identity", initializer="zeros"), learning_rate=0)
    data.y_test = data.y[:7]
    for record in records_of(run):  # with weights of zero the loss is that of the targets alone
        assert record.loss == pytest.approx(0.5 * np.mean(data.y[rows_of(run, data)] ** 2), rel=1e-13)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", [{}, {"optimizer": "adam"}], ids=str)
def test_the_same_seed_makes_the_same_run_bit_for_bit(dtype, options):
    spec = replace(BATCH_SPEC, dtype=dtype)
    one, two, other = (make_run(spec=spec, seed=seed, steps=25, **options) for seed in (5, 5, 6))
    for _ in range(25):
        record = one.advance()
        make_run(seed=5).advance()  # what else is drawn in between does not matter
        assert_same_record(record, two.advance())
        assert other.advance().loss != record.loss
    np.testing.assert_array_equal(one.net.parameters, two.net.parameters)
    for mean, same in zip(one.net.running_mean, two.net.running_mean, strict=True):
        np.testing.assert_array_equal(mean, same)


def test_train_goes_the_way_of_a_run_step_by_step():
    records = gc.train(SPEC, gc.TrainingSpec(batch_size=6, steps=10, record_every=3), make_data(), seed=4)
    for record, expected in zip(records, records_of(make_run(seed=4, record_every=3)), strict=True):
        assert_same_record(record, expected)


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_weights_are_those_of_build_whatever_the_data(seed):
    for data in (make_data(seed=1), make_data(seed=2), make_data(n=33)):
        np.testing.assert_array_equal(make_run(data, seed=seed).net.parameters, gc.build(SPEC, seed).parameters)
    spec = gc.NetworkSpec((2, 5, 1), output="sigmoid", bias_std=0.2)
    for name, data_seed in (("moons", 0), ("moons", 1), ("xor", seed)):
        run = make_run(gc.load_dataset(name, data_seed, n=50), spec, seed)
        np.testing.assert_array_equal(run.net.parameters, gc.build(spec, seed).parameters)


def test_batches_are_the_same_whatever_the_network_and_the_data():
    data, other = make_data(seed=1), make_data(seed=2)
    rows = all_rows(make_run(data), data)
    for spec in (replace(SPEC, initializer="he_uniform"), replace(SPEC, sizes=(3, 9, 2)), replace(SPEC, bias_std=0.0)):
        np.testing.assert_array_equal(all_rows(make_run(data, spec, learning_rate=0.01), data), rows)
    np.testing.assert_array_equal(all_rows(make_run(other), other), rows)
    assert not np.array_equal(all_rows(make_run(data, seed=1), data), rows)


@pytest.mark.parametrize("seed", [0, 11])
def test_batches_have_a_stream_of_their_own(seed):
    data = make_data()
    run = make_run(data, batch_size=20, steps=2, seed=seed)
    orders = [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,))) for key in range(4)]
    both = [[rng.permutation(20).tolist() for _ in range(2)] for rng in orders]
    assert all_rows(run, data).tolist() == both[BATCHES]
    assert sorted([DATA, WEIGHTS, BATCHES, PROBES]) == [0, 1, 2, 3]
    assert len({tuple(order[0]) for order in both}) == 4


def test_lsuv_looks_at_the_first_batch():
    spec, data = replace(SPEC, initializer="lsuv", gain=2.0), make_data()
    run = make_run(data, spec)
    start = run.net.parameters.copy()
    run.advance()
    np.testing.assert_array_equal(gc.build(spec, 0, data.x[rows_of(run, data)]).parameters, start)
    assert not np.array_equal(gc.build(spec, 0).parameters, start)


# Standard deviations at gain 1 for fan_in 3 and fan_out 5, written out.
NORMAL = {"normal": 1, "lecun_normal": 1 / 3, "article_xavier": 1 / 3, "xavier_normal": 2 / 8, "he_normal": 2 / 3}
UNIFORM = {
    "uniform": 1,
    "lecun_uniform": 1 / 3,
    "xavier_uniform": 2 / 8,
    "keras_default": 2 / 8,
    "he_uniform": 2 / 3,
    "pytorch_default": 1 / 9,
}


@pytest.mark.parametrize("variances", [NORMAL, UNIFORM], ids=["normal", "uniform"])
@pytest.mark.parametrize("gain", [1.0, 0.3])
def test_initializers_of_one_kind_differ_by_the_factor_of_their_laws_only(variances, gain):
    reference = gc.build(replace(SPEC, initializer=next(iter(variances))), seed=3).weights[0]
    for name, variance in variances.items():
        weights = gc.build(replace(SPEC, initializer=name, gain=gain), seed=3).weights[0]
        np.testing.assert_allclose(weights, gain * np.sqrt(variance) * reference, rtol=1e-14)


def test_the_two_kinds_and_the_layers_have_draws_of_their_own():
    spec = gc.NetworkSpec((20, 20, 20, 20), initializer="normal")
    normal, uniform, other = gc.build(spec, 3), gc.build(replace(spec, initializer="uniform"), 3), gc.build(spec, 4)
    parts = [*normal.weights, *uniform.weights, *other.weights]
    correlations = np.corrcoef([part.ravel() for part in parts])
    assert np.abs(correlations - np.eye(9)).max() < 5 / np.sqrt(400)


@pytest.mark.parametrize(
    "change",
    [
        {"hidden": "relu"},
        {"bias_std": 0.0},
        {"output": "sigmoid"},
        {"normalization": "layer"},
        {"residual": True},
        {"sizes": (3, 5, 4, 7)},
        {"sizes": (3, 5, 4, 4, 2)},
        {"initializer": ("xavier_normal", "xavier_normal", "zeros")},
    ],
    ids=str,
)
def test_what_else_differs_leaves_a_layers_draws(change):
    expected = gc.build(SPEC, 8)
    changed = gc.build(replace(SPEC, **change), 8)
    for layer in (0, 1):
        np.testing.assert_array_equal(changed.weights[layer], expected.weights[layer])


def test_float32_starts_from_the_same_draws_rounded():
    weights = gc.build(replace(SPEC, dtype="float32"), 8).parameters
    np.testing.assert_array_equal(weights, gc.build(SPEC, 8).parameters.astype(np.float32))
