"""A comparison in training is the engine's: its records, when each run was there, its verdicts; restored to the bit."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc
from tests.ui.comparisons_by_hand import engine_records, parameters, setup, trained
from ui import history, state
from ui.comparison import runs as module
from ui.comparison.records import LAYERED, SCALARS
from ui.comparison.runs import (
    CHUNK_FRAMES,
    FULL_EVERY,
    KEPT_CONCLUSIONS,
    KEPT_PICTURES,
    SMOOTHED,
    ComparedRuns,
    catch_up,
    compared_runs,
    start,
    train,
)
from ui.comparison.setup import Setup, Variant

# Three that train, one that cannot, one without a hidden layer.
MIXED = setup(
    (
        Variant("xavier_normal", depth=3),
        Variant("he_normal", 1.5, "relu", 4, "adam", 0.01),
        Variant("orthogonal", depth=2, rate=0.5),
        Variant("zeros", depth=2),
        Variant(depth=0),
    ),
    seeds=4, first_seed=3, steps=150, target=0.25,
)  # fmt: skip
# The first seed of the first variant diverges in mid-run, the others go on.
ONE_LOST = setup((Variant("he_normal", 1.2, "leaky_relu", 6, rate=1.0), Variant(depth=3)), first_seed=3, steps=40)
ALL_LOST = setup((Variant("he_normal", 9.0, "relu", 20, rate=1e3),) * 2, seeds=2)


@pytest.fixture(scope="module")
def mixed():
    return trained(MIXED)


@pytest.fixture(scope="module")
def records():
    return engine_records(MIXED)


@pytest.fixture
def session(monkeypatch):
    """Stand in for a visitor's session."""
    kept = {}
    monkeypatch.setattr(state, "get", kept.get)
    monkeypatch.setattr(state, "put", kept.__setitem__)
    return kept


@pytest.mark.parametrize("name", ["loss", "accuracy", "test_loss", "test_accuracy", "diverged"])
def test_its_records_are_the_engines(mixed, records, name):
    columns = mixed.store.columns()
    assert columns["step"].tolist() == [0, *range(4, 150, 5)]
    expected = np.array([getattr(records[step], name) for step in columns["step"]], dtype=columns[name].dtype)
    known = ~np.isnan(columns[name])
    np.testing.assert_array_equal(columns[name][known], expected[known])
    assert known.all() == (not name.startswith("test_"))


@pytest.mark.parametrize("name", LAYERED)
def test_layers_are_the_engines_medians_over_the_seeds(mixed, records, name):
    columns = mixed.store.columns()
    for row, step in enumerate(columns["step"]):
        # Different units are counted now and then; in between the last count stands.
        counted = max(each for each in columns["step"][: row + 1] if is_full(mixed, each))
        source = records[counted if name == "distinct" else step].stats
        expected = np.median(getattr(source, LAYERED[name]), axis=1)
        np.testing.assert_allclose(columns[name][row], expected, rtol=1e-6)


def is_full(runs, step):
    columns = runs.store.columns()
    return not np.isnan(columns["test_loss"][columns["step"] == step]).all()


@pytest.mark.parametrize("speed", [1, 5, 20])
def test_the_test_part_is_looked_at_often_enough_first_and_last(speed):
    columns = trained(setup(steps=77), speed=speed).store.columns()
    tested = columns["step"][~np.isnan(columns["test_accuracy"]).all(axis=(1, 2))]
    assert (tested[0], tested[-1]) == (0, 76)
    assert np.diff(tested).max() < FULL_EVERY + speed


@pytest.mark.parametrize(("speed", "steps"), [(1, [0, 1, 2, 3]), (5, [0, 4, 9, 14]), (20, [0, 19, 39, 59])])
def test_a_frame_comes_every_so_many_steps(speed, steps):
    runs = trained(setup(steps=61), speed=speed)
    assert runs.store.columns()["step"][:4].tolist() == steps
    assert runs.store.columns()["step"][-1] == 60
    assert [one.step for one in runs.pictures] == runs.store.columns()["step"][-KEPT_PICTURES:].tolist()


