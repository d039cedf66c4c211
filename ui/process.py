"""How the server process runs: set once, on the first visit, for all visitors."""

from __future__ import annotations

import ctypes
import gc
import sys

# glibc's name of the setting, in malloc.h.
M_ARENA_MAX = -8


def prepare() -> None:
    """Set what a Python process with many visitors' threads is better off with; measured by benchmarks.load."""
    # A thread that lets others go first, as NumPy does in every large operation, waits for the interpreter until the
    # other is interrupted: 5 ms each time unless told otherwise.
    sys.setswitchinterval(0.0005)
    # Memory that threads free goes back to a pool of the thread's own, as many pools as eight a core: 20 visitors'
    # server is a sixth larger for it. Only one thread runs at a time anyway. Other libraries than glibc lack it.
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_ARENA_MAX, 1)
    # Everything imported so far lives as long as the server: the collector need not look at it after every rerun.
    gc.freeze()
