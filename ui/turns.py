"""Who computes when: long computations take turns that a visitor sees, short ones go one after the other unseen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

# Long computations at once: two, so that one does not hold up all the others.
AT_ONCE = 2
# So often a waiting visitor's script comes back to Streamlit, which ends it there if he has left.
LOOK_SECONDS = 0.25
# A computation that takes no longer has no progress bar, which would come and go.
UNSEEN_SECONDS = 0.6


class Turns:
    """At most `at_once` computations; the others in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._computing: list[object] = []
        self._waiting: list[object] = []
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, tell: Callable[[int, int], None]) -> Iterator[None]:
        """Wait for a turn and hold it.

        Parameters
        ----------
        tell : callable
            tell(how many compute, how many are before this one) again and again while it waits. What it raises, also
            Streamlit's word that the visitor has left, ends the wait.
        """
        mine = object()
        with self._changed:
            self._waiting.append(mine)
        try:
            while not self._begin(mine):
                tell(*self._place(mine))
            yield
        finally:
            # Streamlit stops a script with exceptions that are none to `except Exception`: this always runs.
            with self._changed:
                for places in (self._computing, self._waiting):
                    if mine in places:
                        places.remove(mine)
                self._changed.notify_all()

    def _begin(self, mine: object) -> bool:
        """Take the turn as soon as it is there; look for a moment."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_next(mine), LOOK_SECONDS):
                return False
            self._waiting.remove(mine)
            self._computing.append(mine)
            self._changed.notify_all()
            return True

    def _is_next(self, mine: object) -> bool:
        return len(self._computing) < self._at_once and self._waiting[0] is mine

    def _place(self, mine: object) -> tuple[int, int]:
        with self._changed:
            return len(self._computing), self._waiting.index(mine)


@st.cache_resource(show_spinner=False)
def server_turns() -> Turns:
    """Return the turns of all visitors of this server process."""
    return Turns()


@st.cache_resource(show_spinner=False)
def _server_alone() -> Turns:
    return Turns(1)


@contextmanager
def alone() -> Iterator[None]:
    """Compute for a moment, at most about 0.1 s, while no other visitor does; in the order in which they came.

    One process computes with about one core, however many there are. Threads that compute at the same time pass it to
    and fro at every operation of NumPy, and all take several times as long (`python -m benchmarks.load`).
    """
    with _server_alone().turn(lambda computing, before: None):
        yield


@contextmanager
def turn(what: str) -> Iterator[None]:
    """Wait for the visitor's turn to compute, and tell him his place while he waits.

    Parameters
    ----------
    what : str
        What will be computed, in words.
    """
    notice = st.empty()
    with server_turns().turn(lambda computing, before: _tell(notice.info, what, computing, before)):
        notice.empty()
        yield


def with_progress(text: str, compute: Callable[[Callable[[float], None]], None]) -> None:
    """Compute behind a progress bar, when it is the visitor's turn."""
    with turn(text):
        bar = st.progress(0.0, text)
        compute(lambda share: _show(bar, share, text))
        bar.empty()


def _show(bar: Any, share: float, text: str) -> None:
    bar.progress(min(1.0, share), text)


def caught_up(last: int, catch_up: Callable[[], bool], trained: Callable[[], int]) -> None:
    """Compute a run that was only played so far up to step `last`: unseen if it is soon done, else behind a bar.

    Parameters
    ----------
    last : int
    catch_up : callable
        Computes for a moment, and returns whether there is more to compute.
    trained : callable
        Returns the last step that was computed.
    """
    end, more = time.perf_counter() + UNSEEN_SECONDS, trained() < last
    while more and time.perf_counter() < end:
        with alone():
            more = catch_up()
    if more:
        with_progress(f"Computing the run up to step {last:,} …", lambda show: _through(last, catch_up, trained, show))


def _through(
    last: int, catch_up: Callable[[], bool], trained: Callable[[], int], show: Callable[[float], None]
) -> None:
    while catch_up():
        show(trained() / last)


def _tell(show: Callable[..., object], what: str, computing: int, before: int) -> None:
    show(f"{what} {place(computing, before)}", icon=":material/hourglass_empty:")


def place(computing: int, before: int) -> str:
    """Return a waiting visitor's place in words."""
    others = "1 other visitor is computing" if computing == 1 else f"{computing} other visitors are computing"
    return f"Waiting: {others}; {'you are next' if before == 0 else f'{before} before you'}."
