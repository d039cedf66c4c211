"""One scene of a talk, and the talk: text and a screen's link, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

# So many scenes are more than an hour.
MAX_SCENES = 40
MAX_TITLE = 120
# Longest text of each kind, in characters; a screen's own parser has the last word on its settings.
LONGEST = {"screen": 40, "settings": 2_000, "headline": 120, "note": 2_000, "question": 200, "answer": 300}


@dataclass(frozen=True)
class Scene:
    """One scene.

    Attributes
    ----------
    screen : str
        Name of the screen, one of `ui.talk.screens.SCREENS`.
    settings : str
        The query of the screen's own link; empty for the screen as it opens.
    headline : str
        The sentence over the picture.
    note : str
        For the speaker; it may have lines.
    question, answer : str
        For the audience: the answer is shown on demand.
    """

    screen: str
    settings: str = ""
    headline: str = ""
    note: str = ""
    question: str = ""
    answer: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, getattr(self, field.name), LONGEST[field.name], lines=field.name == "note")


@dataclass(frozen=True)
class Talk:
    """Scenes in order, with a title."""

    title: str
    scenes: tuple[Scene, ...]

    def __post_init__(self) -> None:
        _check("title", self.title, MAX_TITLE)
        if not self.scenes:
            raise ValueError("a talk needs at least one scene")
        if len(self.scenes) > MAX_SCENES:
            raise ValueError(f"a talk has at most {MAX_SCENES} scenes, got {len(self.scenes)}")


def _check(name: str, text: Any, longest: int, lines: bool = False) -> None:
    if not isinstance(text, str):
        raise ValueError(f"{name} must be text, got {type(text).__name__}")
    if len(text) > longest:
        raise ValueError(f"{name} must be at most {longest:,} characters, got {len(text):,}")
    if not all(line.isprintable() for line in (text.split("\n") if lines else [text])):
        raise ValueError(f"{name} holds a character that can't be shown")
