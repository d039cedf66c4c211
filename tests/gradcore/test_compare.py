"""Proves that runs side by side are paired, that stacking changes nothing, and that one's end is not another's."""

import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.training.grouping import BATCH_BYTES, cost, groups

DIGITS = gc.load_dataset("digits", n=300)
SMALL = gc.NetworkSpec((64, 12, 12, 10), "tanh", dtype="float32")
TRAINING = gc.TrainingSpec(learning_rate=0.05, batch_size=16, steps=100, record_every=33, histogram_every=33)
STATS = (
    "grad_norm",
    "grad_rms",
    "bias_grad_norm",
    "delta_rms",
    "pre_activation_std",
    "activation_mean",
    "activation_std",
    "saturated_fraction",
    "dead_fraction",
    "zero_grad_fraction",
    "update_ratio",
)
# What a comparison must be able to hold side by side, each with how far 100 steps in float32 may drift apart.
VARIANTS = {
    "xavier": (SMALL, {}),
    "he, ReLU": (replace(SMALL, hidden="relu", initializer="he_normal"), {}),
    "deep sigmoid": (replace(SMALL, sizes=(64, *[12] * 9, 10), hidden="sigmoid"), {}),
    "orthogonal": (replace(SMALL, initializer="orthogonal"), {}),
    "pytorch": (replace(SMALL, initializer="pytorch_default", hidden="relu"), {}),
    "lsuv": (replace(SMALL, initializer="lsuv"), {}),
    "wide": (replace(SMALL, sizes=(64, 70, 70, 10)), {}),
    "mixed": (replace(SMALL, hidden=("relu", "tanh"), residual=True), {}),
    "batch": (replace(SMALL, normalization="batch"), {}),
    "layer": (replace(SMALL, normalization="layer"), {}),
    "biased": (replace(SMALL, bias_std=0.2), {}),
    "momentum": (SMALL, {"momentum": 0.9, "learning_rate": 0.01}),
    "nesterov": (SMALL, {"momentum": 0.9, "nesterov": True, "learning_rate": 0.01}),
    "adam": (SMALL, {"optimizer": "adam", "learning_rate": 0.001}),
    "decay": (SMALL, {"weight_decay": 0.01}),
    "clipped": (SMALL, {"clip_norm": 0.3}),
    "another rate": (SMALL, {"learning_rate": 0.02}),
    "float64": (replace(SMALL, dtype="float64"), {}),
}


def single(spec, tspec, seed, data=DIGITS):
    return {record.step: record for record in gc.train(spec, tspec, data, seed)}


