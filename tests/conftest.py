"""Tests run side by side in two processes: those that drive a browser in one of them, one after the other."""

import os
from pathlib import Path

import pytest

BROWSER = Path(__file__).with_name("browser")
# The browser tests measure motion: whatever runs beside them gives way (see nice(1)).
GIVES_WAY = 10


def drives_browser(item):
    return BROWSER in item.path.parents


# First, because pytest-xdist makes the names of its groups of the marks when its own turn comes.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep all tests that drive a browser in one process: they share its server and its Chromium."""
    for item in items:
        if drives_browser(item):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_runtest_setup(item):
    """Let a process that has come to other tests give way to the one with the browser, where there are two."""
    beside_others = "PYTEST_XDIST_WORKER" in os.environ
    if beside_others and not drives_browser(item) and hasattr(os, "nice") and os.nice(0) < GIVES_WAY:
        os.nice(GIVES_WAY)
