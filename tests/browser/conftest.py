"""A server of the app and a Chromium to visit it with."""

import pytest

from benchmarks.browser import app, started_as
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


@pytest.fixture(scope="session")
def profile(chromium, tmp_path_factory):
    """Yield a context with a folder: what Chromium has compiled of Streamlit's page is there for the next one."""
    folder = tmp_path_factory.mktemp("profile")
    context = chromium.browser_type.launch_persistent_context(folder, **started_as(), color_scheme="light")
    yield context
    context.close()


@pytest.fixture
def visit(chromium, profile, server):
    """Return a function that opens a page of the app as a new visitor; its trouble fails the test at the end.

    A test's first page shares the profile, all others have a context of their own: of several pages of one context
    only one is in front, and those behind are not drawn.
    """
    contexts, trouble, looked_for, loaded, pages = [], [], set(), set(), []

    def open_page(path="", size=(1440, 900), scheme="light", **more):
        viewport = {"width": size[0], "height": size[1]}
        if more or pages:
            contexts.append(chromium.new_context(viewport=viewport, color_scheme=scheme, **more))
            page = contexts[-1].new_page()
        else:
            profile.clear_cookies()
            page = profile.new_page()
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
        pages.append(page)
        page.on("pageerror", lambda error: trouble.append(f"page error: {error}"))
        page.on("console", lambda message: note_console(message, trouble))
        page.on("request", lambda request: note_request(request.url, server, trouble))
        page.on("request", lambda request: note_file(request, looked_for))
        page.on("download", lambda download: loaded.add(download.url))
        page.goto(f"{server}/{path}")
        return page

    yield open_page
    for page in pages[:1]:
        if page.context is profile and not page.is_closed():
            page.evaluate("localStorage.clear()")
            page.close()
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
