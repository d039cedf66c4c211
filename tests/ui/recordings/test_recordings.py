"""A recording is what the engine would compute now, of what it is for, and no larger than it may be."""

from dataclasses import replace

import numpy as np
import pytest

from tests.ui.opened_packets import opened, steps_with
from ui.comparison.setup import Setup
from ui.experiment import experiment_from
from ui.recordings import files
from ui.recordings.recorded import LAST, RECORDED, packet
from ui.talk.built_in import BUILT_IN
from ui.talk.screens import read

FIRST = 9
AGAIN = "The recordings are not what the engine computes now: python -m ui.recordings makes them anew."


def columns(recording):
    """Return every number of the first records, one array a column and run."""
    return [
        (name, values.reshape(len(values), -1).astype(float))
        for _, found, _ in opened(recording)
        for name, values in found.items()
    ]


def agree(recording, fresh):
    """Say whether the first record of both is the same, and of the later ones nearly all numbers.

    On another processor the last digits differ. A start that explodes makes much of them within a step or two.
    """
    close, count = 0, 0
    for (name, kept), (again, new) in zip(columns(recording), columns(fresh), strict=True):
        same = np.isclose(kept[: len(new)], new, rtol=2e-3, atol=1e-6, equal_nan=True)
        if name != again or not same[0].all():
            return False
        close, count = close + same.sum(), count + same.size
    return close > 0.95 * count


@pytest.mark.parametrize("name", RECORDED)
def test_it_is_there_and_agrees_with_the_engine(name):
    what = RECORDED[name]
    recording = files.find(what)
    assert recording is not None, AGAIN
    assert agree(recording, packet(what, FIRST)), AGAIN
    (header, _, extras), *_ = opened(recording)
    assert header["trained"] == LAST or header["finished"]
    # Every frame has its picture and its verdict.
    frames = steps_with(extras, "isFrame")
    assert frames == steps_with(extras, "verdict")
    assert frames[:3] == ([0, 3] if header["finished"] else [0, 4, 9])


@pytest.mark.parametrize("name", ["live training", "compare initializers"])
def test_another_run_would_be_noticed(name):
    what = RECORDED[name]
    other = replace(what, first_seed=1) if isinstance(what, Setup) else (replace(what[0], seed=1),)
    assert not agree(files.find(what), packet(other, FIRST))
    assert files.find(other) is None


def test_they_are_small_and_none_is_left_over():
    kept = {path: path.stat().st_size for path in files.FOLDER.iterdir()}
    assert set(kept) == {files.path_of(what) for what in RECORDED.values()}, AGAIN
    assert max(kept.values()) <= 250_000
    assert sum(kept.values()) <= 2_000_000


def test_every_scene_of_the_talk_that_trains_has_one():
    for scene in BUILT_IN.scenes:
        if scene.screen == "live_training":
            assert files.find((experiment_from(read(scene).values),)) is not None, scene.headline
        if scene.screen == "compare_initializers":
            assert files.find(read(scene).setup) is not None, scene.headline


def test_the_same_bytes_whenever_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FOLDER", tmp_path / "new")
    first = files.write(("a",), b"what was shown").read_bytes()
    assert files.write(("a",), b"what was shown").read_bytes() == first
    assert files.find(("a",)) == b"what was shown"
    assert files.find(("b",)) is None
