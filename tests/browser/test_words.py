"""The browser says numbers as Python does: the same rules stand in gradcore/numbers.py and in ui/panel/words.js."""

import math
from pathlib import Path

import numpy as np
import pytest

from gradcore.numbers import percent, readable
from ui.figures.chart import scaled, thinned, told
from ui.figures.light import GLOW, WIDTH
from ui.panel import component

SCRIPTS = ("words.js", "figures.js")
RNG = np.random.default_rng(0)
DECADES = [mantissa * 10.0**power for power in range(-320, 309, 7) for mantissa in (1, 9.996, 2.5)]
BORDERS = [0.9994, 0.9996, 9.996, 999.4, 999.96, 9996.0, 99949.0, 99999.9, 1e5, 100001, 1e-3, 0.0010049, 0.0009996]
NUMBERS = [0.0, 5e-324, 1.7e308, math.inf, math.nan, *DECADES, *BORDERS, *10 ** RNG.uniform(-8, 8, 300)]
SHARES = [0, 1e-12, 0.0004, 0.00099, 0.001, 0.0049, 0.00995, 0.01, 0.5, 0.989, 0.99, 0.9951, 0.9989, 0.9991, 1]


@pytest.fixture(scope="module")
def browser_says(chromium):
    """Return a function that evaluates JavaScript where the panel's own functions are known."""
    page = chromium.new_page()
    page.add_script_tag(content="\n".join((Path(component.HERE) / name).read_text("utf-8") for name in SCRIPTS))
    # What JSON cannot say goes as text, and Number() reads it.
    yield lambda script, values: page.evaluate(f"values => values.map(value => {script})", values)
    page.close()


def as_text(numbers):
    return [repr(float(number)).replace("inf", "Infinity").replace("nan", "NaN") for number in numbers]


def test_numbers_read_the_same(browser_says):
    both = [*NUMBERS, *(-number for number in NUMBERS)]
    assert browser_says("readable(Number(value))", as_text(both)) == [readable(number) for number in both]


def test_shares_read_the_same_and_only_none_and_all_are_0_and_100_percent(browser_says):
    shares = [*SHARES, *RNG.uniform(0, 1, 300)]
    said = browser_says("percent(value)", [float(share) for share in shares])
    assert said == [percent(share) for share in shares]
    assert said[:3] == ["0 %", "under 0.1 %", "under 0.1 %"]


def test_templates_are_filled_the_same(browser_says):
    frame = {"loss": 2.3e-9, "rms": [0.0, 1e-30, 4.25], "dead": [0.0004, 1.0], "step": 12_345.0, "light": [-7.0, 2.0],
             "name": "sigmoid"}  # fmt: skip
    templates = ["{loss}", "layer 1 {rms.0}, 2 {rms.1}, last {rms.-1}", "{dead.0:%} and {dead.1:%}", "step {step:d}",
                 "{light.0:power} {light.-1:power}", "{name}", "{nothing} {loss.0x}"]  # fmt: skip
    said = browser_says(
        "told(value.template, name => value.frame[name])", [{"template": each, "frame": frame} for each in templates]
    )
    assert said == [told(each, [frame]) for each in templates]


def test_colors_and_widths_are_mixed_the_same(browser_says):
    places = [-2000.0, -1000.0, -999.5, *RNG.uniform(-12, 12, 60), 999.5, 1000.0, 2000.0]
    for scale in (GLOW, WIDTH):
        said = browser_says(f"scaled(value, {[list(stop) for stop in scale]!r})", places)
        for one, other in zip(said, (scaled(place, scale) for place in places), strict=True):
            assert channels(one) == pytest.approx(channels(other), abs=1.01 if isinstance(one, str) else 1e-9)


def channels(value):
    return [float(part) for part in value[5:-1].split(",")] if isinstance(value, str) else [value]


def test_long_courses_are_thinned_the_same(browser_says):
    for count in (0, 1, 399, 400, 401, 1999, 2000, 12_345):
        (kept,) = browser_says("thinned(Array.from({ length: value }, (_, i) => i), 400)", [count])
        assert kept == (thinned(range(count), 400) if count else [])
