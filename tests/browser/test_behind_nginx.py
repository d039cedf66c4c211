"""Two server processes behind nginx, set up as the README says: live training moves, a link restores on either."""

import base64
import http.client
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from benchmarks.browser import ROOT, app, free_port
from tests.browser.panel import PATIENCE, Panel
from tests.browser.test_first_walk import assert_table_is, engine_record
from tests.browser.test_live_training import address
from ui.experiment import experiment_from
from ui.runs import LiveRun

CONFIG = ROOT / "benchmarks" / "nginx.conf"
SEAT = "gradcore_seat"
# Debian's nginx is where only root has a look.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed; on Debian: apt-get install nginx-light")


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """Yield nginx's address and the file in which it says who went where; two servers are behind it."""
    folder = tmp_path_factory.mktemp("nginx")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "the same for both")
        servers = [stack.enter_context(app(folder / f"server{number}.txt"))[0] for number in (1, 2)]
        port = free_port()
        ports = {"8500": port, "8501": urlsplit(servers[0]).port, "8502": urlsplit(servers[1]).port}
        (folder / "nginx.conf").write_text(config(ports), encoding="utf-8")
        # Its workers read and write in the test's own folder, which belongs to whoever runs the test.
        ours = "daemon off; pid nginx.pid; error_log error.txt;" + (" user root;" if os.getuid() == 0 else "")
        command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", ours]
        with (folder / "said.txt").open("wb") as said:
            nginx = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            wait_for(f"http://localhost:{port}", nginx, folder)
            yield f"http://localhost:{port}", folder / "seats.txt"
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)
    for number in (1, 2):
        assert "Traceback" not in (folder / f"server{number}.txt").read_text()


def config(ports):
    """Return the file that is shipped with other ports, and with a note of who went where."""
    text = CONFIG.read_text(encoding="utf-8")
    for shipped, port in ports.items():
        assert text.count(f"127.0.0.1:{shipped};") == 1
        text = text.replace(f"127.0.0.1:{shipped};", f"127.0.0.1:{port};")
    log = "log_format seats '$seat $upstream_addr $request_uri'; access_log seats.txt seats;"
    return text.replace("http {", f"http {{ {log}", 1)


def wait_for(front, nginx, folder):
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end and nginx.poll() is None:
        try:
            ask(front)
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nginx did not start: {(folder / 'said.txt').read_text()}")


def ask(front, seat=""):
    request = urllib.request.Request(f"{front}/_stcore/health", headers={"Cookie": f"{SEAT}={seat}"} if seat else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers


def noted(seats, seat, path="/_stcore/health"):
    """Return the servers that a seat's requests went to, and what was asked for, once `path` is noted."""
    end, asked = time.monotonic() + PATIENCE / 1000, set()
    while path not in asked and time.monotonic() < end:
        time.sleep(0.01)
        mine = [line.split() for line in seats.read_text().splitlines() if line.startswith(f"{seat} ")]
        asked = {path.split("?")[0] for _, _, path in mine}
    return {server for _, server, _ in mine}, asked


@pytest.fixture
def seated(front):
    """Return a seat at either server."""
    found = {}
    for seat in map(str, range(200)):
        ask(front[0], seat)
        (server,), _ = noted(front[1], seat)
        found.setdefault(server, seat)
    assert len(found) == 2
    return list(found.values())


@pytest.fixture
def arrive(chromium, front):
    """Return a function that lets a new visitor in, at a seat if one is named."""
    contexts = []

    def visit(path, seat=None):
        contexts.append(chromium.new_context(viewport={"width": 1440, "height": 900}))
        if seat is not None:
            contexts[-1].add_cookies([{"name": SEAT, "value": seat, "url": front[0]}])
        page = contexts[-1].new_page()
        page.goto(f"{front[0]}/{path}")
        return page

    yield visit
    for context in contexts:
        context.close()


def test_live_training_moves_and_its_numbers_are_the_engines(arrive):
    panel = Panel(arrive("live_training"))
    panel.wait_until_step(150)
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step))


def test_a_link_restores_the_same_on_either_server(arrive, seated):
    values = {"activation": "tanh", "data": "moons", "depth": 4, "width": 9, "rate": 0.2}
    run = LiveRun(experiment_from(values))
    run.restore(137, ((50, 0.05),), lambda share: None)
    for seat in seated:
        page = arrive(address(**values) + "&step=137&rates=50:0.05", seat)
        panel = Panel(page)
        panel.button("Play").wait_for(timeout=PATIENCE)
        assert panel.step == 137
        page.locator("[data-chart=gradients] .js-plotly-plot").wait_for(timeout=PATIENCE)
        shown = page.locator("[data-chart=gradients] .js-plotly-plot").evaluate(
            "plot => Array.from(plot._fullData[0].y)"
        )
        assert shown == run.history.course().grad_rms[-1].tolist()


def test_a_visitor_gets_a_seat_and_stays_with_one_server(arrive, front):
    page = arrive("live_training")
    Panel(page).wait_until_step(30)
    page.reload()
    Panel(page).wait_until_step(30)
    (seat,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == SEAT]
    # nginx notes a websocket when it ends.
    page.context.close()
    servers, asked = noted(front[1], seat, "/_stcore/stream")
    assert asked >= {"/_stcore/stream", "/live_training"}
    assert len(servers) == 1


def test_a_seat_is_given_once(front, seated):
    def given(seat):
        return any(cookie.startswith(SEAT) for cookie in ask(front[0], seat).get_all("Set-Cookie", []))

    assert given("")
    assert not given(seated[0])


@pytest.mark.parametrize(("origin", "status"), [("http://class.example", 101), ("http://elsewhere.example", 403)])
def test_the_app_sees_the_address_that_its_visitors_see(front, origin, status):
    # By another name than localhost, which is always let in, and from no page but its own.
    connection = http.client.HTTPConnection(urlsplit(front[0]).netloc, timeout=PATIENCE / 1000)
    asked = {"Host": "class.example", "Origin": origin, "Connection": "Upgrade", "Upgrade": "websocket"}
    asked |= {"Sec-WebSocket-Key": base64.b64encode(b"sixteen letters.").decode(), "Sec-WebSocket-Version": "13"}
    connection.request("GET", "/_stcore/stream", headers=asked)
    assert connection.getresponse().status == status
    connection.close()
