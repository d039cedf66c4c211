"""The benchmark's ratios are paired, its numbers readable, and its goals stand where they belong."""

import pytest

from benchmarks.engine import rounds, tables
from benchmarks.engine.comparison import OURS, Comparison
from benchmarks.engine.peers import Entry


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.456, "0.46"), (4.567, "4.57"), (45.67, "45.7"), (456.7, "457"), (45678, "45678"), (-7.25, "-7.25")],
)
def test_numbers_have_three_digits(value, text):
    assert rounds.number(value) == text


def test_ratios_are_taken_round_by_round():
    spread = rounds.paired([1, 20, 3], [1, 10, 1])
    assert (spread.low, spread.median, spread.high) == (1.5, 2, 2.5)


def test_everybody_has_a_turn_in_every_round():
    turns = []
    seconds = rounds.interleave({name: lambda name=name: turns.append(name) for name in "ab"}, rounds=3)
    assert "".join(turns) == "ab" * 4
    assert [len(values) for values in seconds.values()] == [3, 3]


def test_goals_stand_beside_float32_tanh_only():
    peers = {"pytorch_eager": Entry("PyTorch eager", "", None), "bare_products": Entry("bare GEMMs", "", None)}
    each = Comparison({OURS: [1.0], "pytorch_eager": [3.0], "bare_products": [0.5]}, {})
    held, free = ("tanh", "float32"), ("relu", "float32")
    assert "| 3.00 (3.00–3.00) ≥ 1.5 |" in tables.peers_table(held, {"L": each}, peers)
    assert "≥" not in tables.peers_table(free, {"L": each}, peers)
    assert "| 2.00 (2.00–2.00) ≤ 1.4 |" in tables.limits_table({held: {"L": each}}, peers)
