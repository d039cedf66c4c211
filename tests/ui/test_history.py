"""A history stays within its bytes, reaches back to the start, and keeps the latest records whole."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tests.ui.runs_by_hand import experiment
from ui import history, snapshots
from ui.history import Course, History
from ui.runs import LiveRun


def filled(count, layers=4):
    record = LiveRun(experiment(depth=layers - 1)).run.advance()
    kept = History(layers)
    for step in range(count):
        kept.add(replace(record, step=step, loss=float(step)))
    return kept


def size(kept):
    return sum(kept._columns[field.name].nbytes for field in fields(Course))


def test_all_is_kept_while_there_is_room():
    kept = filled(300)
    assert kept.course().step.tolist() == list(range(300))
    assert not kept.thinned


def test_a_long_run_is_thinned_from_its_older_end(monkeypatch):
    monkeypatch.setattr(history, "BUDGET_BYTES", 120_000)
    kept = filled(5000)
    steps = kept.course().step
    assert kept.thinned
    assert len(steps) <= kept.capacity < 1000
    assert steps[0] == 0
    assert steps[-history.RECENT :].tolist() == list(range(5000 - history.RECENT, 5000))
    assert (np.diff(steps) > 0).all()
    np.testing.assert_array_equal(kept.course().loss, steps)


@pytest.mark.parametrize("layers", [1, 11, 101])
def test_it_stays_within_its_bytes(layers):
    few, full = filled(1, layers), filled(History(layers).capacity, layers)
    assert full.count == full.capacity
    assert not full.thinned
    # Records and snapshots of a visitor together: two megabytes. Who has few records takes little.
    assert size(full) + snapshots.BUDGET_BYTES < 2_000_000
    assert size(few) < 0.5 * size(full)


def test_until_takes_the_records_up_to_a_step():
    course = filled(20).course()
    assert course.until(7).step.tolist() == list(range(8))
    assert course.until(-1).step.tolist() == []
    assert course.until(99).step.tolist() == list(range(20))
