"""What visitors take of the server's memory."""

from __future__ import annotations

import gc as collector
import logging
import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.browser import app
from benchmarks.live.visitor import Row, frames, open_scene, pause_ms
from ui.comparison import links
from ui.comparison.runs import ComparedRuns, train
from ui.comparison.setup import noise
from ui.data_sets import load

VISITORS, SECONDS = 10, 20
# Comparing visitors, one after another, after a first one for whom the server loads what all share.
COMPARING = 7
# Records of a comparison until its objects are counted: more than its store keeps whole.
RECORDS = 100
SPEED = 5
MEGABYTE = 1e6


def together(browser: Browser, address: str, server: psutil.Process, path: str) -> list[Row]:
    """Open visitors that all train, and look at the server's memory."""
    pages = [open_scene(browser, address, path) for _ in range(VISITORS)]
    pages[0].wait_for_timeout(1000 * SECONDS)
    used = server.memory_info().rss / MEGABYTE
    counts = [frames(page) for page in pages]
    for page in pages:
        page.context.close()
    return [
        Row(f"server memory with {VISITORS} open training visitors, MB", f"{used:.0f}", "≤ 250"),
        Row(f"frames that the slowest of {VISITORS} visitors saw in {SECONDS} s", str(min(counts))),
    ]


def one_more(browser: Browser, log: Path, name: str, path: str, goal: str) -> list[Row]:
    """Let visitors come to a server of their own, train and pause one after another, and stay; see what each adds.

    The mean, with all that the server takes in between: some ask the system for more, others find room that a paused
    visitor's figures have left.
    """
    used = []
    with app(log) as (address, process):
        server = psutil.Process(process.pid)
        pages = []
        for _ in range(1 + COMPARING):
            pages.append(_trained(browser, address, path))
            used.append(server.memory_info().rss / MEGABYTE)
            pause_ms(pages[-1])
            pages[-1].wait_for_timeout(3000)
        for page in pages:
            page.context.close()
    each = ", ".join(f"{after - before:.1f}" for before, after in pairwise(used))
    label = f"{name}: server memory that a visitor adds, MB (mean of {each})"
    return [Row(label, f"{(used[-1] - used[0]) / COMPARING:.1f}", goal)]


def _trained(browser: Browser, address: str, path: str) -> Page:
    """Return a visitor who has watched for a while."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(1000 * SECONDS)
    return page


def own_objects(name: str, path: str) -> list[Row]:
    """Return what the comparison that a visitor's session keeps allocates, the data that all share not counted."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # there is no server in this process, it would say
    setup = links.read(dict(parse_qsl(path.partition("?")[2]))).setup
    load(setup.data, noise(setup))
    train(ComparedRuns(replace(setup, seeds=1)), SPEED)  # imports what all share
    collector.collect()
    tracemalloc.start()
    try:
        runs = ComparedRuns(setup)
        while runs.store.count < RECORDS:
            train(runs, SPEED)
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    value = f"{held / MEGABYTE:.1f}, {most / MEGABYTE:.1f}"
    return [Row(f"{name}: the session's comparison after {RECORDS} records, MB held and at most", value)]
