"""Snapshots show the network's own values, cost what they may, and stay within their bytes."""

import numpy as np
import pytest

import gradcore as gc
from tests.ui.runs_by_hand import experiment
from ui import snapshots
from ui.runs import LiveRun
from ui.snapshots import Album, Snapshot


def taken(**settings):
    run = LiveRun(experiment(**settings))
    run.advance(frame=True)
    return run, run.snapshots[-1]


def test_histograms_are_of_the_steps_own_activations():
    run, snapshot = taken(depth=3, width=8)
    for layer in range(3):
        values = run.run.trace.layers[layer].activation
        counts, _ = np.histogram(values, bins=snapshot.histogram.shape[1], range=(snapshot.low, snapshot.high))
        expected = np.sqrt(counts) / np.sqrt(counts.max()) * 255
        np.testing.assert_allclose(snapshot.histogram[layer], expected, atol=1 + 255 * 0.1)
    assert (snapshot.low, snapshot.high) == (-1, 1)


def test_an_open_axis_only_widens():
    run = LiveRun(experiment(activation="relu", initializer="he_normal", steps=100))
    highs = []
    for _ in range(60):
        run.advance(frame=True)
        highs.append(run.snapshots[-1].high)
    assert highs == sorted(highs)
    assert run.run.trace.activations.max() <= highs[-1]
    assert run.snapshots[-1].low == 0


@pytest.mark.parametrize("data", ["moons", "clouds", "surface"])
def test_the_boundary_is_what_the_network_predicts(data):
    run, snapshot = taken(data=data)
    side = len(snapshot.picture)
    axis = np.linspace(-snapshots.REACH, snapshots.REACH, side)
    for row, column in ((0, 0), (side - 1, 3), (side // 2, side - 1)):
        output = gc.predict(run.run.net, [[axis[column], axis[row]]])[0]
        if data == "clouds":
            expected = output.argmax()
        else:
            expected = int(output[0] > (0.5 if data == "moons" else 0))
        # The snapshot was taken after the update, as the network stands.
        assert snapshot.picture[row, column] // 64 == expected


def test_samples_have_their_probabilities():
    run, snapshot = taken(data="digits")
    data = run.camera.still()
    assert snapshot.picture.shape == (len(data["truth"]), 10)
    expected = gc.predict(run.run.net, run.camera._inputs) * 255
    np.testing.assert_allclose(snapshot.picture, expected, atol=1)
    assert np.shape(data["pixels"]) == (len(data["truth"]), 64)
    assert max(max(row) for row in data["pixels"]) <= 255


def test_a_picture_too_slow_gets_coarser_then_rarer(monkeypatch):
    run = LiveRun(experiment(data="moons", steps=100))
    monkeypatch.setattr(snapshots, "PICTURE_SECONDS", 1e-9)
    for _ in range(40):
        run.advance(frame=True)
    sizes = [len(snapshot.picture) for snapshot in run.album.snapshots]
    assert sizes[: len(snapshots.GRIDS)] == list(snapshots.GRIDS)
    assert sizes.count(0) > 20


def test_extreme_activations_are_still_drawn():
    run = LiveRun(experiment(activation="identity", initializer="normal", gain=1000.0, depth=90, steps=10))
    while not run.run.finished:
        run.advance(frame=True)
    assert run.run.diverged
    assert np.isfinite(run.snapshots[-1].high)


def test_an_album_stays_within_its_bytes_and_reaches_back():
    album = Album()
    for step in range(2000):
        picture = np.zeros((40, 40), dtype=np.uint8)
        album.add(Snapshot(step, 0.0, 1.0, np.zeros((10, 40), dtype=np.uint8), picture))
    steps = [snapshot.step for snapshot in album.snapshots]
    assert sum(snapshot.size for snapshot in album.snapshots) <= snapshots.BUDGET_BYTES
    assert steps[0] == 0
    assert steps[-snapshots.RECENT :] == list(range(2000 - snapshots.RECENT, 2000))
