"""The engine beside NumPy, PyTorch, JAX and scikit-learn: python -m benchmarks.engine.

Prints tables and, after a whole run, writes them into benchmarks/README.md. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.engine import agreement, denormals, growth, recording, tables
from benchmarks.engine.comparison import Comparison, compare
from benchmarks.engine.jobs import CONFIGURATIONS, make_job
from benchmarks.engine.peers import Entry, available
from benchmarks.engine.rounds import QUICK, WHOLE, Effort
from benchmarks.report import noted, write_section

VARIANTS = (("tanh", "float32"), ("tanh", "float64"), ("relu", "float32"))


def main(arguments: list[str] | None = None) -> None:
    """Compare, measure, print, and write what was printed into the README."""
    options = _options(arguments)
    effort = QUICK if options.quick else WHOLE
    effort = Effort(options.rounds or effort.rounds, effort.seconds, effort.steps)
    variants = [variant for variant in VARIANTS if options.dtype in (None, variant[1])]
    peers, missing = available()
    parts = [
        *tables.circumstances("benchmarks.engine", peers, missing, effort),
        " · ".join(CONFIGURATIONS[name].label for name in options.configurations),
    ]
    _check(options.configurations, variants, peers)
    found = {variant: _compare(options.configurations, variant, peers, effort) for variant in variants}
    parts += [tables.peers_table(variant, results, peers) for variant, results in found.items()]
    parts.append(tables.limits_table(found, peers))
    if VARIANTS[0] in found and any(entry.version for entry in peers.values()):
        parts.append(tables.startup_table(found[VARIANTS[0]], peers))
    recorded = [name for name in options.configurations if name in recording.GOALS]
    for dtype in dict.fromkeys(dtype for _, dtype in variants):
        if recorded:
            parts.append(noted(f"recording, {dtype}", recording.table(recorded, dtype, effort)))
    parts.append(noted("growth", growth.table(variants[0][1], effort)))
    parts.append(noted("denormals", denormals.table(effort)))
    text = "\n\n".join(parts)
    print(text)
    whole = options.configurations == list(CONFIGURATIONS) and options.dtype is None and not missing
    if whole and not options.quick and effort.rounds >= WHOLE.rounds:
        write_section("engine", text)
    else:
        print("not a whole run, so benchmarks/README.md stays as it is", file=sys.stderr)


def _check(names: list[str], variants: list[tuple[str, str]], peers: dict[str, Entry]) -> None:
    jobs = dict.fromkeys(variants)
    if ("relu", "float32") in jobs:
        jobs["relu", "float64"] = None  # where weights can be compared (agreement.py)
    for hidden, dtype in jobs:
        for name in names:
            agreement.check(make_job(CONFIGURATIONS[name], hidden, dtype), peers.values())
    print("all peers agree with the engine", file=sys.stderr, flush=True)


def _compare(
    names: list[str], variant: tuple[str, str], peers: dict[str, Entry], effort: Effort
) -> dict[str, Comparison]:
    results = {}
    for name in names:
        results[name] = compare(make_job(CONFIGURATIONS[name], *variant), peers, effort)
        noted(name, tables.peers_table(variant, {name: results[name]}, peers))
    return results


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument(
        "--configurations",
        type=lambda text: [name for name in CONFIGURATIONS if name in text.upper()],
        default=list(CONFIGURATIONS),
        help="letters out of TSMLDG; all of them if not given",
    )
    parser.add_argument("--rounds", type=int, help=f"{WHOLE.rounds} if not given")
    parser.add_argument("--dtype", choices=("float32", "float64"), help="one only")
    parser.add_argument("--quick", action="store_true", help="few and short rounds: noisy, and not written down")
    options = parser.parse_args(arguments)
    if not options.configurations:
        parser.error("--configurations names none of TSMLDG")
    return options


if __name__ == "__main__":
    main()
