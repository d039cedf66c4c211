"""Proves numbers in words: never 0 for what is not 0, no digit that is not so, right at the borders of decades."""

import math
import re
import sys

import numpy as np
import pytest

from gradcore.numbers import PLAIN_FROM, PLAIN_TO, percent, power_of_ten, readable, times

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
TINY, LARGEST = 5e-324, sys.float_info.max


def value_of(text):
    """Return the number that a text says, read by other rules than it was written."""
    match = re.fullmatch(r"(−?)(?:(\d+(?:\.\d+)?)(?:·10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?|10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))", text)
    assert match, text
    sign, mantissa, exponent, power = match.groups()
    exponent = (exponent or power or "0").translate(SUPERSCRIPTS)
    return float(f"{'-' if sign else ''}{mantissa or 1}e{exponent}")


def digits_of(text):
    mantissa = re.match(r"−?([\d.]+)(·|$)", text)
    return len(mantissa.group(1).replace(".", "").strip("0")) if mantissa else 0


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "exactly 0"),
        (0.0, "exactly 0"),
        (-0.0, "exactly 0"),
        (math.nan, "NaN"),
        (-math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (1, "1"),
        (-1, "−1"),
        (True, "1"),
        (0.5, "0.5"),
        (0.1, "0.1"),
        (0.123, "0.123"),
        (1 / 3, "0.333"),
        (2 / 3, "0.667"),
        (math.pi, "3.14"),
        (-math.pi, "−3.14"),
        (10, "10"),
        (100, "100"),
        (150, "150"),
        (105.4, "105"),
        (1234, "1230"),
        (1235.1, "1240"),
        (12345, "12300"),
        (10000, "10000"),
        (3e-9, "3·10⁻⁹"),
        (-3e-9, "−3·10⁻⁹"),
        (2.5e-17, "2.5·10⁻¹⁷"),
        (1e-9, "10⁻⁹"),
        (-1e-9, "−10⁻⁹"),
        (1e6, "10⁶"),
        (123456, "1.23·10⁵"),
        (6.02214e23, "6.02·10²³"),
        (1e-200, "10⁻²⁰⁰"),
        (TINY, "4.94·10⁻³²⁴"),
        (-TINY, "−4.94·10⁻³²⁴"),
        (LARGEST, "1.8·10³⁰⁸"),
    ],
)
def test_known_numbers(number, text):
    assert readable(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.9994, "0.999"),
        (0.9996, "1"),
        (0.99951, "1"),
        (9.994, "9.99"),
        (9.996, "10"),
        (99.94, "99.9"),
        (99.96, "100"),
        (999.4, "999"),
        (999.96, "1000"),
        (9994.9, "9990"),
        (9996.0, "10000"),
        (99949.0, "99900"),
        (99999.9, "100000"),
        (1e5, "10⁵"),
        (100001, "10⁵"),
        (0.09996, "0.1"),
        (0.009996, "0.01"),
        (0.00999, "0.00999"),
        (0.001234, "0.00123"),
        (0.0010049, "0.001"),
        (1e-3, "10⁻³"),
        (0.0009996, "10⁻³"),
        (0.0009994, "9.99·10⁻⁴"),
        (9.996e-10, "10⁻⁹"),
        (9.994e-10, "9.99·10⁻¹⁰"),
        (9.996e9, "10¹⁰"),
        (-0.9996, "−1"),
        (-999.96, "−1000"),
        (-0.0009996, "−10⁻³"),
    ],
)
def test_rounding_at_the_borders_of_decades(number, text):
    assert readable(number) == text


