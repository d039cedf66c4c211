"""The article's line of code, run as it is printed, and then as it was meant."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcore.numbers import readable
from ui.article.result import Result
from ui.cards import Card, Columns
from ui.figures import article as figures

Array = npt.NDArray[np.float64]

PRINTED = "np.random.randn(size_l, size_l-1) * np.sqrt(2/size_l-1)"
MEANT = "np.random.randn(size[l], size[l-1]) * np.sqrt(2/size[l-1])"
SIZES = (2, 3, 10, 100)
# What feeds the layer, in the line as it was meant.
BELOW = 50


def experiment(seed: int) -> Result:
    """Run both lines for layers of several sizes; keep what they give and what Python says."""
    printed, meant, said = {}, {}, {}
    for size in SIZES:
        name = f"{size} units"
        weight, said[size] = _run(PRINTED, seed, size_l=size)
        printed[name] = _spread(weight)
        meant[name] = _spread(_run(MEANT, seed, size=[BELOW, size], l=1)[0])
    values, size = list(printed.values()), SIZES[-1]
    broken = sum(not np.isfinite(value) or value == 0 for value in values)
    outcome = 1 if broken == len(values) else 0
    theory = float(np.sqrt(2 / BELOW))
    weight, _ = _run(PRINTED, seed, size_l=size)
    headline = (
        f"For {size} units it gives {readable(values[-1])} in all {weight.size:,} places, for 2 units "
        f"{readable(values[0])}: Python reads √(2/{size} − 1), the root of {readable(2 / size - 1)}."
    )
    last = list(meant.values())[-1]
    sentence = (
        f"As meant, for {size} units above {BELOW}, the weights' std is {readable(last)}; "
        f"He's √(2/{BELOW}) is {readable(theory)}."
    )
    figure = figures.bars({"as printed": printed, "as meant": meant}, "Spread of the weights", "std of weights")
    table: Columns = {
        "units": list(SIZES),
        "std_as_printed": values,
        "std_as_meant": list(meant.values()),
        "warning": [said[size] for size in SIZES],
    }
    return Result(outcome, headline, Card("printed_line", figure, sentence, table), _session(size, weight, said, last))


def _session(size: int, weight: Array, said: dict[int, str], spread: float) -> str:
    """Return both lines with what they gave, as at a prompt."""
    corner = np.array2string(weight[:1, :4])
    return "\n".join(
        [
            f">>> size_l = {size}",
            f">>> W = {PRINTED}",
            said[size] or "(no warning)",
            ">>> W.shape, W[:1, :4]",
            f"{weight.shape}, {corner}",
            f">>> size, l = [{BELOW}, {size}], 1",
            f">>> W = {MEANT}",
            ">>> W.shape, W.std()",
            f"({size}, {BELOW}), {spread:.4f}",
        ]
    )


def _run(line: str, seed: int, **names: Any) -> tuple[Array, str]:
    """Run one of the two lines above; return what it gives and the warning that Python shows, empty if none."""
    # Draws of its own: the line's np.random would be the whole server's.
    numpy = SimpleNamespace(random=np.random.RandomState(seed), sqrt=np.sqrt)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # Without builtins Python 3.13 could not even warn.
        weight = eval(line, {"np": numpy, **names})
    return weight, "\n".join(f"{one.category.__name__}: {one.message}" for one in caught)


def _spread(weight: Array) -> float:
    return float(weight.std())
