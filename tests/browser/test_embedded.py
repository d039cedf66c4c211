"""The app inside another page's iframe, as a course's page would show it."""

import http.server
import threading

import pytest

from tests.browser.panel import PATIENCE, Panel

OUTER = """<!doctype html><title>A course</title><h1>Week 3</h1>
<iframe src="{address}" width="1200" height="800" title="gradcore"></iframe>"""


@pytest.fixture
def course():
    """Yield a function that serves a page with the app in an iframe, at an origin of its own."""
    servers = []

    def serve(address):
        body = OUTER.format(address=address).encode()

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/" else 204)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(body if self.path == "/" else b"")

            def log_message(self, *_):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("query", ["embed=true", "v=1&activation=tanh&embed=true&embed_options=dark_theme"])
def test_live_training_moves_in_an_iframe_of_another_site(chromium, server, course, query):
    context = chromium.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.goto(course(f"{server}/live_training?{query}"))
    frame = page.frames[-1]
    panel = Panel(frame)
    panel.wait_until_step(50)
    panel.pause()
    assert panel.headline
    assert frame.get_by_text("This link can't be restored").count() == 0
    # Embedded, Streamlit leaves out what belongs to a page of its own.
    assert frame.locator("[data-testid=stToolbar]").count() == 0
    frame.locator(".js-plotly-plot").first.wait_for(timeout=PATIENCE)
    context.close()
