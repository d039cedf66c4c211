"""A limited process gets its share of the processor and no more, by whatever means this machine allows."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.cloud import limits

BUSY = """
import time
while time.process_time() < 0.1: pass
start, used = time.monotonic(), time.process_time()
while time.process_time() < used + 0.2: pass
print(time.monotonic() - start)
"""


def seconds_for_a_fifth(limit):
    """Return how long a process under a limit takes for 0.2 s of computing."""
    process = subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True)
    limit.enter(process.pid)
    said, _ = process.communicate()
    assert process.returncode == 0
    return float(said)


@pytest.mark.parametrize("where", [limits.ROOT, Path("/nowhere")], ids=["the machine's best", "no cgroup"])
def test_a_tenth_of_a_core_takes_ten_times_as_long(where, monkeypatch):
    monkeypatch.setattr(limits, "ROOT", where)
    with limits.limited(0.1, 690) as limit:
        assert ("cgroup v" in limit.what) or ("SIGSTOP" in limit.what)
        # Never faster than its share, however slow the machine.
        assert seconds_for_a_fifth(limit) > 1


def test_nothing_is_left_behind():
    with limits.limited(0.5, 100) as limit:
        assert limit.what
    assert not list(limits.ROOT.glob(f"*/{limits.NAME}"))
    assert not (limits.ROOT / limits.NAME).exists()