@pytest.fixture(scope="module")
def all_at_once():
    """Return the records of all variants with three seeds, in one comparison."""
    specs = [spec for spec, _ in VARIANTS.values()]
    tspecs = [replace(TRAINING, **changes) for _, changes in VARIANTS.values()]
    return list(gc.compare(specs, tspecs, DIGITS, range(3)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_in_a_comparison_is_the_run_alone(all_at_once, variant):
    number = list(VARIANTS).index(variant)
    spec, changes = VARIANTS[variant]
    limit = 1e-6 if spec.dtype == "float32" else 1e-11
    for seed in range(3):
        alone = single(spec, replace(TRAINING, **changes), seed)
        assert list(alone) == [record.step for record in all_at_once] == [0, 33, 66, 99]
        for record in all_at_once:
            one, at = alone[record.step], (number, seed)
            np.testing.assert_allclose(record.loss[at], one.loss, rtol=limit)
            np.testing.assert_allclose(record.test_loss[at], one.test_loss, rtol=limit)
            assert record.accuracy[at] == one.accuracy
            assert record.test_accuracy[at] == one.test_accuracy
            assert not record.diverged[at]
            layers = spec.depth + 1
            for name in STATS:
                values = getattr(record.stats, name)[at]
                np.testing.assert_allclose(values[:layers], getattr(one.stats, name), rtol=1e3 * limit, err_msg=name)
                assert np.isnan(values[layers:]).all()
            assert record.stats.distinct_units[at][:layers].tolist() == one.stats.distinct_units.tolist()


def test_variants_are_stacked_where_they_can_be_and_the_wide_goes_one_by_one():
    specs, tspecs = [spec for spec, _ in VARIANTS.values()], [TRAINING] * len(VARIANTS)
    found = {group.spec.sizes: group for group in groups(specs, tspecs, 3, 16) if group.spec.hidden == ("tanh",) * 2}
    assert found[64, 70, 70, 10].at_once == 1
    plain = groups([SMALL, replace(SMALL, initializer="orthogonal"), replace(SMALL, gain=2.0)], [TRAINING] * 3, 8, 16)
    assert [(len(group.runs), group.at_once) for group in plain] == [(24, 24)]
    by_optimizer = [TRAINING, replace(TRAINING, learning_rate=1.0), replace(TRAINING, optimizer="adam")]
    assert [len(group.runs) for group in groups([SMALL] * 3, by_optimizer, 8, 16)] == [16, 8]


def test_all_runs_of_a_seed_see_the_same_samples_and_another_seed_others():
    """The weights are 0 and stay so: the loss depends on the samples' targets alone."""
    rng = np.random.default_rng(0)
    data = SimpleNamespace(x=rng.standard_normal((40, 3)), y=rng.standard_normal((40, 1)), name="targets")
    spec = gc.NetworkSpec((3, 4, 1), "tanh", output="identity", initializer="zeros")
    specs = [spec, replace(spec, hidden="relu"), replace(spec, sizes=(3, 80, 1)), replace(spec, dtype="float32")]
    tspec = gc.TrainingSpec(learning_rate=0.0, batch_size=7, steps=12)
    for record in gc.compare(specs, tspec, data, [5, 6, 2**32 - 1]):
        np.testing.assert_allclose(record.loss, record.loss[[0] * 4], rtol=1e-6)
        assert len(set(record.loss[0].round(6))) == 3


def test_normal_initializers_differ_by_exactly_the_factor_of_their_gains():
    specs = [replace(SMALL, initializer="normal", gain=gain, dtype="float64") for gain in (0.25, 1.0, 4.0)]
    comparison = gc.Comparison([*specs, replace(SMALL, initializer="lecun_normal")], TRAINING, DIGITS, [3, 4])
    for seed in (0, 1):
        small, one, large, lecun = (comparison.network(spec, seed) for spec in range(4))
        np.testing.assert_array_equal(one.parameters, 4 * small.parameters)
        np.testing.assert_array_equal(large.parameters, 4 * one.parameters)
        for layer, fan_in in enumerate(SMALL.sizes[:-1]):
            np.testing.assert_allclose(lecun.weights[layer], one.weights[layer] / np.sqrt(fan_in), rtol=1e-6)
        own = gc.build(specs[1], [3, 4][seed])
        np.testing.assert_array_equal(one.parameters, own.parameters)
    assert not np.array_equal(comparison.network(1, 0).parameters, comparison.network(1, 1).parameters)


@pytest.mark.parametrize("width", [12, 70])
@pytest.mark.parametrize("changes", [{}, {"momentum": 0.5}])
def test_a_run_that_diverges_is_frozen_and_marked_and_the_others_go_on(width, changes):
    well = gc.NetworkSpec((64, *[width] * 4, 10), "relu", initializer="he_normal", dtype="float32")
    ill = replace(well, gain=60.0)
    tspec = replace(TRAINING, record_every=1, **changes)
    comparison = gc.Comparison([ill, well], tspec, DIGITS, range(3))
    ends = {}
    while not comparison.finished:
        record = comparison.advance()
        for seed in np.flatnonzero(record.diverged[0]):
            ends.setdefault(int(seed), record.step)
        gone = [seed for seed, end in ends.items() if end < record.step]
        assert np.isnan(record.loss[0, gone]).all()
        assert np.isnan(record.stats.grad_norm[0, gone]).all()
        assert np.isfinite(record.loss[1]).all()
        assert not record.diverged[1].any()
    assert comparison.step == 100
    for seed in range(3):
        run = gc.Run(ill, tspec, DIGITS, seed)
        while not run.finished:
            last = run.advance()
        assert last.diverged
        step, where = comparison.diverged_at[0, seed]
        assert (step, where) == (last.step, (last.diverged_layer, last.diverged_in))
        assert ends[seed] == last.step
        net = comparison.network(0, seed)
        assert np.isfinite(net.parameters).all()
        np.testing.assert_allclose(net.parameters, run.net.parameters, rtol=1e-4, atol=1e-6)
        alone = single(well, tspec, seed)[99]
        np.testing.assert_allclose(record.loss[1, seed], alone.loss, rtol=1e-5)


def test_the_end_of_all_is_told_and_ends_the_comparison():
    ill = gc.NetworkSpec((64, *[12] * 4, 10), "relu", gain=80.0, dtype="float32")
    records = list(gc.compare([ill], replace(TRAINING, learning_rate=1e5), DIGITS, range(2)))
    assert records[-1].diverged.all()
    assert records[-1].step < 99


def test_seeds_may_be_any_and_are_taken_in_their_order():
    forth = list(gc.compare([SMALL], TRAINING, DIGITS, [7, 0]))[-1]
    back = list(gc.compare([SMALL], TRAINING, DIGITS, [0, 7]))[-1]
    np.testing.assert_allclose(forth.loss, back.loss[:, ::-1], rtol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([], TRAINING, DIGITS, [0]), "specs must hold at least one"),
        (([SMALL], TRAINING, DIGITS, []), "seeds must hold at least one"),
        (([SMALL], TRAINING, DIGITS, [1, 1]), "seeds must differ"),
        (([SMALL], TRAINING, DIGITS, [-1]), "seed must be a whole number"),
        (([SMALL], TRAINING, DIGITS, range(5000)), "at most 4096"),
        (([SMALL], [TRAINING] * 2, DIGITS, [0]), "one TrainingSpec or 1"),
        (([SMALL] * 2, [TRAINING, replace(TRAINING, batch_size=8)], DIGITS, [0]), "batch_size must be the same"),
        (([replace(SMALL, sizes=(63, 10))], TRAINING, DIGITS, [0]), r"x must have shape \(n, 63\)"),
        (([replace(SMALL, sizes=(64, 9))], TRAINING, DIGITS, [0]), "y must be class numbers from 0 to 8"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_first_record(arguments, words):
    with pytest.raises(ValueError, match=words):
        gc.compare(*arguments)


def test_a_finished_comparison_says_so():
    comparison = gc.Comparison([SMALL], replace(TRAINING, steps=1), DIGITS, [0])
    comparison.advance()
    assert comparison.finished
    with pytest.raises(RuntimeError, match="ended before step 1"):
        comparison.advance()
    with pytest.raises(ValueError, match="no run of spec 1"):
        comparison.network(1, 0)


@pytest.mark.parametrize(
    ("sizes", "changes"),
    [((64, *[32] * 10, 10), {}), ((64, 100, 100, 10), {"optimizer": "adam"}), ((64, 20, 10), {"momentum": 0.9})],
)
def test_memory_is_known_before_the_start(sizes, changes):
    specs = [gc.NetworkSpec(sizes, hidden, dtype="float32") for hidden in ("tanh", "relu")]
    tspec = replace(TRAINING, record_every=2, histogram_every=4, **changes)
    gc.Comparison(specs, tspec, DIGITS, [0]).advance()  # what is made once is made now
    expected = cost(specs, tspec, len(DIGITS.x), 8)
    tracemalloc.start()
    comparison = gc.Comparison(specs, tspec, DIGITS, range(8))
    for _ in range(3):
        comparison.advance()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    data = 1.5 * DIGITS.x.nbytes  # in float32 with ones, the test part and the targets, too
    assert 0.5 * expected.bytes < used < 1.2 * expected.bytes + data
    assert expected.multiplications == sum(3 * 16 * spec.parameter_count * 8 for spec in specs)


def test_a_stack_larger_than_the_cache_takes_turns():
    (group,) = groups([replace(SMALL, sizes=(64, *[32] * 10, 10))], [TRAINING], 64, 32)
    assert 1 < group.at_once < 64
    assert BATCH_BYTES / 2 < group.at_once * 280_000 < 2 * BATCH_BYTES


def test_a_comparison_can_be_advanced_to_any_step_and_be_looked_at_in_full_or_not():
    usual = {record.step: record for record in gc.compare([SMALL], replace(TRAINING, record_every=1), DIGITS, [0, 1])}
    comparison = gc.Comparison([SMALL], TRAINING, DIGITS, [0, 1])
    for until, full in ((0, True), (7, False), (8, True), (3, False), (1000, True)):
        record = comparison.advance(until, full)
        assert record.step == {0: 0, 7: 7, 8: 8, 3: 9, 1000: 99}[until]
        np.testing.assert_array_equal(record.loss, usual[record.step].loss)
        assert np.isnan(record.test_loss).all() != full
        assert np.isnan(record.stats.distinct_units).all() != full
    assert comparison.finished


def test_rest_between_steps_changes_no_bit_and_takes_less_memory(all_at_once):
    specs = [spec for spec, _ in VARIANTS.values()]
    tspecs = [replace(TRAINING, **changes) for _, changes in VARIANTS.values()]
    tracemalloc.start()
    try:
        comparison = gc.Comparison(specs, tspecs, DIGITS, range(3))
        for record in all_at_once:
            held = tracemalloc.get_traced_memory()[0]
            comparison.rest()
            assert tracemalloc.get_traced_memory()[0] < 0.8 * held
            comparison.rest()  # who rests already may be asked again
            again = comparison.advance()
            for name in ("step", "loss", "test_accuracy"):
                np.testing.assert_array_equal(getattr(again, name), getattr(record, name))
            np.testing.assert_array_equal(again.stats.grad_rms, record.stats.grad_rms)
    finally:
        tracemalloc.stop()
    assert comparison.finished
