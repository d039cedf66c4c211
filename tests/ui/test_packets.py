"""Packets carry the engine's numbers bit by bit, zero, Inf and NaN included."""

import numpy as np
import pytest

from tests.ui.opened_packets import opened, steps_with
from tests.ui.runs_by_hand import experiment, run_to_the_end
from ui.figures import light
from ui.live_panel import frames, packets
from ui.runs import LiveRun, train

EXACT = ("loss", "accuracy", "test_loss", "test_accuracy", "grad_rms", "update_ratio")
IN_FLOAT32 = ("saturated_fraction", "dead_fraction")


def test_a_chunk_holds_the_new_records_exactly():
    run = LiveRun(experiment(steps=300))
    train([run], 5)
    seen = run.history.count
    new = train([run], 5)
    ((header, columns, extras),) = opened(packets.chunk([run], new))
    course = run.history.course()
    assert header["kind"] == "chunk"
    assert "charts" not in header
    assert columns["step"].tolist() == list(range(seen, seen + new))
    for name in EXACT:
        np.testing.assert_array_equal(columns[name], getattr(course, name)[seen:])
    for name in IN_FLOAT32:
        np.testing.assert_array_equal(columns[name], getattr(course, name)[seen:].astype(np.float32))
    assert all(seen <= step < seen + new for step in steps_with(extras, "verdict"))
    assert steps_with(extras, "isFrame") == [snapshot.step for snapshot in run.snapshots]


def test_two_runs_travel_in_one_packet():
    runs = [LiveRun(experiment(steps=7)), LiveRun(experiment(steps=300, depth=5))]
    new = train(runs, 5)
    (_, short, _), (_, long, _) = opened(packets.chunk(runs, new))
    assert short["step"].tolist() == list(range(7))
    assert long["step"].tolist() == list(range(new))
    new = train(runs, 5)
    (_, short, _), (_, long, _) = opened(packets.chunk(runs, new))
    assert len(short["step"]) == 0
    assert len(long["step"]) == new


@pytest.mark.parametrize(
    ("value", "power", "name"),
    [
        (0.0, light.ZERO_POWER, "0"),
        (np.inf, light.UNREAL_POWER, "∞"),
        (np.nan, np.nan, "NaN"),
        (1e-300, None, None),
        (5e-324, None, None),
    ],
)
def test_extreme_numbers_arrive_as_they_are_and_are_named(value, power, name):
    run, _ = run_to_the_end(experiment(steps=5))
    course = run.history.course()
    course.grad_rms[2, 1] = value
    ((_, columns, extras),) = opened(packets.replay([run]))
    np.testing.assert_array_equal(columns["grad_rms"][2, 1], value)
    if name is None:
        power = np.log10(value) - np.log10(course.grad_rms[2, 2])
        assert "odd_names" not in extras.get(2, {})
    else:
        assert extras[2]["odd_names"] == ["", name, "", ""]
        assert extras[2]["odd_heights"] == [None, 1.0, None, None]
    np.testing.assert_allclose(columns["light"][2, 1], power, rtol=1e-6)


def test_the_light_is_against_the_last_hidden_layer():
    run, _ = run_to_the_end(experiment(steps=5))
    ((_, columns, _),) = opened(packets.replay([run]))
    rms = run.history.course().grad_rms
    np.testing.assert_allclose(columns["light"], np.log10(rms / rms[:, [2]]), atol=1e-6)
    np.testing.assert_array_equal(columns["light"][:, 2], 0)


def test_a_replay_is_thinned_where_it_was_seen_and_whole_where_not():
    run, _ = run_to_the_end(experiment(steps=3000))
    run.shown = 2900
    ((header, columns, extras),) = opened(packets.replay([run]))
    steps = columns["step"].astype(int)
    assert (steps <= 2900).sum() <= packets.REPLAY_RECORDS + 1
    assert steps[steps >= 2900].tolist() == list(range(2900, 3000))
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert len(steps_with(extras, "isFrame")) <= 2 * packets.REPLAY_SNAPSHOTS + 1
    assert max(steps_with(extras, "verdict")) == 2999
    assert [chart["name"] for chart in header["charts"]][:4] == ["gradients", "linear", "network", "course"]


@pytest.mark.parametrize(("data", "shape"), [("digits", (4 * 10,)), ("moons", None), ("surface", None)])
def test_pictures_travel_with_what_they_are_drawn_on(data, shape):
    run = LiveRun(experiment(data))
    train([run], 5)
    ((header, _, extras),) = opened(packets.replay([run]))
    (chart,) = [chart for chart in header["charts"] if chart["name"] == "picture"]
    name = "chances" if shape else "picture"
    picture = next(extra[name] for extra in extras.values() if name in extra)
    assert picture.shape == shape if shape else picture.shape[0] == picture.shape[1]
    assert len(chart["data"]) == (3 if shape else 2)


def test_ranges_hold_all_that_was_and_are_common_to_runs_side_by_side():
    runs = [LiveRun(experiment(steps=40)), LiveRun(experiment(steps=40, depth=12, activation="sigmoid"))]
    while train(runs, 5):
        pass
    both = [header["constants"]["gradient_range"] for header, _, _ in opened(packets.replay(runs))]
    assert both[0] == both[1]
    powers = np.log10(np.concatenate([run.history.course().grad_rms.ravel() for run in runs]))
    assert both[0][0] <= powers.min()
    assert powers.max() <= both[0][1]


def test_a_loss_beyond_its_axis_is_said():
    run, _ = run_to_the_end(experiment(steps=5))
    run.largest_loss = 1e93
    shown = frames.constants([run], run)
    assert shown["loss_range"][1] <= 1.5 * frames.LOSS_MOST * frames.LOSS_ABOVE * max(run.first_loss, np.log(3))
    assert "10⁹³ is beyond the axis" in shown["loss_cut"]


def test_a_remedy_is_named_as_a_button():
    assert packets.remedy_label({"hidden": "relu", "initializer": "he_normal"}) == "Try ReLU with He normal"
    assert packets.remedy_label({"initializer": "xavier_normal"}) == "Try Xavier normal"
    assert packets.remedy_label({}) == ""
