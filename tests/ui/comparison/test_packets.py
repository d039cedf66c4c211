"""A comparison's packets carry its records bit by bit, zero, Inf and NaN included, and what the panel has to know."""

import json
import math
import struct

import numpy as np
import pytest

from tests.ui.comparisons_by_hand import setup, trained
from ui.comparison import packets
from ui.comparison.runs import ComparedRuns, train
from ui.comparison.setup import Variant
from ui.live_panel.wire import KINDS

VARIANTS = (Variant("he_normal", 2.0, depth=3), Variant("zeros", depth=1))


def opened(packet):
    """Return a packet's header, its columns and its pictures, read as the browser does."""
    (length,) = struct.unpack_from("<I", packet)
    assert (4 + length) % 8 == 0
    (header,) = json.loads(packet[4 : 4 + length])
    columns, pictures = {}, {}
    assert set(header["columns"]) == set(packets.COLUMNS)
    for name, (place, kind, width) in header["columns"].items():
        assert (place % 8, kind) == (0, packets.COLUMNS[name])
        values = np.frombuffer(packet, KINDS[kind], header["records"] * max(1, width), 4 + length + place)
        columns[name] = values.reshape(-1, width) if width else values
    for one in header["snapshots"]:
        count = one["rowsOfBins"] * one["bins"]
        pictures[one["step"]] = np.frombuffer(packet, "u1", count, 4 + length + one["histogram"])
    return header, columns, pictures


def assert_columns_are(columns, stored, rows):
    for name, kind in packets.COLUMNS.items():
        expected = stored[name][rows].astype(KINDS[kind])
        np.testing.assert_array_equal(columns[name].reshape(expected.shape), expected)
    assert columns["loss"].shape[1:] == (2 * 3,)
    assert columns["gradient"].shape[1:] == (2 * 4,)


def test_a_chunk_holds_what_is_new_exactly():
    runs = ComparedRuns(setup(VARIANTS, steps=300))
    train(runs, 5)
    seen = runs.store.count
    new = train(runs, 5)
    header, columns, pictures = opened(packets.chunk(runs, new))
    assert (header["kind"], header["records"]) == ("chunk", new)
    assert_columns_are(columns, runs.store.columns(), slice(seen, None))
    assert list(pictures) == [one["step"] for one in header["verdicts"]] == columns["step"].tolist()
    for one in runs.fresh_pictures:
        assert pictures[one.step].tolist() == one.bars.ravel().tolist()


def test_a_replay_of_what_nobody_has_seen_holds_all():
    runs = trained(setup(VARIANTS))
    header, columns, pictures = opened(packets.replay(runs))
    assert (header["kind"], header["shown"], header["finished"]) == ("replay", -1, True)
    assert_columns_are(columns, runs.store.columns(), slice(None))
    assert list(pictures) == columns["step"].tolist()


@pytest.mark.parametrize("value", [0.0, 1e-45, np.inf, -np.inf, np.nan, 3.4e38])
def test_extreme_numbers_arrive_as_they_are(value):
    runs = trained(setup(VARIANTS, steps=5))
    stored = runs.store.columns()
    for name in packets.COLUMNS:
        if packets.COLUMNS[name] == "f4":
            stored[name][1, 1, 0] = value
    _, columns, _ = opened(packets.replay(runs))
    assert_columns_are(columns, stored, slice(None))
    np.testing.assert_array_equal(columns["loss"][1, 3], np.float32(value))


def test_a_layer_without_a_gradient_is_exactly_zero_and_one_that_is_not_there_is_nan():
    runs = trained(setup(VARIANTS))
    _, columns, _ = opened(packets.replay(runs))
    gradients = columns["gradient"].reshape(-1, 2, 4)
    assert (gradients[:, 0] > 0).all()
    assert (gradients[:, 1, :2] == 0).all()
    assert np.isnan(gradients[:, 1, 2:]).all()


def test_a_replay_is_thinned_where_it_was_seen_and_whole_where_not():
    runs = trained(setup(VARIANTS, steps=600), speed=1)
    runs.shown = 550
    header, columns, pictures = opened(packets.replay(runs))
    steps = columns["step"].astype(int)
    assert (steps <= 550).sum() <= packets.REPLAY_RECORDS + 1
    assert steps[steps >= 550].tolist() == list(range(550, 600))
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert_columns_are(columns, runs.store.columns(), steps)
    assert len(pictures) <= 2 * packets.REPLAY_PICTURES + 1
    assert max(pictures) == 599
    verdicts = [one["step"] for one in header["verdicts"]]
    assert verdicts == list(range(549, 600))
    assert set(verdicts) - {549} <= set(steps.tolist())


def test_after_a_thinned_store_a_replay_says_so(monkeypatch):
    monkeypatch.setattr("ui.history.BUDGET_BYTES", 60_000)
    runs = trained(setup(VARIANTS, steps=300), speed=1)
    header, columns, _ = opened(packets.replay(runs))
    assert header["thinned"]
    assert_columns_are(columns, runs.store.columns(), slice(None))


def test_a_restored_comparison_travels_with_its_verdict():
    runs = ComparedRuns(setup(VARIANTS))
    runs.restore(37, lambda share: None)
    header, columns, pictures = opened(packets.replay(runs))
    assert (header["shown"], header["paused"]) == (37, True)
    assert columns["step"][-1] == 37
    assert [one["step"] for one in header["verdicts"]] == list(pictures) == [37]


def test_the_header_says_what_the_columns_are_of():
    one = setup(VARIANTS, seeds=3, target=0.4)
    runs = trained(one)
    header, _, _ = opened(packets.replay(runs))
    conclusion = runs.judged[-1].conclusion
    assert header["names"] == runs.names == ["He normal × 2, 3 layers", "zeros, 1 layer"]
    assert (header["depths"], header["layers"], header["seeds"]) == ([3, 1], 4, 3)
    assert (header["steps"], header["target"], header["guessing"]) == (60, 0.4, math.log(3))
    assert header["reached"] == runs.reached.tolist()
    assert header["verdicts"][-1]["headline"] == conclusion.headline
    assert header["verdicts"][-1]["detail"] == conclusion.detail
    assert header["verdicts"][-1]["names"] == conclusion.verdicts
    assert header["verdicts"][-1]["agreeing"] == conclusion.agreeing


def test_what_is_no_class_has_neither_accuracy_nor_a_guess():
    header, _, _ = opened(packets.replay(trained(setup(VARIANTS, data="surface", steps=5))))
    assert (header["classes"], header["guessing"]) == (False, None)


@pytest.mark.parametrize(
    ("ratios", "sent"),
    [
        ([1.0, 2.0, 4.0], 2.0),
        ([0.0, 0.0, 0.0], 0.0),
        ([np.nan, np.nan, np.nan], "NaN"),
        ([np.inf, np.inf, 2.0], "Infinity"),
        # A seed without any gradient has no ratio: the median is that of the others.
        ([np.nan, 2.0, 4.0], 3.0),
    ],
)
def test_ratios_at_the_start_travel_as_javascript_reads_them(ratios, sent):
    runs = trained(setup(VARIANTS, steps=1))
    runs.start_ratios[0] = ratios
    header, _, _ = opened(packets.replay(runs))
    assert header["ratios"] == [sent, "NaN"]
