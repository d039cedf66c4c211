"""The app on a port of its own, and a Chromium to visit it with: for the live benchmark and the browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
START_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def app(
    log: Path,
    script: Path = Path("app.py"),
    started: Callable[[int], None] | None = None,
    patience: float = START_SECONDS,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the app, or another script, as the README says; yield its address and process.

    Parameters
    ----------
    log : Path
        Where to put what it prints.
    script : Path
        What to start.
    started : callable, optional
        Called with the new process's number, before it has done anything.
    patience : float
        Seconds until it has to be there.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=os.environ
        )
        try:
            if started:
                started(process.pid)
            address = f"http://localhost:{port}"
            _wait(address, process, log, patience)
            yield address, process
        finally:
            process.terminate()
            process.wait(timeout=patience)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def started_as() -> dict[str, Any]:
    """Return how a headless Chromium is started: the system's, else Playwright's own."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return {"executable_path": path, "args": CHROMIUM_ARGUMENTS}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**started_as())
        yield browser
        browser.close()
