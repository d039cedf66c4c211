"""What the server answers while a panel plays a recording: it trains the same run, and goes on from where it ends."""

import json

import pytest

import ui.live_panel as live
from tests.ui.opened_packets import opened, steps_with
from ui.comparison import panel as compared
from ui.comparison.runs import ComparedRuns
from ui.live_panel.playing import answer, find_recording
from ui.live_panel.ticks import SPEED, Tick, read_tick
from ui.panel.wire import split
from ui.recordings.recorded import LAST, RECORDED
from ui.runs import LiveRun, trained


def recorded_runs(name="home"):
    runs = [LiveRun(one, alone=False) for one in RECORDED[name]]
    find_recording(live._source(runs))
    return runs


def told(runs, shown, received=LAST, speed=0):
    return answer(live._source(runs), Tick(runs[0].identity, shown, received, speed, at=7.5))


def test_at_first_nothing_is_computed():
    runs = recorded_runs()
    headers, _ = split(answer(live._source(runs), None))
    assert [run.run.step for run in runs] == [0, 0]
    assert [header["run"] for header in headers] == [run.identity for run in runs]
    assert [(header["recorded"], header["trained"], header["finished"]) for header in headers] == [
        (LAST, -1, False)
    ] * 2
    assert headers[0]["note"] == f"Recorded up to step {LAST}, live from there on."


def test_while_it_plays_the_server_trains_up_to_its_end_and_no_further():
    runs = recorded_runs()
    answer(live._source(runs), None)
    shown = 0
    while trained(runs) < LAST:
        before, shown = trained(runs), shown + 1
        (header, columns, extras), _ = opened(told(runs, shown))
        assert (header["kind"], header["answers"], len(columns["step"])) == ("chunk", 7.5, 0)
        assert steps_with(extras, "verdict") == []
        assert before < header["trained"] <= LAST
    (header, columns, _), _ = opened(told(runs, shown))
    assert (header["trained"], len(columns["step"])) == (LAST, 0)
    assert {run.shown for run in runs} == {shown}
    (header, columns, _), _ = opened(told(runs, LAST, speed=SPEED))
    assert columns["step"][0] == LAST + 1


def test_what_the_server_trained_is_what_was_recorded():
    runs = recorded_runs()
    recording = opened(answer(live._source(runs), None))
    while trained(runs) < LAST:
        told(runs, 0)
    for (_, was, _), (_, is_now, _) in zip(recording, opened(answer(live._source(runs), None)), strict=True):
        assert was["step"].tolist() == is_now["step"].tolist()
        assert was["loss"][:10] == pytest.approx(is_now["loss"][:10], rel=2e-3)


def test_who_wants_it_live_gets_the_next_step_from_the_server():
    for received in (20, LAST - 1):
        runs = recorded_runs()
        answer(live._source(runs), None)
        told(runs, 10)  # it may be ahead of the visitor, or behind
        steps = []
        while not steps:
            ((_, columns, _), _) = opened(told(runs, received, received, SPEED))
            steps = [step for step in columns["step"] if step > received]
        assert steps[0] == received + 1
        assert runs[0].note == f"Live from step {received + 1} on."
        assert runs[0].recorded == received


def test_coming_back_before_the_server_has_caught_up():
    runs = recorded_runs()
    answer(live._source(runs), None)
    told(runs, 40)
    assert trained(runs) < LAST
    headers, _ = split(answer(live._source(runs), None))
    assert (headers[0]["kind"], headers[0]["shown"], headers[0]["trained"]) == ("replay", 40, trained(runs))
    # A panel that does not know the run asks with no identity of ours.
    headers, _ = split(answer(live._source(runs), Tick(-1, -1, None, SPEED, 0.0)))
    assert headers[0]["recorded"] == LAST


def test_one_that_ends_early_ends_live_too():
    runs = recorded_runs("twice He's weights")
    headers, _ = split(answer(live._source(runs), None))
    assert headers[0]["finished"]
    last = headers[0]["recorded"]
    told(runs, last, last)
    assert runs[0].run.finished
    assert trained(runs) == last


def test_a_comparison_does_the_same():
    runs = ComparedRuns(RECORDED["compare initializers"])
    find_recording(compared._source(runs))
    (header,), _ = split(answer(compared._source(runs), None))
    assert (header["run"], header["recorded"], header["trained"]) == (runs.identity, LAST, -1)
    assert runs.store.count == 0

    def told_compared(shown, received, speed=0):
        (header,), _ = split(answer(compared._source(runs), Tick(runs.identity, shown, received, speed, 2.0)))
        return header

    said = told_compared(4, LAST)
    assert (said["kind"], said["records"], said["answers"]) == ("chunk", 0, 2.0)
    assert 0 <= said["trained"] < LAST
    # Live from step 10 on.
    said = told_compared(9, 9, SPEED)
    while said["trained"] <= 9:
        said = told_compared(9, 9, SPEED)
    assert said["recorded"] == 9
    assert runs.store.columns()["step"][:4].tolist() == [0, 4, 9, 14]


@pytest.mark.parametrize(
    "event",
    [None, {}, [], "tick", {"run": "1"}, {"run": True}, {"run": 1.5}, {"shown": 4}],
)
def test_what_is_no_tick_is_none(event):
    assert read_tick(event) is None


@pytest.mark.parametrize(
    ("parts", "tick"),
    [
        ({}, Tick(3, -1, None, SPEED, 0.0)),
        ({"shown": 4, "received": 9, "speed": 0, "at": 1.5}, Tick(3, 4, 9, 0, 1.5)),
        ({"speed": 10**9, "at": float("nan")}, Tick(3, -1, None, 100, 0.0)),
        ({"speed": -4, "at": "now", "shown": "4"}, Tick(3, -1, None, 0, 0.0)),
        ({"at": 10**400}, Tick(3, -1, None, SPEED, 0.0)),
    ],
)
def test_a_tick_is_read_strictly(parts, tick):
    assert read_tick({"run": 3, **parts}) == tick
    json.dumps(read_tick({"run": 3, **parts}).at, allow_nan=False)
