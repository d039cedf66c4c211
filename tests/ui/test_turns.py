"""Long computations take turns: never more than allowed, in order, and a turn always comes back."""

import threading

import pytest
from streamlit.runtime.scriptrunner import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from ui.turns import Turns, alone, place

PATIENCE = 30


class Visitor:
    """A thread that takes a turn and holds it until it is told to leave."""

    def __init__(self, turns, begun):
        self.waiting, self.leave, self.places, self.number = threading.Event(), threading.Event(), [], len(begun)
        self.computing = threading.Event()
        self.thread = threading.Thread(target=self._compute, args=(turns, begun), daemon=True)
        self.thread.start()

    def _compute(self, turns, begun):
        with turns.turn(self._tell):
            begun.append(self)
            self.computing.set()
            self.leave.wait(PATIENCE)

    def _tell(self, computing, before):
        self.places.append((computing, before))
        self.waiting.set()

    def go(self):
        self.leave.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def nothing(computing, before):
    raise AssertionError(f"had to wait: {computing}, {before}")


def test_so_many_at_once_and_the_others_in_their_order():
    turns, begun = Turns(2), []
    first, second = Visitor(turns, begun), Visitor(turns, begun)
    assert first.computing.wait(PATIENCE)
    assert second.computing.wait(PATIENCE)
    others = []
    for _ in range(3):
        others.append(Visitor(turns, begun))
        assert others[-1].waiting.wait(PATIENCE)
    assert [one.places[0] for one in others] == [(2, 0), (2, 1), (2, 2)]
    for leaving, next_one in zip((first, *others), others, strict=False):
        leaving.go()
        assert next_one.computing.wait(PATIENCE)
        assert begun[-1] is next_one
    assert not second.leave.is_set()
    assert len(begun) == 5


def test_a_place_moves_up():
    turns, begun = Turns(1), []
    first = Visitor(turns, begun)
    assert first.computing.wait(PATIENCE)
    second = Visitor(turns, begun)
    assert second.waiting.wait(PATIENCE)
    third = Visitor(turns, begun)
    assert third.waiting.wait(PATIENCE)
    first.go()
    assert second.computing.wait(PATIENCE)
    third.waiting.clear()
    assert third.waiting.wait(PATIENCE)
    assert third.places[-1] == (1, 0)
    second.go()
    third.go()


def test_never_more_than_allowed_whoever_comes_when():
    turns, lock, now, most = Turns(3), threading.Lock(), [], [0]

    def visit():
        for _ in range(20):
            with turns.turn(lambda computing, before: None):
                with lock:
                    now.append(1)
                    most[0] = max(most[0], len(now))
                with lock:
                    now.pop()

    threads = [threading.Thread(target=visit, daemon=True) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert 1 <= most[0] <= 3
    with turns.turn(nothing):
        pass


@pytest.mark.parametrize("end", [ValueError(), StopException(), RerunException(RerunData()), KeyboardInterrupt()])
def test_a_computation_that_breaks_off_gives_its_turn_back(end):
    turns = Turns(1)
    with pytest.raises(type(end)), turns.turn(nothing):
        raise end
    with turns.turn(nothing):
        pass


@pytest.mark.parametrize("end", [StopException(), RerunException(RerunData())])
def test_who_leaves_while_he_waits_holds_up_nobody(end):
    turns, begun = Turns(1), []
    first = Visitor(turns, begun)
    assert first.computing.wait(PATIENCE)

    def leave(computing, before):
        raise end

    with pytest.raises(type(end)), turns.turn(leave):
        raise AssertionError("computed without a turn")
    last = Visitor(turns, begun)
    assert last.waiting.wait(PATIENCE)
    assert last.places[0] == (1, 0)
    first.go()
    assert last.computing.wait(PATIENCE)
    last.go()


@pytest.mark.parametrize(
    ("computing", "before", "words"),
    [
        (1, 0, "Waiting: 1 other visitor is computing; you are next."),
        (2, 0, "Waiting: 2 other visitors are computing; you are next."),
        (2, 3, "Waiting: 2 other visitors are computing; 3 before you."),
    ],
)
def test_a_place_in_words(computing, before, words):
    assert place(computing, before) == words


def test_whoever_computes_for_a_moment_does_so_alone():
    computing, most = [], []

    def compute():
        with alone():
            computing.append(1)
            most.append(len(computing))
            threading.Event().wait(0.01)
            computing.pop()

    threads = [threading.Thread(target=compute) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1] * 5
