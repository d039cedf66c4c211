"""Proves the sign-flip interval: it inverts the test over all signs, and covers as often as it says."""

from itertools import product

import numpy as np
import pytest

from gradcore.diagnosis.paired_difference import MIN_PAIRS, sign_flip_interval


def p_value(differences, shift):
    """Return the two-sided p of the mean among all choices of signs, worked out one by one."""
    centered = np.asarray(differences) - shift
    means = [np.mean(np.array(signs) * centered) for signs in product((-1, 1), repeat=len(centered))]
    return np.mean(np.abs(means) >= abs(centered.mean()) - 1e-12)


@pytest.mark.parametrize("pairs", [6, 7, 8])
def test_shifts_inside_are_not_rejected_and_those_outside_are(pairs):
    differences = np.random.default_rng(pairs).normal(1, 2, pairs)
    found = sign_flip_interval(differences)
    width = found.high - found.low
    for inside in np.linspace(found.low, found.high, 20)[1:-1]:
        assert p_value(differences, inside) > 1 - found.confidence
    for outside in (found.low - 0.01 * width, found.high + 0.01 * width, found.low - width):
        assert p_value(differences, outside) <= 1 - found.confidence + 1e-12


def test_six_pairs_are_the_fewest_and_all_signs_alike_are_then_sure():
    assert sign_flip_interval([1, 2, 3, 4, 5]).low is None
    assert not sign_flip_interval([1, 2, 3, 4, 5]).is_sure
    found = sign_flip_interval([1, 2, 3, 4, 5, 6])
    assert MIN_PAIRS == found.pairs == 6
    assert (found.mean, found.low, found.high) == (3.5, 1, 6)
    assert found.confidence == 1 - 2 / 64
    assert found.is_sure
    assert not sign_flip_interval([-1, 2, 3, 4, 5, 6]).is_sure


@pytest.mark.parametrize("pairs", [6, 8, 12])
def test_it_covers_as_often_as_it_says(pairs):
    rng = np.random.default_rng(0)
    trials, hits, confidence = 1500, 0, 1.0
    for _ in range(trials):
        found = sign_flip_interval(0.7 + rng.standard_t(3, pairs))
        hits += found.low <= 0.7 <= found.high
        confidence = found.confidence
    assert abs(hits / trials - confidence) < 4 * np.sqrt(confidence * (1 - confidence) / trials)


def test_no_difference_at_all_is_not_sure():
    found = sign_flip_interval(np.zeros(8))
    assert (found.mean, found.low, found.high) == (0, 0, 0)
    assert not found.is_sure


@pytest.mark.parametrize("wrong", [[], [np.nan] * 6, [np.inf, 1, 2, 3, 4, 5], [[1, 2]], np.zeros(21)])
def test_what_is_no_list_of_differences_is_refused(wrong):
    with pytest.raises(ValueError, match="differences must be"):
        sign_flip_interval(wrong)
