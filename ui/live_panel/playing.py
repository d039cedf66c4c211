"""What a playing panel is answered: a recording while the server has not trained so far itself, then what is new."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ui.live_panel.ticks import Tick
from ui.panel.wire import joined, split
from ui.recordings import files
from ui.turns import alone, caught_up

# A packet's headers, and the arrays behind them.
Recording = tuple[list[dict[str, Any]], bytes]


class Played(Protocol):
    """What the panel and the server know of each other: see LiveRun."""

    identity: int
    shown: int
    paused: bool
    recorded: int
    note: str

    @property
    def trained(self) -> int:
        """The last step that was trained, −1 if none was."""


@dataclass(frozen=True)
class Source:
    """Runs in step, and what is done with them.

    Attributes
    ----------
    runs : sequence of Played
    what : Hashable
        Under which there may be a recording of them.
    trained : callable
        Returns the last step that was trained.
    is_behind : callable
        is_behind(step): whether there are steps to train up to and including this one.
    catch_up : callable
        catch_up(step) trains towards it for a moment and returns whether there is more to train.
    begin : callable
        Trains up to the first frame, if nothing was trained and there is no recording.
    train : callable
        train(speed) trains for a moment and returns the number of new records.
    chunk, replay : callable
        chunk(new, at) and replay(): the packets.
    with_charts : callable
        Returns, for each run, what a panel that does not know it yet needs besides its records.
    """

    runs: Sequence[Played]
    what: Hashable
    trained: Callable[[], int]
    is_behind: Callable[[int], bool]
    catch_up: Callable[[int], bool]
    begin: Callable[[], object]
    train: Callable[[int], int]
    chunk: Callable[[int, float], bytes]
    replay: Callable[[], bytes]
    with_charts: Callable[[], Sequence[dict[str, Any]]]


def standing(run: Played) -> dict[str, Any]:
    """Return what the header of a run says that its recording cannot know."""
    return {
        "run": run.identity,
        "shown": run.shown,
        "paused": run.paused,
        "note": run.note,
        "recorded": run.recorded,
        "trained": run.trained,
    }


def find_recording(source: Source) -> Recording | None:
    """Return the recording of new runs, and note in them up to which step it goes; None if there is none."""
    recording = _recording(source)
    if recording is not None:
        last = int(recording[0][0]["trained"])
        for run in source.runs:
            run.recorded, run.note = last, f"Recorded up to step {last:,}, live from there on."
    return recording


def _recording(source: Source) -> Recording | None:
    packet = files.find(source.what)
    return None if packet is None else split(packet)


def rest_at(source: Source, step: int) -> None:
    """Note that the visitor paused at a step, and train up to it what was only played so far."""
    for run in source.runs:
        run.shown, run.paused = step, True
    last = min(step, source.runs[0].recorded)
    caught_up(last, lambda: source.catch_up(last), source.trained)


def answer(source: Source, tick: Tick | None, recording: Recording | None = None) -> bytes:
    """Return the packet for a panel.

    Parameters
    ----------
    source : Source
    tick : Tick or None
        What the panel told; of no run or another one, it gets the whole course.
    recording : Recording, optional
        Of new runs, if it was found already.
    """
    runs = source.runs
    if tick is None or tick.run != runs[0].identity:
        if source.is_behind(runs[0].recorded) and (found := recording or _recording(source)):
            headers, arrays = found
            whole = zip(headers, runs, source.with_charts(), strict=True)
            return joined([header | standing(run) | shown for header, run, shown in whole], arrays)
        if source.trained() < 0:
            with alone():
                source.begin()
        return source.replay()
    received = source.trained() if tick.received is None else tick.received
    for run in runs:
        run.shown, run.paused = max(run.shown, tick.shown), False
        if received < run.recorded:  # the visitor wants no more of it
            run.recorded, run.note = received, f"Live from step {received + 1:,} on."
    with alone():
        if source.is_behind(runs[0].recorded):
            source.catch_up(runs[0].recorded)
            return source.chunk(0, tick.at)
        if source.trained() > received:
            return source.replay()
        return source.chunk(source.train(tick.speed) if tick.speed else 0, tick.at)
