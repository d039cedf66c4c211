"""Proves what training yields: which steps are recorded, what a record says, what is refused, how a run is steered.

Which samples a batch holds and what a seed fixes is in test_training_draws.py, what a step does to the weights in
test_training_naively.py.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from tests.gradcore.small_runs import SPEC, make_data, make_run, records_of, rows_of


def steps_of(records, name="loss"):
    return [record.step for record in records if not np.isnan(getattr(record, name))]


@pytest.mark.parametrize(
    ("steps", "every", "expected"),
    [
        (5, 1, [0, 1, 2, 3, 4]),
        (10, 3, [0, 3, 6, 9]),
        (10, 4, [0, 4, 8, 9]),
        (7, 6, [0, 6]),
        (8, 6, [0, 6, 7]),
        (5, 100, [0, 4]),
        (2, 2, [0, 1]),
        (1, 1, [0]),
        (1, 9, [0]),
    ],
)
def test_steps_count_from_zero_and_the_first_and_the_last_are_always_recorded(steps, every, expected):
    records = list(gc.train(SPEC, gc.TrainingSpec(batch_size=6, steps=steps, record_every=every), make_data()))
    assert steps_of(records) == expected
    assert not any(record.diverged for record in records)
    run = make_run(steps=steps, record_every=every)
    assert run.step == 0
    for step in expected:
        assert not run.finished
        assert run.advance().step == step
        assert run.step == step + 1
    assert run.finished


def test_recording_less_often_changes_nothing_but_the_number_of_records():
    often = make_run()
    records = list(records_of(often))
    seldom = make_run(record_every=4, test_every=8, histogram_every=4)
    for step in (0, 4, 8, 9):
        record = seldom.advance()
        assert record.loss == records[step].loss
        np.testing.assert_array_equal(record.stats.grad_norm, records[step].stats.grad_norm)
    np.testing.assert_array_equal(seldom.net.parameters, often.net.parameters)


@pytest.mark.parametrize(
    ("record_every", "test_every", "expected"),
    [(1, None, list(range(10))), (1, 4, [0, 4, 8]), (2, 3, [0, 6, 9]), (4, None, [0, 4, 8, 9]), (1, 100, [0])],
)
def test_the_test_part_is_evaluated_when_it_is_due(record_every, test_every, expected):
    records = list(records_of(make_run(record_every=record_every, test_every=test_every)))
    assert steps_of(records, "test_loss") == steps_of(records, "test_accuracy") == expected


@pytest.mark.parametrize(
    ("record_every", "histogram_every", "expected"),
    [(1, None, []), (1, 4, [0, 4, 8]), (3, 2, [0, 6]), (1, 9, [0, 9]), (4, 1, [0, 4, 8, 9])],
)
def test_histograms_and_distinct_units_come_at_their_interval(record_every, histogram_every, expected):
    records = list(records_of(make_run(record_every=record_every, histogram_every=histogram_every)))
    assert [record.step for record in records if record.stats.histograms is not None] == expected
    assert [record.step for record in records if record.stats.distinct_units is not None] == expected


OUTPUTS = {
    "cross-entropy": SPEC,
    "binary cross-entropy": replace(SPEC, output="sigmoid"),
    "mse": replace(SPEC, loss="mse"),
    "layer normalization": replace(SPEC, normalization="layer"),
}


@pytest.mark.parametrize("options", [{}, {"clip_norm": 1e-3}, {"optimizer": "adam"}, {"momentum": 0.9}], ids=str)
@pytest.mark.parametrize("spec", OUTPUTS.values(), ids=OUTPUTS)
def test_a_record_is_of_its_mini_batch_before_the_update_and_before_clipping(spec, options):
    data = make_data()
    run = make_run(data, spec, learning_rate=0.5, **options)
    before = gc.build(spec)
    while not run.finished:
        before.parameters[:] = run.net.parameters
        record = run.advance()
        rows = rows_of(run, data)
        trace = gc.forward(before, data.x[rows])
        grads = gc.backward(before, trace, data.y[rows])
        assert record.loss == pytest.approx(grads.loss, rel=1e-13)
        assert record.accuracy == np.mean(trace.output.argmax(axis=1) == data.y[rows])
        norms = [np.linalg.norm(layer.weight_grad) for layer in grads.layers]
        assert sum(norms) > 0.01  # far above the norm that it is clipped to
        np.testing.assert_allclose(record.stats.grad_norm, norms, rtol=1e-12)
        tested = gc.forward(before, data.x_test)
        assert record.test_loss == pytest.approx(gc.backward(before, tested, data.y_test).loss, rel=1e-13)
        assert record.test_accuracy == np.mean(tested.output.argmax(axis=1) == data.y_test)
        assert not np.array_equal(run.net.parameters, before.parameters)


def test_any_object_with_x_y_and_name_will_do():
    whole = make_data()
    plain = SimpleNamespace(x=whole.x.tolist(), y=whole.y.tolist(), name="lists")
    one_hot = SimpleNamespace(x=whole.x, y=np.eye(2)[whole.y], name="one-hot")
    for data in (plain, one_hot):
        records = list(gc.train(SPEC, gc.TrainingSpec(batch_size=6, steps=4), data))
        expected = list(gc.train(SPEC, gc.TrainingSpec(batch_size=6, steps=4), whole))
        assert [record.loss for record in records] == [record.loss for record in expected]


@pytest.mark.parametrize("missing", [{"x_test": None}, {"y_test": None}, {"x_test": np.zeros((0, 3)), "y_test": []}])
def test_without_a_test_part_there_is_no_test_curve(missing):
    run = make_run(make_data(**missing))
    assert np.isnan(run.evaluate()).all()
    for record in records_of(run):
        assert np.isnan([record.test_loss, record.test_accuracy]).all()
        assert np.isfinite([record.loss, record.accuracy]).all()


def test_targets_that_are_no_classes_have_no_accuracy():
    spec, x = gc.NetworkSpec((3, 4, 1), output="identity"), make_data().x
    data = SimpleNamespace(x=x, y=x[:, :1] / 2, x_test=x, y_test=x[:, :1] / 2, name="numbers")
    for record in records_of(make_run(data, spec)):
        assert np.isnan([record.accuracy, record.test_accuracy]).all()
        assert np.isfinite([record.loss, record.test_loss]).all()


def test_training_leaves_the_data_alone_and_keeps_a_copy():
    data, same = make_data(), make_data()
    run, undisturbed = make_run(data), make_run()
    run.advance()
    for name, array in vars(same).items():
        np.testing.assert_array_equal(getattr(data, name), array)
    for name in ("x", "y", "x_test", "y_test"):
        getattr(data, name)[:] = 1
    undisturbed.advance()
    for record, expected in zip(records_of(run), records_of(undisturbed), strict=True):
        assert (record.loss, record.test_loss) == (expected.loss, expected.test_loss)


@pytest.mark.parametrize("learning_rate", [0.0, 1e-3, 0.7])
def test_another_learning_rate_holds_from_the_next_step_on(learning_rate):
    plain, steered = make_run(learning_rate=0.1), make_run(learning_rate=0.1)
    original = steered.tspec
    for _ in range(5):
        assert steered.advance().loss == plain.advance().loss
    np.testing.assert_array_equal(steered.net.parameters, plain.net.parameters)
    start = plain.net.parameters.copy()
    steered.retune(learning_rate)
    np.testing.assert_array_equal(steered.net.parameters, start)
    record, expected = steered.advance(), plain.advance()
    assert record.loss == expected.loss
    np.testing.assert_array_equal(record.stats.grad_norm, expected.stats.grad_norm)
    np.testing.assert_allclose(record.stats.update_ratio, expected.stats.update_ratio * learning_rate / 0.1, rtol=1e-12)
    moves = [run.net.parameters - start for run in (steered, plain)]
    np.testing.assert_allclose(moves[0], moves[1] * learning_rate / 0.1, rtol=0, atol=1e-15)
    assert steered.advance().loss != plain.advance().loss
    assert steered.tspec == replace(original, learning_rate=learning_rate)
    assert original.learning_rate == 0.1


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf"), 1e7, "fast", None])
def test_a_learning_rate_that_makes_no_sense_is_refused_and_changes_nothing(rate):
    run, other = make_run(), make_run()
    with pytest.raises(ValueError, match="learning_rate must be a number at least 0"):
        run.retune(rate)
    assert run.tspec == other.tspec
    assert [record.loss for record in records_of(run)] == [record.loss for record in records_of(other)]


def test_a_finished_run_cannot_be_advanced_and_does_not_change():
    run = make_run(steps=3)
    list(records_of(run))
    end = run.net.parameters.copy()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="the run is finished: it ended before step 3"):
            run.advance()
    assert (run.step, run.finished, run.diverged) == (3, True, False)
    np.testing.assert_array_equal(run.net.parameters, end)


X, Y = make_data().x, make_data().y
REFUSED = {
    "no columns": ({"x": X[:, 0]}, r"x must have shape \(n, 3\)"),
    "other features": ({"x": X[:, :2]}, r"x must have shape \(n, 3\) .* got \(20, 2\)"),
    "no sample": ({"x": X[:0], "y": Y[:0]}, "n at least 1"),
    "words": ({"x": X.astype(str)}, "x must be numbers"),
    "NaN": ({"x": np.where(X > 1, np.nan, X)}, "x must be finite"),
    "other length": ({"y": Y[:-1]}, "same number of samples, got 20 and 19"),
    "class too high": ({"y": Y + 1}, "y must be class numbers from 0 to 1, got 1 to 2"),
    "negative class": ({"y": Y - 1}, "y must be class numbers from 0 to 1"),
    "half a class": ({"y": Y / 2}, "got fractions"),
    "too many columns": ({"y": np.eye(3)[Y]}, r"y must have shape \(n,\) or \(n, 2\)"),
    "no probabilities": ({"y": np.eye(2)[Y] / 2}, "sum to 1"),
    "other test features": ({"x_test": X[:, :2]}, r"x_test must have shape \(n, 3\)"),
    "other test length": ({"y_test": Y}, "x_test and y_test must have the same number of samples, got 7 and 20"),
    "test class too high": ({"y_test": Y[:7] + 1}, "y_test must be class numbers from 0 to 1"),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_data_that_do_not_fit_are_refused_at_once_and_not_at_the_first_record(changes, message):
    with pytest.raises(ValueError, match=message):
        gc.train(SPEC, gc.TrainingSpec(steps=1), make_data(**changes))


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, True, "1", None])
def test_a_seed_that_is_none_is_refused_at_once(seed):
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to 4294967295"):
        gc.train(SPEC, gc.TrainingSpec(steps=1), make_data(), seed)


@pytest.mark.parametrize(("n", "batch_size"), [(20, 1), (1, 6)])
def test_batch_normalization_of_single_samples_is_refused_at_once(n, batch_size):
    with pytest.raises(ValueError, match="batch_size must be at least 2 with normalization 'batch', got 1"):
        gc.train(replace(SPEC, normalization="batch"), gc.TrainingSpec(batch_size=batch_size), make_data(n))
