"""What a comparison says is what its numbers say, and how sure that is: too few seeds, noise, or an interval."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import gradcore as gc
from gradcore.diagnosis.paired_difference import sign_flip_interval
from ui.comparison.conclusions import conclude, listed

STEPS = 600
RNG = np.random.default_rng(0)
NEVER = np.full(8, -1)
FAST, SLOW = 100 + np.arange(8), 150 + 3 * np.arange(8)
NOISY = FAST + np.array([-30, 31, 28, -29, 27, -33, 30, -20])


def verdict(name):
    return gc.Verdict(name, (), 0.0, 0.0, "", "", "")


def concluded(reached, verdicts=None, finished=True, target=1.15):
    """Return the conclusion on variants called A, B, C and so on."""
    reached = np.array(reached)
    names = [f"{letter}" for letter in "ABCDEFGH"[: len(reached)]]
    verdicts = verdicts or [["healthy"] * reached.shape[1]] * len(reached)
    return conclude(names, [[verdict(name) for name in each] for each in verdicts], reached, target, STEPS, finished)


@pytest.mark.parametrize(
    ("reached", "finished", "headline"),
    [
        ([NEVER], True, "It has not reached loss 1.15."),
        ([NEVER], False, "It has not reached loss 1.15 yet."),
        ([FAST], True, "A trains this network."),
        ([NEVER] * 2, True, "None of the two has reached loss 1.15."),
        ([NEVER] * 7, False, "None of the seven has reached loss 1.15 yet."),
        ([FAST, SLOW], True, "A and B train this network."),
        ([FAST, SLOW, NOISY], False, "A, B and C train this network."),
        ([NEVER, FAST], True, "B trains this network; the other does not."),
        ([NEVER, FAST, NEVER], True, "B trains this network; the other two do not."),
        ([FAST, SLOW, NEVER, NEVER], False, "A and B train this network; the other two do not yet."),
        ([FAST, SLOW, NEVER], True, "Two of three train this network; C does not."),
        ([FAST] * 5 + [NEVER] * 3, False, "Five of eight train this network; F, G and H do not yet."),
        ([FAST] * 8, True, "A, B, C, D, E, F, G and H train this network."),
    ],
)
def test_the_headline_says_who_trains(reached, finished, headline):
    assert concluded(reached, finished=finished).headline == headline


@pytest.mark.parametrize(("there", "trains"), [(3, False), (4, True), (5, True)])
def test_a_variant_trains_if_half_of_its_seeds_do(there, trains):
    found = concluded([np.where(np.arange(8) < there, 100, -1)])
    assert found.any_trains == trains
    assert found.headline.startswith("A trains" if trains else "It has not")


@pytest.mark.parametrize(("seeds", "words"), [(1, "1 seed is too few"), (2, "2 seeds are too few"), (5, "5 seeds are")])
def test_under_six_seeds_there_is_no_interval_and_that_is_said(seeds, words):
    detail = concluded([SLOW[:seeds], FAST[:seeds]]).detail
    assert detail.startswith(f"B is first to loss 1.15, but {words}")
    assert detail.endswith("take 6 or more.")
    assert "%" not in detail


def numbers(detail):
    """Return mean, low and high out of a sentence."""
    mean = re.search(r"(\S+) steps (before|apart)", detail)[1]
    low, high = re.search(r"95 %: (\S+) to (\S+), ", detail).groups()
    return [int(text.replace(",", "").replace("−", "-")) for text in (mean, low, high)]


@pytest.mark.parametrize("seeds", [6, 8])
def test_a_sure_difference_has_its_interval(seeds):
    detail = concluded([SLOW[:seeds], FAST[:seeds]]).detail
    expected = sign_flip_interval((SLOW - FAST)[:seeds])
    assert expected.is_sure
    assert detail.startswith("B reaches loss 1.15 ")
    assert " steps before A (95 %: " in detail
    assert detail.endswith(f", {seeds} seeds).")
    assert numbers(detail) == [round(expected.mean), round(expected.low), round(expected.high)]


def test_a_difference_inside_the_noise_is_called_that():
    detail = concluded([NOISY, FAST]).detail
    expected = sign_flip_interval(NOISY - FAST)
    assert not expected.is_sure
    assert "B and A are equally fast to loss 1.15 within the noise of the seeds" in detail
    assert numbers(detail) == [round(expected.mean), round(expected.low), round(expected.high)]


def test_the_two_fastest_are_compared():
    detail = concluded([NEVER, SLOW + 100, SLOW, FAST]).detail
    assert detail.startswith("D reaches loss 1.15 ")
    assert " before C (" in detail


def test_a_run_that_never_reached_counts_as_the_worst_and_that_is_said():
    some = np.where(np.arange(8) < 3, -1, SLOW)
    detail = concluded([FAST, some]).detail
    expected = sign_flip_interval(np.where(some < 0, STEPS, some) - FAST)
    assert numbers(detail) == [round(expected.mean), round(expected.low), round(expected.high)]
    assert detail.endswith("8 seeds). Runs that never reached it count as 600 steps.")
    assert "count as" not in concluded([FAST, SLOW, NEVER]).detail


def test_while_some_are_on_their_way_nothing_is_sure():
    some = np.where(np.arange(8) < 3, -1, SLOW)
    detail = concluded([FAST, some], finished=False).detail
    assert detail == "A is ahead on the way to loss 1.15; not all of its runs and B's are there yet."
    assert "steps before" in concluded([FAST, SLOW, NEVER], finished=False).detail


def test_where_none_was_there_or_nothing_is_to_compare_no_difference_is_claimed():
    assert concluded([NEVER, NEVER]).detail.endswith("so there is no difference to judge.")
    assert concluded([NEVER, NEVER], finished=False).detail.endswith("so there is no difference to judge yet.")
    assert concluded([FAST]).detail == "One variant alone: add another to compare it with."


def test_whoever_is_faster_on_average_is_ahead():
    """Its median is a step lower, but nearly half of its runs never get there."""
    often_lost = np.array([10] * 9 + [-1] * 7)
    steady = np.array([11] * 9 + [12] * 7)
    detail = concluded([often_lost, steady]).detail
    assert detail.startswith("B reaches loss 1.15 ")
    assert numbers(detail)[0] > 0


REACHED = st.tuples(st.integers(2, 4), st.integers(6, 16)).flatmap(
    lambda shape: arrays(int, shape, elements=st.sampled_from([-1, 9, 50, 51, 60, 400, 599]))
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(REACHED)
def test_sentences_are_whole_and_their_numbers_add_up(reached):
    found = concluded(reached)
    assert found.headline.endswith(".")
    assert found.detail.endswith(".")
    if "95 %" in found.detail:
        mean, low, high = numbers(found.detail)
        assert 0 <= mean
        assert low <= mean <= high
        ahead, behind = re.match(r"(\w) (?:reaches .* before|and) (\w)", found.detail).groups()
        times = np.where(reached < 0, STEPS, reached)
        of = [times["ABCD".index(name)] for name in (ahead, behind)]
        expected = sign_flip_interval(of[1] - of[0])
        assert [mean, low, high] == [round(expected.mean), round(expected.low), round(expected.high)]
        assert expected.is_sure == (" before " in found.detail)


def test_the_most_frequent_verdict_over_the_seeds_stands_for_a_variant():
    verdicts = [["vanished"] * 5 + ["dead"] * 3, ["healthy"] * 8, ["exploding", *["diverged"] * 7]]
    found = concluded([NEVER, FAST, NEVER], verdicts)
    assert found.verdicts == ["vanished", "healthy", "diverged"]
    assert found.agreeing == [5, 8, 7]
    assert found.any_trains


def test_what_is_healthy_but_behind_others_is_slow():
    verdicts = [["healthy"] * 8, ["healthy"] * 7 + ["dead"], ["vanished"] * 8]
    assert concluded([FAST, NEVER, NEVER], verdicts).verdicts == ["healthy", "slow", "vanished"]
    assert concluded([FAST, NEVER, NEVER], verdicts).agreeing == [8, 7, 8]
    assert concluded([NEVER] * 3, verdicts).verdicts == ["healthy", "healthy", "vanished"]
    assert concluded([FAST, SLOW, FAST], verdicts).verdicts == ["healthy", "healthy", "vanished"]


def test_names_are_listed():
    assert [listed("A"), listed("AB"), listed("ABC")] == ["A", "A and B", "A, B and C"]
