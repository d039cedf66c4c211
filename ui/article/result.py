"""What an experiment comes back with."""

from __future__ import annotations

from dataclasses import dataclass

from ui.cards import Card


@dataclass(frozen=True)
class Result:
    """Numbers in words, in a figure and in a table.

    Attributes
    ----------
    outcome : int
        Which of the claim's options came true, decided by the numbers.
    headline : str
        What happened, with its numbers, in one sentence.
    card : Card
        The figure with a further sentence and its table.
    code : str
        Python as it was run, with what it printed; empty where there was none to show.
    """

    outcome: int
    headline: str
    card: Card
    code: str = ""
