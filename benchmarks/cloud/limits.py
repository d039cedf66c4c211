"""A limit of processor time and memory for one process: the kernel's own if it may be used, else the nearest."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
NAME = f"gradcore_{os.getpid()}"
PERIOD_US = 100_000


@dataclass
class Limit:
    """A limit that a process can be put under.

    Attributes
    ----------
    what : str
        What limits it, in words.
    enter : callable
        Puts the process of this number under it, once it has started.
    """

    what: str
    enter: Callable[[int], None]


@contextmanager
def limited(cores: float, megabytes: int) -> Iterator[Limit]:
    """Yield the best limit that this machine allows."""
    quota, size = round(cores * PERIOD_US), megabytes * 1_000_000
    kinds: dict[str, dict[Path, dict[str, object]]] = {
        "cgroup v1": {
            ROOT / "cpu": {"cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": quota},
            ROOT / "memory": {"memory.limit_in_bytes": size},
        },
        "cgroup v2": {ROOT: {"cpu.max": f"{quota} {PERIOD_US}", "memory.max": size}},
    }
    for name, wanted in kinds.items():
        groups = _groups(wanted)
        if groups:
            try:
                yield Limit(f"{name}, processor and memory", partial(_enter, groups))
            finally:
                _remove(groups)
            return
    stop = threading.Event()
    try:
        yield Limit(
            f"stopped and woken by turns (SIGSTOP, SIGCONT), {quota / 1000:g} ms of every {PERIOD_US / 1000:g}: no "
            "cgroup may be made here; memory is only watched",
            lambda pid: threading.Thread(target=_alternate, args=(pid, cores, stop), daemon=True).start(),
        )
    finally:
        stop.set()


def _groups(wanted: dict[Path, dict[str, object]]) -> list[Path]:
    """Make a group below each folder with its values; return none if any of it is not allowed."""
    made: list[Path] = []
    try:
        for folder, values in wanted.items():
            group = folder / NAME
            group.mkdir()
            made.append(group)
            for file, value in values.items():
                # Where the kernel does not offer it there is no such file, and none may be made.
                with (group / file).open("r+") as out:
                    out.write(str(value))
    except OSError:
        _remove(made)
        return []
    return made


def _remove(groups: list[Path]) -> None:
    for group in groups:
        # A group can be removed when its last process is gone, which may take a moment.
        for _ in range(50):
            try:
                group.rmdir()
            except OSError:
                time.sleep(0.1)
            else:
                break


def _enter(groups: list[Path], pid: int) -> None:
    for group in groups:
        (group / "cgroup.procs").write_text(str(pid), encoding="ascii")


def _alternate(pid: int, cores: float, stop: threading.Event) -> None:
    """Let a process run for its share of each period only."""
    period = PERIOD_US / 1e6
    try:
        while not stop.is_set():
            os.kill(pid, signal.SIGCONT)
            time.sleep(period * cores)
            os.kill(pid, signal.SIGSTOP)
            time.sleep(period * (1 - cores))
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass
