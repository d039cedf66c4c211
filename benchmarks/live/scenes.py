"""The scenes that are measured, and what each is held to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """A page with settings, and its goals in words.

    Attributes
    ----------
    path : str
        Page and link.
    updates, kilobytes, cpu, pause, others : str
        Visible updates a second, KB and ms of the server's CPU an update, ms from Pause to the last frame, drawings of
        each other chart in sight a second.
    seconds : int
        How long it is watched.
    """

    path: str
    updates: str = ""
    kilobytes: str = ""
    cpu: str = ""
    pause: str = "≤ 50"
    others: str = ""
    seconds: int = 20


PLANE, DIGITS = "10 layers, plane with boundary", "10 layers, digits"
COMPARED, MOST = "comparison, 7 × 8 runs", "comparison, 8 × 8 runs"
# The default's steps are over in a few seconds; the length of a run changes nothing of its steps.
_STEPS = "&steps=20000"
_EIGHT = (
    "compare_initializers?v=1&variants=zeros;normal;normal,g0.01;pytorch_default;he_normal;xavier_normal;orthogonal;"
    "lecun_normal" + _STEPS
)

SCENES = {
    PLANE: Scene("live_training?v=1&data=moons", "≥ 20", "≤ 10", "≤ 40", others="≥ 20, ≥ 5"),
    DIGITS: Scene("live_training", "≥ 20", "≤ 10", "≤ 40", others="≥ 20, ≥ 5"),
    # It rests after some ten seconds.
    "home, two networks": Scene("", seconds=5),
    "100 layers, plane with boundary": Scene("live_training?v=1&data=moons&depth=100", "≥ 10", others="≥ 10, ≥ 2"),
    "10 layers of 512": Scene("live_training?v=1&data=moons&width=512&depth=10"),
    COMPARED: Scene("compare_initializers?v=1" + _STEPS, "≥ 5", pause="≤ 100"),
    MOST: Scene(_EIGHT, "≥ 5", pause="≤ 100"),
    "comparison, 8 × 16 runs": Scene(_EIGHT + "&seeds=16", "≥ 1", pause="≤ 100"),
}

# Left out where there is little time.
SLOW = ("10 layers of 512", "comparison, 8 × 16 runs")
# Where new weights are asked for in mid-run.
NEW_RUNS = {
    "default": "live_training?v=1",
    "100 layers": "live_training?v=1&depth=100",
    "width 512": "live_training?v=1&width=512",
    MOST: SCENES[MOST].path,
}
# MB that one visitor of MOST may add to the server.
VISITOR_GOAL = "≤ 8"
