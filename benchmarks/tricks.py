"""What each speed trick of gradcore/kernels gains: python -m benchmarks.tricks.

Switches one trick off at a time, by patching it by name, and prints how much longer a training step takes without it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.engine.jobs import CONFIGURATIONS, Job, make_job
from benchmarks.engine.peers.ours import Ours
from benchmarks.engine.rounds import Effort, epochs_lasting
from benchmarks.engine.tables import markdown
from benchmarks.report import machine, noted

Array = npt.NDArray[Any]

NEVER = sys.maxsize
REPEATS, ROUNDS, SECONDS, STEPS = 3, 8, 0.05, 20
ALL = "all tricks"


def _one_stack_a_layer(kinds: Sequence[object], widths: Sequence[int], n: int) -> list[int]:
    return list(range(len(widths)))


def _always_dot(matrix: Array, columns: int) -> Callable[[Array, Array], object]:
    return matrix.dot


def _always_matmul(matrix: Array, columns: int) -> Callable[[Array, Array], object]:
    return partial(np.matmul, matrix)


def _min(values: Array) -> float:
    return float(values.min(initial=np.inf))


# For each trick: (module of gradcore that defines a name, name) → what stands in its place while the trick is off.
TRICKS: dict[str, dict[tuple[str, str], object]] = {
    "layers of one kind in small stacks": {("kernels.layout", "small_stacks"): _one_stack_a_layer},
    "dot for small products": {("kernels.products", "times"): _always_matmul},
    "matmul for large products": {("kernels.products", "times"): _always_dot},
    "large gradients in chunks": {("kernels.gradient_chunks", "LARGE"): NEVER},
    "numbers as arrays": {
        ("kernels.scalars", name): value
        for name, value in {"ZERO": 0.0, "ONE": 1.0, "FOUR": 4.0, "MINUS_ONE": -1.0, "MINUS_TWO": -2.0}.items()
    },
    "smallest value by argmin": {("kernels.scalars", "smallest"): _min},
}


@contextmanager
def patched(changes: Mapping[tuple[str, str], object]) -> Iterator[None]:
    """Put other things in the place of names of gradcore, in all its modules that have imported them."""
    modules = [module for name, module in sys.modules.items() if name.startswith("gradcore.")]
    undo = []
    for (defined_in, name), value in changes.items():
        original = getattr(sys.modules[f"gradcore.{defined_in}"], name)
        for module in modules:
            if getattr(module, name, None) is original:
                undo.append((module, name, original))
                setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, original in undo:
            setattr(module, name, original)


def seconds_of_a_step(job: Job, names: Sequence[str], repeats: int, rounds: int) -> dict[str, float]:
    """Return the shortest CPU time of a step with ALL tricks, and with each of the named ones off.

    Every repeat allocates the networks anew, since their place in memory matters, too.
    """
    off: dict[str, Mapping[tuple[str, str], object]] = {ALL: {}, **{name: TRICKS[name] for name in names}}
    epochs = epochs_lasting(Ours(job, record_every=job.batches).run, job.batches, Effort(rounds, SECONDS, STEPS))
    steps, best = epochs * job.batches, dict.fromkeys(off, float("inf"))
    for _ in range(repeats):
        ours = {}
        for name, changes in off.items():
            with patched(changes):
                ours[name] = Ours(job, record_every=steps)
                ours[name].run(epochs)
        for _ in range(rounds):
            for name, changes in off.items():
                with patched(changes):
                    start = time.process_time()
                    ours[name].run(epochs)
                    best[name] = min(best[name], (time.process_time() - start) / steps)
    return best


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tricks", description=__doc__)
    parser.add_argument("--configurations", default="".join(CONFIGURATIONS), help="letters out of TSMLDG")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    options = parser.parse_args(arguments)
    chosen = [name for name in CONFIGURATIONS if name in options.configurations.upper()]
    found = {}
    for name in chosen:
        job = make_job(CONFIGURATIONS[name], "tanh", options.dtype)
        best = found[name] = seconds_of_a_step(job, list(TRICKS), options.repeats, options.rounds)
        noted(name, ", ".join(f"{trick}: {1e6 * seconds:.1f} µs" for trick, seconds in best.items()))
    header = ["time of a step without the trick", *(CONFIGURATIONS[name].label for name in chosen)]
    whole = [f"{1e6 * found[name][ALL]:.1f} µs" for name in chosen]
    rows = [[trick, *(f"{found[name][trick] / found[name][ALL] - 1:+.1%}" for name in chosen)] for trick in TRICKS]
    print(f"`python -m benchmarks.tricks` on {machine()}; tanh, {options.dtype}, minima of "
          f"{options.repeats} × {options.rounds} rounds.\n")  # fmt: skip
    print(markdown(header, [[ALL, *whole], *rows]))


if __name__ == "__main__":
    main()
