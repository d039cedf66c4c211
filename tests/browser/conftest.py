"""A server of the app and a Chromium to visit it with."""

import pytest

from benchmarks.browser import app
from benchmarks.browser import chromium as start_chromium

# Streamlit looks for these below a page's own address first; it finds them at the root.
EXPECTED_404 = ("_stcore/health", "_stcore/host-config")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Yield the address of the app, started as the README says."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with app(log) as (address, _):
        yield address
    assert "Traceback" not in log.read_text(), log.read_text()[-3000:]


@pytest.fixture(scope="session")
def chromium():
    with start_chromium() as browser:
        yield browser


@pytest.fixture
def visit(chromium, server):
    """Return a function that opens a page of the app as a new visitor; its trouble fails the test at the end."""
    contexts, trouble, looked_for, loaded = [], [], set(), set()

    def open_page(path="", size=(1440, 900), scheme="light", **more):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(f"page error: {error}"))
        page.on("console", lambda message: note_console(message, trouble))
        page.on("request", lambda request: note_request(request.url, server, trouble))
        page.on("request", lambda request: note_file(request, looked_for))
        page.on("download", lambda download: loaded.add(download.url))
        page.goto(f"{server}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    trouble += [f"a file was made before anyone asked for it: {url}" for url in looked_for - loaded]
    assert not trouble, "\n".join(trouble)


def note_console(message, trouble):
    if message.type == "error" and not any(end in (message.location or {}).get("url", "") for end in EXPECTED_404):
        trouble.append(f"console: {message.text} ({message.location})")


def note_request(url, server, trouble):
    if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
        trouble.append(f"request off the machine: {url}")


def note_file(request, looked_for):
    """Note the address of a file that is ready to be loaded.

    Streamlit's page looks whether such a file is there, and finds a 404 where a later run of the page has already put
    another in its place. What is made when it is asked for has no such moment.
    """
    if "/media/" in request.url and request.resource_type == "fetch":
        looked_for.add(request.url)
