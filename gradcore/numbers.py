"""Numbers as text: three significant digits, powers of ten as 10⁻³, and never 0.00 for a number that is not 0."""

from __future__ import annotations

import math

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
# A number of a size between these is written without a power of ten.
PLAIN_FROM, PLAIN_TO = 1e-3, 1e5


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as text with a superscript: 10⁻³."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def readable(number: float, digits: int = 3) -> str:
    """Return a number as text: 0.123, 3·10⁻⁹, 10⁻³, exactly 0, ∞, NaN."""
    number = float(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    if number == 0:
        return "exactly 0"
    sign, size = ("−" if number < 0 else ""), abs(number)
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    if PLAIN_FROM < size < PLAIN_TO:
        text = f"{float(f'{size:.{digits - 1}e}'):.{max(0, digits - 1 - int(exponent))}f}"
        return sign + (text.rstrip("0").rstrip(".") if "." in text else text)
    mantissa = mantissa.rstrip("0").rstrip(".")
    power = power_of_ten(int(exponent))
    return sign + (power if mantissa == "1" else f"{mantissa}·{power}")


# Words for large numbers of times, up to a thousand of the largest.
_LARGE = ((1e6, "million"), (1e9, "billion"), (1e12, "trillion"))


def times(number: float) -> str:
    """Return how many times, as one says it, in two digits: 3.4, 190,000, 5.3 million, 2·10¹⁸."""
    if not 1e3 <= number < 1e15:
        return readable(number, 2)
    rounded = float(f"{number:.1e}")
    for size, name in _LARGE:
        if size <= rounded < 1e3 * size:
            return f"{readable(rounded / size)} {name}"
    return f"{rounded:,.0f}" if rounded < 1e6 else readable(rounded, 2)


def percent(share: float) -> str:
    """Return a share as text, such as 92 %; only shares of exactly 0 and 1 become 0 % and 100 %."""
    if math.isnan(share):
        return "NaN"
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1 %"
    if 99.9 < value < 100:
        return "over 99.9 %"
    return f"{value:.0f} %" if value == round(value) or 1 <= value <= 99 else f"{value:.1f} %"