def test_a_moment_ends_after_some_frames_and_holds_what_was_new():
    runs = ComparedRuns(setup(steps=1000))
    for _ in range(3):
        before = runs.store.count
        new = train(runs, 5)
        assert 0 < new <= CHUNK_FRAMES
        assert runs.store.count == before + new
        steps = runs.store.columns()["step"][before:].tolist()
        assert [one.step for one in runs.fresh] == [one.step for one in runs.fresh_pictures] == steps


class LeftError(Exception):
    """The visitor did, while a comparison was being restored."""


def restore_and_leave(runs):
    def leave(share):
        raise LeftError

    with pytest.raises(LeftError):
        runs.restore(999, leave)


@pytest.mark.parametrize(
    "moment",
    [
        lambda runs: train(runs, 5),
        lambda runs: catch_up(runs, 9),
        lambda runs: runs.restore(9, lambda _: None),
        restore_and_leave,
    ],
)
def test_after_each_moment_it_needs_no_buffers(moment):
    runs = ComparedRuns(setup(steps=1000))
    tracemalloc.start()
    try:
        moment(runs)
        resting = tracemalloc.get_traced_memory()[0]
        runs.comparison.advance()
        with_buffers = tracemalloc.get_traced_memory()[0]
        runs.rest()
        assert with_buffers - tracemalloc.get_traced_memory()[0] > 100_000
        assert tracemalloc.get_traced_memory()[0] - resting < 50_000
    finally:
        tracemalloc.stop()


def test_a_run_has_reached_a_loss_when_the_mean_of_ten_recorded_mini_batches_has(mixed, records):
    steps = mixed.store.columns()["step"]
    for variant in range(len(MIXED.variants)):
        for seed in range(MIXED.seeds):
            losses = [records[step].loss[variant, seed] for step in steps]
            means = {steps[end - 1]: np.mean(losses[end - SMOOTHED : end]) for end in range(SMOOTHED, len(steps) + 1)}
            expected = next((step for step, mean in means.items() if mean <= MIXED.target_loss), -1)
            assert mixed.reached[variant, seed] == expected
    reached = mixed.reached >= 0
    assert reached.sum(axis=1).tolist() == [4, 4, 4, 0, 2]
    assert mixed.reached[reached].min() >= steps[SMOOTHED - 1]


def test_the_gradient_at_the_start_is_that_of_the_first_record(mixed, records):
    rms = records[0].stats.grad_rms
    for variant, depth in enumerate([3, 4, 2]):
        np.testing.assert_array_equal(mixed.start_ratios[variant], rms[variant, :, 0] / rms[variant, :, depth - 1])
    assert np.isnan(mixed.start_ratios[3]).all()
    assert (mixed.start_ratios[4] == 1).all()


def test_verdicts_are_those_of_each_run_alone(mixed, records):
    steps = mixed.store.columns()["step"]
    conclusion = mixed.judged[-1].conclusion
    assert mixed.judged[-1].step == 149
    for variant, spec in enumerate(mixed.specs):
        found = []
        for seed in range(MIXED.seeds):
            window = [alone(records[step], variant, seed, spec.depth + 1) for step in steps[-module.WINDOW :]]
            found.append(gc.diagnose(window, spec)[0].name)
        behind = conclusion.any_trains and (mixed.reached[variant] >= 0).mean() < 0.5
        found = ["slow" if name == "healthy" and behind else name for name in found]
        assert conclusion.agreeing[variant] == found.count(conclusion.verdicts[variant])
        assert conclusion.agreeing[variant] == max(map(found.count, found))
    assert conclusion.verdicts[3] == "symmetric units"


