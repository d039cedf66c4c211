"""What is recorded, and how: home's pair, and what the screens and the built-in talk open with."""

from __future__ import annotations

from collections.abc import Mapping

from ui import controls
from ui.comparison import packets as compared_packets
from ui.comparison.presets import PRESETS, STORY
from ui.comparison.runs import ComparedRuns
from ui.comparison.runs import catch_up as catch_up_compared
from ui.comparison.setup import Setup
from ui.experiment import Experiment, experiment_from
from ui.live_panel import packets
from ui.runs import LiveRun, catch_up, trained

# The last recorded step: two seconds at the panel's full pace, longer where the server is slow.
LAST = 299

RECORDED: Mapping[str, tuple[Experiment, ...] | Setup] = {
    "home": (controls.default_experiment(), controls.healthy_experiment()),
    "live training": (controls.default_experiment(),),
    "twice He's weights": (experiment_from({"activation": "relu", "initializer": "he_normal", "gain": 2.0}),),
    "zeros": (experiment_from({"initializer": "zeros"}),),
    "compare initializers": PRESETS[STORY],
    "Xavier against He": PRESETS["ReLU: Xavier against He at 10, 20, 30 layers"],
}


def packet(what: tuple[Experiment, ...] | Setup, last: int = LAST) -> bytes:
    """Return the packet of what trains from the first step up to and including `last`, with every frame in it.

    Parameters
    ----------
    what : tuple of Experiment, or Setup
        Networks that train side by side, or a comparison.
    last : int, optional
    """
    return _compared(what, last) if isinstance(what, Setup) else _live(what, last)


def _live(experiments: tuple[Experiment, ...], last: int) -> bytes:
    runs = [LiveRun(experiment, alone=len(experiments) == 1) for experiment in experiments]
    while catch_up(runs, last):
        pass
    return packets.chunk(runs, trained(runs) + 1)


def _compared(setup: Setup, last: int) -> bytes:
    runs = ComparedRuns(setup)
    while catch_up_compared(runs, last):
        pass
    return compared_packets.chunk(runs, runs.store.count)
