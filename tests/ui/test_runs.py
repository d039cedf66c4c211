"""A live run is the engine's run: the same records, judged as diagnose judges them."""

import numpy as np
from runs_by_hand import engine_records, experiment, run_to_the_end

from ui.experiment import load
from ui.runs import CHUNK_RECORDS, LiveRun


def test_a_live_run_has_the_engines_records():
    one = experiment()
    run, _ = run_to_the_end(one)
    course = run.history.course()
    records = engine_records(one, load("clouds"))
    assert course.step.tolist() == [record.step for record in records]
    assert course.loss.tolist() == [record.loss for record in records]
    np.testing.assert_array_equal(course.grad_rms, [record.stats.grad_rms for record in records])


def test_verdicts_come_every_so_many_steps_and_at_the_end():
    _, verdicts = run_to_the_end(experiment(steps=23), verdict_every=5)
    assert sorted(verdicts) == [0, 5, 10, 15, 20, 22]


def test_a_moment_ends_after_some_records():
    run = LiveRun(experiment(steps=1000))
    assert 0 < run.train(5) <= CHUNK_RECORDS


def test_a_changed_learning_rate_holds_from_the_next_step_on():
    one, other = experiment(steps=1000, learning_rate=0.1), experiment(steps=1000, learning_rate=0.2)
    assert one.differs_only_in_rate(other)
    assert not one.differs_only_in_rate(experiment(steps=1000, width=7))
    run = LiveRun(one)
    step = run.train(5)
    before = run.run.net.parameters.copy()
    run.retune(other)
    run.run.advance()
    first = before - run.run.net.parameters
    twin = LiveRun(one)
    while twin.run.step < step:
        twin.run.advance()
    before = twin.run.net.parameters.copy()
    twin.run.advance()
    np.testing.assert_allclose(first, 2 * (before - twin.run.net.parameters), rtol=1e-9, atol=1e-15)


def test_symmetric_units_stay_found_between_two_counts():
    one = experiment(hidden="sigmoid")
    spec = type(one.spec)(one.spec.sizes, "sigmoid", initializer="zeros")
    _, verdicts = run_to_the_end(type(one)("clouds", spec, one.tspec, 0), verdict_every=1)
    assert {verdict.name for verdict in verdicts.values()} == {"symmetric units"}
