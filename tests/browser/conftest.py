"""A server of the app and a Chromium to visit it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# Streamlit looks for these below a page's own address first; it finds them at the root.
EXPECTED_404 = ("_stcore/health", "_stcore/host-config")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Yield the address of the app, started as the README says."""
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        address = f"http://localhost:{port}"
        try:
            wait_for(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)
    assert "Traceback" not in log.read_text(), log.read_text()[-3000:]


def wait_for(address, process, log):
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome")
        path = next(filter(None, map(shutil.which, names)), None)
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, server):
    """Return a function that opens a page of the app as a new visitor; its trouble fails the test at the end."""
    contexts, trouble = [], []

    def open_page(path="", size=(1440, 900), scheme="light"):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(f"page error: {error}"))
        page.on("console", lambda message: note_console(message, trouble))
        page.on("request", lambda request: note_request(request.url, server, trouble))
        page.goto(f"{server}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble


def note_console(message, trouble):
    if message.type == "error" and not any(end in (message.location or {}).get("url", "") for end in EXPECTED_404):
        trouble.append(f"console: {message.text} ({message.location})")


def note_request(url, server, trouble):
    if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
        trouble.append(f"request off the machine: {url}")
