"""Packets carry the engine's numbers bit by bit, zero, Inf and NaN included."""

import json
import struct

import numpy as np
import pytest

from tests.ui.runs_by_hand import experiment, run_to_the_end
from ui.history import LAYER_FIELDS
from ui.live_panel import packets
from ui.live_panel.wire import KINDS
from ui.runs import LiveRun, train


def opened(packet):
    (length,) = struct.unpack_from("<I", packet)
    assert (4 + length) % 8 == 0
    headers = json.loads(packet[4 : 4 + length])
    runs = []
    for header in headers:
        columns = {}
        for name, kind in packets.COLUMNS.items():
            place, sent_as, width = header["columns"][name]
            assert (place % 8, sent_as, width) == (0, kind, header["layers"] if name in LAYER_FIELDS else 0)
            values = np.frombuffer(packet, KINDS[kind], header["records"] * max(1, width), 4 + length + place)
            columns[name] = values.reshape(-1, width) if width else values
        runs.append((header, columns))
    return runs


def test_a_chunk_holds_the_new_records_exactly():
    run = LiveRun(experiment(steps=300))
    train([run], 5)
    seen = run.history.count
    new = train([run], 5)
    ((header, columns),) = opened(packets.chunk([run], new))
    course = run.history.course()
    assert header["kind"] == "chunk"
    assert columns["step"].tolist() == list(range(seen, seen + new))
    for name, kind in packets.COLUMNS.items():
        np.testing.assert_array_equal(columns[name], getattr(course, name)[seen:].astype(KINDS[kind]))
    assert all(seen <= verdict["step"] < seen + new for verdict in header["verdicts"])
    assert [each["step"] for each in header["snapshots"]] == [snapshot.step for snapshot in run.snapshots]


def test_two_runs_travel_in_one_packet():
    runs = [LiveRun(experiment(steps=7)), LiveRun(experiment(steps=300, depth=5))]
    new = train(runs, 5)
    (_, short), (_, long) = opened(packets.chunk(runs, new))
    assert short["step"].tolist() == list(range(7))
    assert long["step"].tolist() == list(range(new))
    new = train(runs, 5)
    (_, short), (_, long) = opened(packets.chunk(runs, new))
    assert len(short["step"]) == 0
    assert len(long["step"]) == new


@pytest.mark.parametrize("value", [0.0, 1e-300, np.inf, np.nan, 5e-324])
def test_extreme_numbers_arrive_as_they_are(value):
    run, _ = run_to_the_end(experiment(steps=5))
    run.history.course().grad_rms[2, 1] = value
    ((_, columns),) = opened(packets.replay([run]))
    np.testing.assert_array_equal(columns["grad_rms"][2, 1], value)


def test_a_replay_is_thinned_where_it_was_seen_and_whole_where_not():
    run, _ = run_to_the_end(experiment(steps=3000))
    run.shown = 2900
    ((header, columns),) = opened(packets.replay([run]))
    steps = columns["step"].astype(int)
    assert (steps <= 2900).sum() <= packets.REPLAY_RECORDS + 1
    assert steps[steps >= 2900].tolist() == list(range(2900, 3000))
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert len(header["snapshots"]) <= 2 * packets.REPLAY_SNAPSHOTS + 1
    assert header["verdicts"][-1]["step"] == 2999


@pytest.mark.parametrize(("data", "kind"), [("digits", "samples"), ("moons", "boundary"), ("surface", "boundary")])
def test_pictures_travel_with_what_they_are_drawn_on(data, kind):
    run = LiveRun(experiment(data))
    train([run], 5)
    ((header, _),) = opened(packets.replay([run]))
    assert header["still"]["kind"] == kind
    assert header["snapshots"][0]["rows"] > 0


def test_a_remedy_is_named_as_a_button():
    assert packets.remedy_label({"hidden": "relu", "initializer": "he_normal"}) == "Try ReLU with He normal"
    assert packets.remedy_label({"initializer": "xavier_normal"}) == "Try Xavier normal"
    assert packets.remedy_label({}) == ""
