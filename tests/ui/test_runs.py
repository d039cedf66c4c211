"""A live run is the engine's run: the same records, judged as diagnose judges them, restored to the bit."""

import numpy as np
import pytest

import gradcore as gc
from tests.ui.runs_by_hand import engine_records, experiment, run_to_the_end
from ui.data_sets import load
from ui.runs import CHUNK_FRAMES, LiveRun, train


def data_of(one):
    return load(one.dataset, one.noise)


def test_a_live_run_has_the_engines_records():
    one = experiment()
    run, _ = run_to_the_end(one)
    course = run.history.course()
    records = engine_records(one, data_of(one))
    assert course.step.tolist() == [record.step for record in records]
    assert course.loss.tolist() == [record.loss for record in records]
    np.testing.assert_array_equal(course.grad_rms, [record.stats.grad_rms for record in records])


def test_verdicts_and_snapshots_come_at_every_frame_and_at_the_end():
    run, verdicts = run_to_the_end(experiment(steps=23), speed=5)
    assert sorted(verdicts) == [0, 4, 9, 14, 19, 22]
    assert [snapshot.step for snapshot in run.album.snapshots] == [0, 4, 9, 14, 19, 22]


def test_a_moment_ends_after_some_frames():
    run = LiveRun(experiment(steps=1000))
    assert 0 < train([run], 5) <= CHUNK_FRAMES * 5
    assert 0 < train([run], 1) <= CHUNK_FRAMES


def test_runs_side_by_side_stay_in_step():
    runs = [LiveRun(experiment(steps=1000)), LiveRun(experiment(steps=1000, width=50, depth=9))]
    for _ in range(3):
        train(runs, 5)
        assert runs[0].run.step == runs[1].run.step


def test_one_of_two_runs_may_end_early():
    runs = [LiveRun(experiment(steps=7)), LiveRun(experiment(steps=20))]
    while train(runs, 5):
        pass
    assert [run.run.step for run in runs] == [7, 20]


def test_a_changed_learning_rate_holds_from_the_next_step_on():
    one, other = experiment(steps=1000, rate=0.1), experiment(steps=1000, rate=0.2)
    assert one.differs_only_in_rate(other)
    assert not one.differs_only_in_rate(experiment(steps=1000, width=7))
    run = LiveRun(one)
    step = train([run], 5)
    before = run.run.net.parameters.copy()
    run.retune(other)
    assert run.changes == [(step, 0.2)]
    run.run.advance()
    first = before - run.run.net.parameters
    twin = LiveRun(one)
    while twin.run.step < step:
        twin.run.advance()
    before = twin.run.net.parameters.copy()
    twin.run.advance()
    np.testing.assert_allclose(first, 2 * (before - twin.run.net.parameters), rtol=1e-9, atol=1e-15)


def test_a_restored_run_is_the_run_to_the_bit_and_goes_on_like_it():
    one = experiment(steps=400, rate=0.1)
    run = LiveRun(one)
    for rate in (0.2, 0.05):
        train([run], 5)
        run.retune(experiment(steps=400, rate=rate))
    train([run], 5)
    step = run.run.step - 1
    again = LiveRun(one)
    shares = []
    again.restore(step, run.changes, shares.append)
    assert (again.run.step, again.changes, again.paused) == (run.run.step, run.changes, True)
    np.testing.assert_array_equal(again.run.net.parameters, run.run.net.parameters)
    for column, expected in zip(
        vars(again.history.course()).values(), vars(run.history.course()).values(), strict=True
    ):
        np.testing.assert_array_equal(column, expected)
    train([run], 1)
    train([again], 1)
    np.testing.assert_array_equal(again.history.course().loss[step + 1], run.history.course().loss[step + 1])


def test_restoring_beyond_the_end_stays_at_the_end():
    run = LiveRun(experiment(steps=20))
    run.restore(500, (), lambda share: None)
    assert run.shown == 19


def test_symmetric_units_stay_found_between_two_counts():
    one = experiment(activation="sigmoid", initializer="zeros")
    _, verdicts = run_to_the_end(one, speed=1)
    assert {verdict.name for verdict in verdicts.values()} == {"symmetric units"}


@pytest.mark.parametrize(("limit", "name"), [(1e-9, "healthy"), (0.9, "vanished")])
def test_thresholds_of_the_visitor_decide(limit, name):
    run = LiveRun(experiment(activation="sigmoid", depth=4), gc.Thresholds(vanished=limit))
    train([run], 5)
    assert run.verdict().name == name
