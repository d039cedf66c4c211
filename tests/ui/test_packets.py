"""Packets carry the engine's numbers bit by bit, zero, Inf and NaN included."""

import json
import struct

import numpy as np
import pytest
from runs_by_hand import experiment, run_to_the_end

from ui.live_panel import packets
from ui.runs import LiveRun


def opened(packet):
    (length,) = struct.unpack_from("<I", packet)
    assert (4 + length) % 8 == 0
    header = json.loads(packet[4 : 4 + length])
    columns = {}
    for name, at in header["columns"].items():
        width = header["layers"] if name == "grad_rms" else 1
        values = np.frombuffer(packet, "<f8", header["records"] * width, 4 + length + at)
        columns[name] = values.reshape(-1, width) if width > 1 else values
    return header, columns


def test_a_chunk_holds_the_new_records_exactly():
    run = LiveRun(experiment(steps=300))
    run.train(5)
    seen = run.history.count
    new = run.train(5)
    header, columns = opened(packets.chunk(run, new))
    course = run.history.course()
    assert header["kind"] == "chunk"
    assert columns["step"].tolist() == list(range(seen, seen + new))
    for name in packets.COLUMNS:
        np.testing.assert_array_equal(columns[name], getattr(course, name)[seen:])
    assert all(seen <= verdict["step"] < seen + new for verdict in header["verdicts"])


@pytest.mark.parametrize("value", [0.0, 1e-300, np.inf, np.nan, 5e-324])
def test_extreme_numbers_arrive_as_they_are(value):
    run, _ = run_to_the_end(experiment(steps=5))
    run.history.course().grad_rms[2, 1] = value
    _, columns = opened(packets.replay(run))
    np.testing.assert_array_equal(columns["grad_rms"][2, 1], value)


def test_a_replay_is_thinned_where_it_was_seen_and_whole_where_not():
    run, _ = run_to_the_end(experiment(steps=3000))
    run.shown = 2900
    _, columns = opened(packets.replay(run))
    steps = columns["step"].astype(int)
    assert (steps <= 2900).sum() <= packets.REPLAY_RECORDS
    assert steps[steps > 2900].tolist() == list(range(2901, 3000))
    assert steps[0] == 0


def test_a_remedy_is_named_as_a_button():
    assert packets.remedy_label({"hidden": "relu", "initializer": "he_normal"}) == "Try ReLU with He normal"
    assert packets.remedy_label({"initializer": "xavier_normal"}) == "Try Xavier normal"
    assert packets.remedy_label({}) == ""
