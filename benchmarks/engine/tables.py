"""The comparison in Markdown, goals beside what was measured."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from benchmarks.engine.comparison import Comparison
from benchmarks.engine.jobs import CONFIGURATIONS
from benchmarks.engine.peers import Entry
from benchmarks.engine.rounds import Effort, number
from benchmarks.report import machine

# In float32 with tanh, configuration by configuration, T S M L D G: how many times faster than the peer to be at least.
FASTER: dict[str, tuple[float | None, ...]] = {
    "pytorch_eager": (20, 14, 3, 1.5, 1.75, 1.15),
    "tutorial_numpy": (5, 4, 1.9, 1.6, 1.6, None),
}
# Our step over the peer's, at most.
WITHIN: dict[str, tuple[float | None, ...]] = {
    "bare_products": (2.5, 2.5, 1.75, 1.4, 1.75, 1.35),
    "jax_scan": (2.4, 2, 1.5, 1.1, 1.75, 1.1),
}
HELD_AGAINST_GOALS = ("tanh", "float32")

Variant = tuple[str, str]
Results = Mapping[str, Comparison]


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def circumstances(command: str, peers: Mapping[str, Entry], missing: Mapping[str, str], effort: Effort) -> list[str]:
    """Return paragraphs on where, with what and how often it is measured; call it before the machine is busy."""
    versions = ", ".join(dict.fromkeys(entry.version for entry in peers.values() if entry.version)) or "no peers"
    return [
        f"`python -m {command}` on {machine()}; {versions}. One thread each, {effort.rounds} rounds, load "
        f"{os.getloadavg()[0]:.1f} at the start. Median of the ratios of each round, quartiles in brackets.",
        *(f"Skipped: {file}, because {module} is not installed." for file, module in missing.items()),
    ]


def _goal(goals: Mapping[str, tuple[float | None, ...]], peer: str, name: str, variant: Variant, sign: str) -> str:
    goal = dict(zip(CONFIGURATIONS, goals.get(peer, ()), strict=False)).get(name)
    return f" {sign} {goal:g}" if goal is not None and variant == HELD_AGAINST_GOALS else ""


def peers_table(variant: Variant, results: Results, peers: Mapping[str, Entry]) -> str:
    """Return each peer's time over ours."""
    rows = [
        [
            entry.name,
            *(f"{each.faster_than(file)}{_goal(FASTER, file, name, variant, '≥')}" for name, each in results.items()),
        ]
        for file, entry in peers.items()
    ]
    rows.append(["ours, µs a step", *(str(each.ours()) for each in results.values())])
    return markdown([f"peer ÷ ours, {variant[0]}, {variant[1]}", *results], rows)


def limits_table(found: Mapping[Variant, Results], peers: Mapping[str, Entry]) -> str:
    """Return our time over that of what is hard to beat."""
    rows = [
        [
            f"ours ÷ {peers[file].name}, {', '.join(variant)}",
            *(f"{each.times(file)}{_goal(WITHIN, file, name, variant, '≤')}" for name, each in results.items()),
        ]
        for file in WITHIN
        if file in peers
        for variant, results in found.items()
    ]
    return markdown(["", *next(iter(found.values()))], rows)


def startup_table(results: Results, peers: Mapping[str, Entry]) -> str:
    """Return what a peer takes until its first epoch, over a later one."""
    rows = [
        [entry.name, *(number(each.startup[file]) for each in results.values())]
        for file, entry in peers.items()
        if any(each.startup[file] > 0.1 for each in results.values())
    ]
    return markdown(["seconds to start, once", *results], rows)
