"""Tests run side by side in two processes: those that drive a browser in one of them, one after the other."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
# The browser tests measure motion: what runs beside them gives way (see nice(1)).
GIVES_WAY = 10


class BrowserTogether(LoadScopeScheduling):
    """Give all tests with a browser to one process, whose server and Chromium they share; the largest group is first.

    pytest-xdist's own groups of that kind need names that pytest 9.2 does not let it change.
    """

    def _split_scope(self, nodeid):
        return BROWSER if nodeid.startswith(BROWSER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return BrowserTogether(config, log)


def pytest_runtest_setup(item):
    """Let a process that has come to other tests give way to the one with the browser, where there are two."""
    beside_others = "PYTEST_XDIST_WORKER" in os.environ and hasattr(os, "nice")
    if beside_others and not item.nodeid.startswith(BROWSER) and os.nice(0) < GIVES_WAY:
        os.nice(GIVES_WAY)
