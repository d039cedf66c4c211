"""What is recorded: home's pair, the live and compared networks that the built-in talk and the screens open with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial

from ui import controls
from ui.comparison import packets as compared_packets
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.runs import ComparedRuns
from ui.comparison.runs import catch_up as catch_up_compared
from ui.comparison.setup import Setup
from ui.experiment import Experiment, experiment_from
from ui.live_panel import packets
from ui.live_panel.wire import joined, split
from ui.runs import LiveRun, catch_up, trained

# The last recorded step: two seconds at the panel's full pace, five where the server is slow.
LAST = 299


def live(experiments: tuple[Experiment, ...], last: int = LAST) -> bytes:
    """Return the packet of networks that train side by side, up to and including step `last`, every frame in it."""
    runs = [LiveRun(experiment, alone=len(experiments) == 1) for experiment in experiments]
    while catch_up(runs, last):
        pass
    headers, arrays = split(packets.chunk(runs, trained(runs) + 1))
    for header, run in zip(headers, runs, strict=True):
        header |= {"kind": "replay", "still": run.camera.still()}
    return joined(headers, arrays)


def compared(setup: Setup, last: int = LAST) -> bytes:
    """Return the packet of a comparison, up to and including step `last`."""
    runs = ComparedRuns(setup)
    while catch_up_compared(runs, last):
        pass
    ((header,), arrays) = split(compared_packets.chunk(runs, runs.store.count))
    return joined([header | {"kind": "replay"}], arrays)


def _live(*experiments: Experiment) -> tuple[Hashable, Callable[[], bytes]]:
    return experiments, partial(live, experiments)


def _compared(name: str) -> tuple[Hashable, Callable[[], bytes]]:
    return PRESETS[name], partial(compared, PRESETS[name])


# Name → what is run, and what makes its packet.
ALL: Mapping[str, tuple[Hashable, Callable[[], bytes]]] = {
    "home": _live(controls.default_experiment(), controls.healthy_experiment()),
    "live training": _live(controls.default_experiment()),
    "twice He's weights": _live(experiment_from({"activation": "relu", "initializer": "he_normal", "gain": 2.0})),
    "zeros": _live(experiment_from({"initializer": "zeros"})),
    "compare initializers": _compared(STORY),
    "Xavier against He": _compared("ReLU: Xavier against He at 10, 20, 30 layers"),
}
