"""A comparison's packets carry its records bit by bit, zero, Inf and NaN included, and what the panel has to know."""

import warnings

import numpy as np
import pytest

from tests.ui.comparisons_by_hand import setup, trained
from tests.ui.opened_packets import opened as opened_packet
from tests.ui.opened_packets import steps_with
from ui.comparison import packets
from ui.comparison.runs import ComparedRuns, train
from ui.comparison.setup import Variant
from ui.figures import light

VARIANTS = (Variant("he_normal", 2.0, depth=3), Variant("zeros", depth=1))


def opened(packet):
    """Return a packet's header, its columns, and the steps with pictures and with verdicts."""
    ((header, columns, extras),) = opened_packet(packet)
    return header, columns, extras


def assert_columns_are(columns, stored, rows):
    np.testing.assert_array_equal(columns["step"], stored["step"][rows])
    for name in ("loss", "accuracy", "test_accuracy"):
        expected = stored[name][rows]
        np.testing.assert_array_equal(columns[f"{name}_single"].reshape(expected.shape), expected)
        for variant in range(expected.shape[1]):
            middle = columns[f"{name}_quartiles"][:, 3 * variant + 1]
            np.testing.assert_allclose(middle, medians(expected[:, variant]), rtol=1e-6)
    expected = stored["activation_std"][rows]
    np.testing.assert_array_equal(columns["activation_std"].reshape(expected.shape), expected)


def medians(values):
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        return np.nanmedian(values.astype(float), axis=1)


def test_a_chunk_holds_what_is_new_exactly():
    runs = ComparedRuns(setup(VARIANTS, steps=300))
    train(runs, 5)
    seen = runs.store.count
    new = train(runs, 5)
    header, columns, extras = opened(packets.chunk(runs, new))
    assert (header["kind"], header["records"]) == ("chunk", new)
    assert_columns_are(columns, runs.store.columns(), slice(seen, None))
    assert steps_with(extras, "isFrame") == steps_with(extras, "verdict") == columns["step"].tolist()
    for one in runs.fresh_pictures:
        for variant, depth in enumerate((3, 1)):
            np.testing.assert_array_equal(extras[one.step][f"histogram{variant}"], one.bars[variant, :depth].T)


def test_a_replay_of_what_nobody_has_seen_holds_all():
    runs = trained(setup(VARIANTS))
    header, columns, extras = opened(packets.replay(runs))
    assert (header["kind"], header["shown"], header["finished"]) == ("replay", -1, True)
    assert_columns_are(columns, runs.store.columns(), slice(None))
    assert steps_with(extras, "isFrame") == columns["step"].tolist()


@pytest.mark.parametrize("value", [0.0, 1e-45, np.inf, -np.inf, np.nan, 3.4e38])
def test_extreme_numbers_arrive_as_they_are(value):
    runs = trained(setup(VARIANTS, steps=5))
    stored = runs.store.columns()
    for name in ("loss", "accuracy", "test_accuracy", "activation_std"):
        stored[name][1, 1, 0] = value
    _, columns, _ = opened(packets.replay(runs))
    np.testing.assert_array_equal(columns["loss_single"][1, 3], np.float32(value))
    np.testing.assert_array_equal(columns["activation_std"][1, 4], np.float32(value))


def test_a_layer_without_a_gradient_is_exactly_zero_and_one_that_is_not_there_is_nan():
    runs = trained(setup(VARIANTS))
    _, columns, _ = opened(packets.replay(runs))
    powers = columns["light"].reshape(-1, 2, 4)
    assert (powers[:, 0] > light.ZERO_POWER).all()
    assert (powers[:, 1, :2] == light.ZERO_POWER).all()
    assert np.isnan(powers[:, 1, 2:]).all()


def test_a_replay_is_thinned_where_it_was_seen_and_whole_where_not():
    runs = trained(setup(VARIANTS, steps=600), speed=1)
    runs.shown = 550
    _, columns, extras = opened(packets.replay(runs))
    steps = columns["step"].astype(int)
    assert (steps <= 550).sum() <= packets.REPLAY_RECORDS + 1
    assert steps[steps >= 550].tolist() == list(range(550, 600))
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert_columns_are(columns, runs.store.columns(), steps)
    pictures, verdicts = steps_with(extras, "isFrame"), steps_with(extras, "verdict")
    assert len(pictures) <= 2 * packets.REPLAY_PICTURES + 1
    assert max(pictures) == 599
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
    header, columns, extras = opened(packets.replay(runs))
    assert (header["shown"], header["paused"]) == (37, True)
    assert columns["step"][-1] == 37
    assert steps_with(extras, "verdict") == steps_with(extras, "isFrame") == [37]


def test_the_charts_and_the_table_say_what_the_columns_are_of():
    runs = trained(setup(VARIANTS, seeds=3, target=0.4))
    header, _, extras = opened(packets.replay(runs))
    conclusion = runs.judged[-1].conclusion
    assert [chart["name"] for chart in header["charts"]] == [
        "maps", "test_accuracy", "loss", "accuracy", "spread", "histogram",
    ]  # fmt: skip
    last = extras[59]
    assert last["verdict"]["headline"] == conclusion.headline
    assert last["verdict"]["texts"]["why"] == conclusion.detail
    assert last["map_verdicts"] == [
        name.capitalize() if many == 3 else f"{name.capitalize()} ({many} of 3)"
        for name, many in zip(conclusion.verdicts, conclusion.agreeing, strict=True)
    ]
    rows = last["verdict"]["tables"]["results"]
    assert [row[0][0] for row in rows] == runs.names == ["He normal × 2, 3 layers", "zeros, 1 layer"]
    assert {len(row) for row in rows} == {len(header["heads"])}


def test_what_is_no_class_has_no_accuracy():
    header, _, _ = opened(packets.replay(trained(setup(VARIANTS, data="surface", steps=5))))
    assert [chart["name"] for chart in header["charts"]] == ["maps", "loss", "spread", "histogram"]


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ([1.0, 2.0, 4.0], "2"),
        ([0.0, 0.0, 0.0], "exactly 0"),
        ([np.nan, np.nan, np.nan], "no gradient"),
        ([np.inf, np.inf, 2.0], "∞"),
        # A seed without any gradient has no ratio: the median is that of the others.
        ([np.nan, 2.0, 4.0], "3"),
    ],
)
def test_ratios_at_the_start_are_said(ratios, said):
    runs = trained(setup(VARIANTS, steps=1))
    runs.start_ratios[0] = ratios
    _, _, extras = opened(packets.replay(runs))
    assert extras[0]["verdict"]["tables"]["results"][0][2][0] == said


def test_a_time_is_told_once_it_was_reached_and_not_before():
    runs = trained(setup(VARIANTS, steps=60))
    runs.reached[0] = [20, 30, -1]
    _, _, extras = opened(packets.replay(runs))
    told = {
        step: extra["verdict"]["tables"]["results"][0][3][0] for step, extra in extras.items() if "verdict" in extra
    }
    assert told[9] == "not yet"
    assert told[24] == "most never, 2 of 3 never"
    assert told[59] == "30 (25–never), 1 of 3 never"
    assert extras[59]["verdict"]["tables"]["results"][1][3][0] == "never"
