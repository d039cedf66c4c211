"""A visitor without a browser: says over Streamlit's websocket what a browser would say, and waits for the answer."""

from __future__ import annotations

import json
import struct
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.load.bounds import loopback

# A run of the page that ended because the page itself asked for another one is followed by that one.
ENDED = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
# Streamlit's names: of the value that a component's events travel in, and of the events of one component.
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"
# Steps from one frame to the next, until the visitor chooses otherwise.
SPEED = 5
# Panels whose runs can be trained.
PLAYED = {"live_panel", "compare_panel"}


@dataclass
class Panel:
    """What the page last sent to its panel: one header a run, of which the first is looked at."""

    id: str
    fragment: str
    header: Any

    @property
    def run(self) -> int:
        """The run's number."""
        return int(self.header[0]["run"])

    @property
    def records(self) -> int:
        """How many steps came with it."""
        return int(self.header[0]["records"])

    @property
    def finished(self) -> bool:
        """Whether no more will come."""
        return bool(self.header[0]["finished"])


class Visitor:
    """One session: a page, its widgets, its panel."""

    def __init__(self, address: str) -> None:
        self.address = loopback(address)
        self.numbers: dict[str, str] = {}
        self.panel: Panel | None = None
        self.errors: list[str] = []
        self._page = self._query = self._script = ""
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Visitor:
        where = f"ws://{urlsplit(self.address).netloc}/_stcore/stream"
        # A browser names its origin: Streamlit compares it with the address that it was asked at.
        self._socket = await connect(
            where, subprotocols=["streamlit"], origin=self.address, max_size=None, proxy=None  # type: ignore[arg-type,list-item]
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self, page: str, query: str = "") -> float:
        """Go to a page; return the seconds until its script had run."""
        self._page, self._query, self._script, self.panel, self.numbers = page, query, "", None, {}
        return await self._run([])

    async def set_whole(self, label: str, value: int) -> float:
        """Change a whole number's widget by its label; return the seconds until the page had run again."""
        return await self._run([WidgetState(id=self.numbers[label], int_value=value)])

    async def tick(self, shown: int, speed: int = SPEED) -> float:
        """Ask for more steps as the panel does when it runs low; return the seconds until they had come."""
        panel = self.panel
        if panel is None:
            raise RuntimeError("this page has no panel that plays")
        said = {"run": panel.run, "shown": shown, "speed": speed, "at": time.monotonic()}
        event = json.dumps([{"event": "tick", "value": said}])
        state = WidgetState(id=EVENTS.format(panel.id), json_trigger_value=event)
        return await self._run([state], panel.fragment)

    async def _run(self, states: list[WidgetState], fragment: str = "") -> float:
        if self._socket is None:
            raise RuntimeError("the visitor has not come yet: async with Visitor(…)")
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.fragment_id, client.page_script_hash = self._query, fragment, self._script
        client.page_name = "" if self._script else self._page
        client.widget_states.widgets.extend(states)
        client.context_info.url = f"{self.address}/{self._page}"
        client.context_info.timezone = "UTC"
        start = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self._socket.recv(decode=False))
            if answer.WhichOneof("type") == "delta":
                self._note(answer.delta)
            elif answer.WhichOneof("type") == "navigation":
                # From now on the page goes by this: a message that names it anew would enter it anew.
                self._script = answer.navigation.page_script_hash
            elif answer.WhichOneof("type") == "script_finished" and answer.script_finished in ENDED:
                return time.perf_counter() - start

    def _note(self, delta: Any) -> None:
        """Note a widget or what the panel got."""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "number_input":
            self.numbers[element.number_input.label] = element.number_input.id
        elif kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR):
            self.errors.append(str(getattr(element, kind)))
        elif kind == "bidi_component" and element.bidi_component.component_name.split(".")[-1] in PLAYED:
            component = element.bidi_component
            (length,) = struct.unpack_from("<I", component.bytes)
            self.panel = Panel(component.id, delta.fragment_id, json.loads(component.bytes[4 : 4 + length]))
