"""The load command goes nowhere else, has bounds, and says over the websocket what a browser would."""

import asyncio
import subprocess
import sys

import pytest

from benchmarks.browser import ROOT, app
from benchmarks.load import bounds
from benchmarks.load.__main__ import percentile
from benchmarks.load.visitor import Visitor
from benchmarks.load.walk import together


@pytest.mark.parametrize("address", ["http://localhost:8501", "http://127.0.0.1:8501/x?y", "http://[::1]:8501"])
def test_this_machine_may_be_loaded(address):
    assert bounds.loopback(address) == address.removesuffix("/x?y")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org:8501",
        "http://192.0.2.1",
        "http://localhost.example.org",
        "http://example.org#@localhost",
        "http://0.0.0.0:8501",
        "https://localhost",
        "localhost:8501",
        "",
    ],
)
def test_no_other_may(address):
    with pytest.raises(ValueError, match="only this machine"):
        bounds.loopback(address)
    with pytest.raises(ValueError, match="only this machine"):
        Visitor(address)


@pytest.mark.parametrize("text", ["0", "51", "-1", "1.5", "ten", "", "9" * 5000, "٣"])
def test_visitors_are_bounded(text):
    with pytest.raises(ValueError, match="from 1 to 50"):
        bounds.visitors(text)


def test_the_command_refuses_in_words():
    for options in (["--address", "http://example.org"], ["--visitors", "500"], ["--seconds", "9999"]):
        command = [sys.executable, "-m", "benchmarks.load", *options]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 2
        assert "invalid" in ended.stderr


def test_a_percentile_is_one_of_the_values():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2
    assert percentile([float(value) for value in range(1, 101)]) == 95
    assert percentile([7.0]) == 7


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with app(tmp_path_factory.mktemp("load") / "log.txt") as (address, _):
        yield address


def test_a_visitor_opens_changes_and_trains(server):
    async def visit():
        async with Visitor(server) as visitor:
            await visitor.open("live_training", "v=1&depth=3")
            assert visitor.panel.header[0]["layers"] == 4
            first, records = visitor.panel.run, visitor.panel.records
            await visitor.set_whole("Width", 24)
            assert visitor.panel.run != first
            assert visitor.panel.header[0]["table"]["columns"][1][2][1] == 24
            assert "new run" in visitor.panel.header[0]["note"]
            first = visitor.panel.run
            await visitor.tick(records)
            assert visitor.panel.header[0]["kind"] == "chunk"
            assert visitor.panel.run == first
            assert visitor.panel.records > 0
            assert not visitor.errors

    asyncio.run(visit())


def test_what_a_page_says_is_wrong_is_noticed(server):
    async def visit():
        async with Visitor(server) as visitor:
            await visitor.open("live_training", "v=1&depth=100")
            await visitor.set_whole("Width", 1024)
            assert visitor.errors

    asyncio.run(visit())


def test_strollers_and_trainers_wait_for_what_they_asked(server):
    waits = asyncio.run(together(server, 4, 8))
    assert not waits.errors
    assert waits.opened
    assert waits.changed
    assert waits.ticked
    assert min(waits.opened + waits.changed + waits.ticked) > 0
