"""One claim: what is said, where, what a visitor is asked, and what holds."""

from __future__ import annotations

from dataclasses import dataclass

from ui.ways import Way

VERDICTS = {
    "true": "True",
    "true with a condition": "True, on a condition",
    "loose": "Loosely said",
    "wrong": "Wrong",
}


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes
    ----------
    name : str
        In links; also the name of its experiment.
    title : str
        On the list.
    place : str
        Where it stands in the article.
    says : str
        The claim in our words.
    question : str
    options : tuple of str
        What may happen; the experiment says which one does.
    verdict : str
        Of the claim, one of VERDICTS.
    holds : str
        What holds instead, and why: without measured numbers, those come from the experiment.
    ways : tuple of Way
    """

    name: str
    title: str
    place: str
    says: str
    question: str
    options: tuple[str, ...]
    verdict: str
    holds: str
    ways: tuple[Way, ...]

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}, got {self.verdict!r}")