def alone(record, variant, seed, layers):
    """Return one run's part of a comparison's record."""
    stats = {
        name: np.array(getattr(record.stats, name)[variant, seed, :layers])
        for name in gc.LayerStats.__slots__
        if name != "histograms"
    }
    stats["distinct_units"] = stats["distinct_units"].astype(int)
    scalars = [float(getattr(record, name)[variant, seed]) for name in SCALARS]
    return gc.StepRecord(record.step, *scalars, False, gc.LayerStats(**stats))


def assert_pictured(runs, variant, seed):
    picture, depth = runs.pictures[-1], runs.specs[variant].depth
    trace = gc.forward(runs.comparison.network(variant, seed), runs._camera.probes)
    for layer in range(depth):
        values = trace.layers[layer].activation
        counts, _ = np.histogram(values, picture.bars.shape[2], (picture.low[variant], picture.high[variant]))
        # A value next to a bin's edge may fall into the neighbor in float32, but none goes further.
        drawn = (picture.bars[variant, layer] / 255.0) ** 2
        drawn *= counts.sum() / drawn.sum()
        below, rounding = np.cumsum([0, 0, *counts, 0]), 0.02 * counts.sum()
        assert (below[1:-2] - rounding <= np.cumsum(drawn)).all()
        assert (np.cumsum(drawn) <= below[3:] + rounding).all()
    assert not picture.bars[variant, max(1, depth) :].any()


def test_pictures_are_of_the_networks_on_the_probes(mixed):
    for variant in range(len(MIXED.variants)):
        assert_pictured(mixed, variant, seed=0)


@pytest.mark.parametrize("speed", [1, 5, 20])
def test_a_restored_comparison_is_the_one_that_ran_live_to_the_bit(speed):
    live, again, shares = trained(MIXED, until=70, speed=speed), ComparedRuns(MIXED), []
    step = live.comparison.step - 1
    again.restore(step, shares.append)
    assert (again.comparison.step, again.shown, again.paused) == (step + 1, step, True)
    for one, other in zip(parameters(again.comparison), parameters(live.comparison), strict=True):
        np.testing.assert_array_equal(one, other)
    for name in ("loss", "accuracy", "gradient", "activation_std"):
        np.testing.assert_array_equal(again.store.columns()[name][-1], live.store.columns()[name][-1])
    assert all(0 <= share <= 1 for share in shares)
    if speed == 5:
        np.testing.assert_array_equal(again.reached, live.reached)
        assert again.judged[-1].conclusion == live.judged[-1].conclusion
        np.testing.assert_array_equal(again.pictures[-1].bars, live.pictures[-1].bars)


def test_a_restored_comparison_goes_on_like_the_one_that_ran_live(mixed):
    again = ComparedRuns(MIXED)
    again.restore(73, lambda share: None)
    while not again.finished:
        train(again, 5)
    for one, other in zip(parameters(again.comparison), parameters(mixed.comparison), strict=True):
        np.testing.assert_array_equal(one, other)


def test_restoring_the_first_step_and_the_last_stays_there():
    for step in (0, 59):
        runs = ComparedRuns(setup())
        runs.restore(step, lambda share: None)
        assert (runs.store.columns()["step"][-1], runs.shown, runs.judged[-1].step) == (step,) * 3


def test_restoring_beyond_the_end_of_all_stays_at_their_end():
    runs = ComparedRuns(ALL_LOST)
    runs.restore(50, lambda share: None)
    assert runs.finished
    assert runs.shown == runs.comparison.step - 1 < 50
    assert runs.judged[-1].conclusion.verdicts == ["diverged", "diverged"]


def test_another_setup_starts_anew_and_says_so_and_the_same_goes_on(session):
    first = compared_runs("slot", setup())
    assert (session["slot"], first.note) == (first, "")
    train(first, 5)
    assert compared_runs("slot", setup()) is first
    for changes in ({"width": 9}, {"seeds": 4}, {"target": 0.1}, {"variants": (Variant(depth=3), Variant(depth=3))}):
        other = compared_runs("slot", setup(**changes))
        assert other is session["slot"]
        assert other.store.count == 0
        assert other.note == "The settings changed: this is a new comparison."
    assert other.identity != first.identity
    again = start("slot", setup(), "From the start again.")
    assert (session["slot"], again.note, again.comparison.step) == (again, "From the start again.", 0)