@pytest.mark.parametrize("digits", [1, 2, 3, 4, 6])
def test_any_number_reads_as_itself_rounded_to_its_digits(digits):
    rng = np.random.default_rng(digits)
    numbers = rng.uniform(-10, 10, 3000) * 10.0 ** rng.integers(-300, 300, 3000)
    near_one = rng.uniform(-1, 1, 3000) * 10.0 ** rng.integers(-5, 8, 3000)
    borders = np.outer([1, 1 - 1e-12, 1 + 1e-12, 0.9996, 0.9994, 0.95, 0.5], 10.0 ** np.arange(-12, 12)).ravel()
    for number in np.concatenate([numbers, near_one, borders, -borders]):
        text = readable(number, digits)
        assert abs(value_of(text) - number) <= 0.5000001 * 10.0 ** (math.floor(math.log10(abs(number))) - digits + 1)
        assert digits_of(text) <= digits, (number, text)
        assert text.startswith("−") == (number < 0)
        assert not re.search(r"-|e|\.0*$|\.\d*0$|^−?0$|\.$", text), (number, text)
        plain = PLAIN_FROM < abs(number) < PLAIN_TO
        assert ("10" in text and any(c in text for c in "⁰¹²³⁴⁵⁶⁷⁸⁹")) == (not plain), (number, text)


def test_what_is_not_zero_never_reads_as_zero_and_zero_always_does():
    for exponent in range(-323, 309):
        for mantissa in (1, 4.99, 9.999):
            for sign in (-1, 1):
                number = sign * mantissa * 10.0**exponent
                if math.isfinite(number):
                    assert value_of(readable(number)) * sign > 0
    assert {readable(zero) for zero in (0, -0.0, np.float32(0), np.int64(0), False)} == {"exactly 0"}


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, int])
def test_numbers_of_every_type_read_alike(kind):
    assert readable(kind(12345)) == "12300"
    assert readable(kind(-7)) == "−7"


@pytest.mark.parametrize(
    ("exponent", "text"),
    [(0, "10⁰"), (1, "10¹"), (-3, "10⁻³"), (10, "10¹⁰"), (-324, "10⁻³²⁴"), (1234567890, "10¹²³⁴⁵⁶⁷⁸⁹⁰")],
)
def test_powers_of_ten(exponent, text):
    assert power_of_ten(exponent) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.0, "0 %"),
        (1, "100 %"),
        (1.0, "100 %"),
        (0.5, "50 %"),
        (0.92, "92 %"),
        (0.07, "7 %"),
        (0.29, "29 %"),
        (0.57, "57 %"),
        (1 / 3, "33 %"),
        (2 / 3, "67 %"),
        (0.01, "1 %"),
        (0.0123, "1 %"),
        (0.009, "0.9 %"),
        (0.005, "0.5 %"),
        (0.001, "0.1 %"),
        (0.00099, "under 0.1 %"),
        (1e-300, "under 0.1 %"),
        (TINY, "under 0.1 %"),
        (0.986, "99 %"),
        (0.99, "99 %"),
        (0.995, "99.5 %"),
        (0.999, "99.9 %"),
        (0.9991, "over 99.9 %"),
        (1 - 1e-16, "over 99.9 %"),
        (1.5, "150 %"),
        (math.nan, "NaN"),
        (np.float64(0.92), "92 %"),
        (np.float32(0.5), "50 %"),
    ],
)
def test_shares(share, text):
    assert percent(share) == text


def test_a_share_that_is_not_all_or_nothing_never_reads_as_that():
    edges = 10.0 ** np.arange(-300, -1)
    shares = np.concatenate([np.linspace(0, 1, 20001)[1:-1], edges, 1 - edges[-14:]])
    for share in shares:
        text = percent(share)
        assert not re.fullmatch(r"0(\.0)? %|100(\.0)? %", text), (share, text)
        number = float(re.search(r"[\d.]+", text).group())
        if text.startswith("under"):
            assert 100 * share < number
        elif text.startswith("over"):
            assert 100 * share > number
        else:
            assert abs(100 * share - number) <= (0.5 if 1 <= 100 * share <= 99 else 0.05) + 1e-9, (share, text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.5, "0.5"),
        (3.44, "3.4"),
        (940.0, "940"),
        (1000.0, "1,000"),
        (187_900.0, "190,000"),
        (999_999.0, "1 million"),
        (5.26e6, "5.3 million"),
        (9.99e8, "1 billion"),
        (2.5e13, "25 trillion"),
        (9.96e14, "10¹⁵"),
        (2e18, "2·10¹⁸"),
        (np.inf, "∞"),
        (np.nan, "NaN"),
    ],
)
def test_how_many_times_as_one_says_it(number, text):
    assert times(number) == text
