"""Tests run side by side in three processes: those that drive a browser in two of them, all others in the third."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
# One process has these, another one all others that drive a browser: both take about as long.
FIRST_HALF = ("accessibility", "first_walk", "for_everyone", "large_type", "live_training", "two_visitors")
# The browser tests measure motion: what runs beside them gives way (see nice(1)).
GIVES_WAY = 10


class BrowserTogether(LoadScopeScheduling):
    """Give tests with a browser to two processes, each with a server and a Chromium; the largest group is first.

    pytest-xdist's own groups of that kind need names that pytest 9.2 does not let it change.
    """

    def _split_scope(self, nodeid):
        if not nodeid.startswith(BROWSER):
            return nodeid
        return f"{BROWSER}{nodeid.startswith(tuple(f'{BROWSER}test_{name}.py' for name in FIRST_HALF))}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return BrowserTogether(config, log)


def pytest_runtest_setup(item):
    """Let a process that has come to other tests give way to those with a browser, where there are several."""
    beside_others = "PYTEST_XDIST_WORKER" in os.environ and hasattr(os, "nice")
    if beside_others and not item.nodeid.startswith(BROWSER) and os.nice(0) < GIVES_WAY:
        os.nice(GIVES_WAY)