def test_the_old_comparisons_memory_goes_before_the_new_ones_comes(session, monkeypatch):
    compared_runs("slot", setup())
    seen = []
    monkeypatch.setattr(module, "ComparedRuns", lambda *_: seen.append(session["slot"]))
    compared_runs("slot", setup(width=9))
    assert seen == [None]


def test_a_variant_that_diverges_is_told_and_the_others_go_on():
    runs = trained(ONE_LOST, speed=1)
    columns, ends = runs.store.columns(), runs.comparison.diverged_at
    assert list(ends) == [(0, 0)]
    end = ends[0, 0][0]
    lost = columns["step"] >= end
    assert 0 < end < 39
    assert (columns["diverged"][:, 0, 0] == lost).all()
    assert not columns["diverged"][:, 0, 1:].any()
    assert not columns["diverged"][:, 1].any()
    assert np.isnan(columns["loss"][columns["step"] > end, 0, 0]).all()
    assert np.isfinite(columns["loss"][:, 0, 1:]).all()
    assert np.isfinite(columns["loss"][:, 1]).all()
    # The medians over the seeds and the picture are those of the seeds that are left.
    left = trained(replace(ONE_LOST, first_seed=4, seeds=2), speed=1)
    expected = left.store.columns()["gradient"][lost, 0]
    np.testing.assert_allclose(columns["gradient"][lost, 0], expected, rtol=1e-3)
    assert (expected > 0).all()
    assert runs.judged[-1].conclusion.agreeing[0] == 2
    assert runs.judged[end + 1].conclusion.verdicts[0] != "diverged"
    assert_pictured(runs, variant=0, seed=1)


def test_the_end_of_all_is_told():
    runs = trained(ALL_LOST)
    assert runs.finished
    assert runs.store.columns()["diverged"][-1].all()
    assert runs.judged[-1].conclusion.verdicts == ["diverged", "diverged"]
    assert runs.judged[-1].conclusion.agreeing == [2, 2]
    assert not runs.pictures[-1].bars.any()
    assert (runs.reached == -1).all()


def test_zeros_have_no_gradient_and_equal_units():
    runs = trained(setup((Variant("zeros", depth=4), Variant(depth=4))))
    columns = runs.store.columns()
    assert (columns["gradient"][:, 0] == 0).all()
    assert (columns["gradient"][:, 1] > 0).all()
    assert (columns["distinct"][:, 0, :4] == 1).all()
    assert (columns["distinct"][:, 1, :4] == 8).all()
    assert (columns["activation_std"][:, 0, :4] == 0).all()
    assert runs.judged[-1].conclusion.verdicts[0] == "symmetric units"


def test_a_long_comparison_is_thinned_and_stays_within_its_bytes(monkeypatch):
    monkeypatch.setattr(history, "BUDGET_BYTES", 60_000)
    runs = trained(setup(steps=300), speed=1)
    columns = runs.store.columns()
    steps = columns["step"]
    assert runs.store.thinned
    assert len(steps) <= runs.store.capacity < 300
    assert sum(column.nbytes for column in runs.store._columns.values()) <= 60_000
    assert steps[0] == 0
    assert steps[-history.RECENT :].tolist() == list(range(300 - history.RECENT, 300))
    assert (np.diff(steps) > 0).all()
    assert len(runs.pictures) == KEPT_PICTURES
    assert len(runs.judged) == KEPT_CONCLUSIONS


def test_the_largest_comparison_keeps_a_few_megabytes():
    runs = ComparedRuns(Setup((Variant(depth=100),) * 8, width=2, batch=2, seeds=16, steps=20_000))
    stored = sum(column.nbytes for column in runs.store._columns.values())
    runs.advance(0)
    pictures = KEPT_PICTURES * runs.pictures[-1].bars.nbytes
    assert stored + pictures < 8_000_000
