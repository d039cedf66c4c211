"""A chart: a Plotly figure made once, and which array of a frame goes where in it.

A frame is a mapping from names to arrays, numbers and texts. The browser puts the latest frame into the figure that it
has put up (ui/panel/figures.js); `Chart.filled` does the same in Python, for reports and tests.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from gradcore.numbers import percent, readable
from ui.figures.colors import themed

Frame = Mapping[str, Any]
How = Literal["latest", "own", "course", "curves", "stack", "text"]
# Points of a curve and rows of a heat map at most: more than these are not seen.
COURSE, STACK = 400, 80
# {loss}, {grad_rms.0}, {dead.2:%}, {step:d}, {light.0:power}
_PLACE = re.compile(r"\{(\w+)(?:\.(-?\d+))?(?::([%\w]+))?\}")


@dataclass(frozen=True)
class Binding:
    """Where something of a frame goes.

    Attributes
    ----------
    target : str
        "data.0.y", "layout.yaxis.range", "caption" or "sentence".
    array : str
        Its name in the frame; for a text, its template: "layer 1 gets {grad_rms.0}, {dead.0:%} of it is dead".
    how : str
        "latest": the last frame's that has it; "own": the shown frame's own, else `otherwise`; "course": one number
        of each frame so far; "curves": the same of several numbers, one curve after the other; "stack": one row of each
        frame so far; "text": a template.
    part : int or (int, int), optional
        Only this number of the array, or only those from the first up to the second.
    scale : tuple of (number, number or color)
        What a number is turned into, piecewise linear.
    otherwise : optional
        Stands there while no frame has it.
    """

    target: str
    array: str
    how: How = "latest"
    part: int | tuple[int, int] | None = None
    scale: tuple[tuple[float, float | str], ...] = ()
    otherwise: Any = None

    def value(self, frames: Sequence[Frame]) -> Any:
        """Return what goes there when the last of these frames is shown."""
        if self.how == "text":
            return told(self.array, frames)
        if self.how in ("course", "stack"):
            known = thinned(
                [frame for frame in frames if self.array in frame], COURSE if self.how == "course" else STACK
            )
            rows = [frame[self.array] for frame in known]
            return np.array(rows if self.part is None else [self._of(row) for row in rows])
        if self.how == "curves":
            assert isinstance(self.part, tuple)
            known = thinned([frame for frame in frames if self.array in frame], COURSE)
            joined: list[Any] = []
            for at in range(*self.part):
                joined += [
                    *(np.ravel(frame[self.array])[at if np.ndim(frame[self.array]) else 0] for frame in known),
                    None,
                ]
            return joined
        found = frames[-1].get(self.array) if self.how == "own" else latest(frames, self.array)
        if found is None:
            return self.otherwise
        number = found if self.part is None else self._of(found)
        return scaled(float(number), self.scale) if self.scale else number

    def _of(self, row: Any) -> Any:
        return row[slice(*self.part)] if isinstance(self.part, tuple) else row[self.part]


def latest(frames: Sequence[Frame], name: str) -> Any:
    """Return the last frame's that has it, None if none has."""
    return next((frame[name] for frame in reversed(frames) if name in frame), None)


def thinned(frames: Sequence[Any], most: int) -> list[Any]:
    """Return every so manyth frame, and the last one: at most `most` + 1."""
    every = max(1, -(-len(frames) // most))
    kept = list(frames[::every])
    return kept if (len(frames) - 1) % every == 0 else [*kept, frames[-1]]


def told(template: str, frames: Sequence[Frame]) -> str:
    """Return a template with the latest numbers in it."""

    def said(place: re.Match[str]) -> str:
        name, part, form = place.groups()
        value = latest(frames, name)
        if value is None:
            return "–"
        if part is not None:
            value = value[int(part)]
        if isinstance(value, str):
            return value
        return _FORMS[form](float(value))

    return _PLACE.sub(said, template)


_FORMS: Mapping[str | None, Any] = {
    None: readable,
    "%": percent,
    "d": lambda number: f"{number:,.0f}",
    "power": lambda power: readable(10.0**power),
}


def scaled(number: float, scale: Sequence[tuple[float, float | str]]) -> float | str:
    """Return what a number is on a scale: numbers and colors between two stops are mixed, beyond the last they stay."""
    places = [place for place, _ in scale]
    if np.isnan(number):
        number = places[0]
    at = min(max(bisect_right(places, number), 1), len(scale) - 1)
    (low, start), (high, end) = scale[at - 1], scale[at]
    part = min(1.0, max(0.0, (number - low) / (high - low)))
    if isinstance(start, str) and isinstance(end, str):
        mixed = [one + part * (other - one) for one, other in zip(_channels(start), _channels(end), strict=True)]
        return f"rgba({','.join(str(round(channel)) for channel in mixed[:3])},{round(mixed[3], 3):g})"
    return float(start) + part * (float(end) - float(start))


def _channels(color: str) -> list[float]:
    if color.startswith("#"):
        return [*(int(color[at : at + 2], 16) for at in (1, 3, 5)), 1.0]
    return [float(part) for part in color[color.index("(") + 1 : -1].split(",")]


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure and its bindings.

    Attributes
    ----------
    name : str
        Of its place in the panel.
    figure : go.Figure
        Without data.
    bindings : tuple of Binding
    caption : str
        The title above it: what it means, with units.
    sentence : str
        What it shows, for who cannot see it; mostly bound.
    place : str
        How much room it takes: "hero", "wide", "side" or "strip" (ui/panel/panel.css).
    tall : int, optional
        Height in px at normal type, where its place does not say.
    narrow : (int, mapping, int or None), optional
        Below how many px its place is narrow, what differs in its layout there, and its height if that differs.
    """

    name: str
    figure: go.Figure
    bindings: tuple[Binding, ...] = ()
    caption: str = ""
    sentence: str = ""
    place: str = "side"
    tall: int | None = None
    narrow: tuple[int, Mapping[str, Any], int | None] | None = None

    @cached_property
    def _described(self) -> dict[str, Any]:
        figure = json.loads(self.figure.to_json())
        return {
            "name": self.name,
            "place": self.place,
            "caption": self.caption,
            "sentence": self.sentence,
            "tall": self.tall,
            "narrow": None if self.narrow is None else dict(zip(("below", "layout", "tall"), self.narrow, strict=True)),
            "data": figure["data"],
            "layout": figure["layout"],
            "bindings": [
                [one.target, one.array, one.how, one.part, list(map(list, one.scale)), one.otherwise]
                for one in self.bindings
            ],
        }

    def described(self) -> dict[str, Any]:
        """Return what the browser needs of it, as plain JSON."""
        return self._described

    def filled(self, frames: Sequence[Frame], theme: str | None = "light") -> go.Figure:
        """Return the figure as the browser shows it at the last of these frames, its caption as its title.

        Without a theme its colors stay names: for a panel, which puts in the page's own.
        """
        chart = {
            "data": deepcopy(list(map(_as_dict, self.figure.data))),
            "layout": deepcopy(_as_dict(self.figure.layout)),
            "caption": self.caption,
            "sentence": self.sentence,
        }
        for binding in self.bindings:
            value = binding.value(frames)
            if value is not None:
                _put(chart, binding.target.split("."), value)
        chart["layout"]["title"] = {"text": chart["caption"]}
        if theme is not None:
            chart = themed(chart, theme)
        return go.Figure(chart["data"], chart["layout"])

    def sentence_at(self, frames: Sequence[Frame]) -> str:
        """Return its sentence at the last of these frames."""
        return self._text("sentence", self.sentence, frames)

    def caption_at(self, frames: Sequence[Frame]) -> str:
        """Return its title at the last of these frames."""
        return self._text("caption", self.caption, frames)

    def _text(self, target: str, otherwise: str, frames: Sequence[Frame]) -> str:
        bound = next((one for one in self.bindings if one.target == target), None)
        return otherwise if bound is None else str(bound.value(frames))


def _as_dict(part: Any) -> Any:
    return part.to_plotly_json()


def _put(part: Any, path: Sequence[str], value: Any) -> None:
    for step, following in pairwise(path):
        if isinstance(part, list):
            part = part[int(step)]
        else:
            part = part.setdefault(step, [] if following.isdigit() else {})
    last: Any = path[-1]
    if isinstance(part, list):
        part += [None] * (int(last) + 1 - len(part))
        last = int(last)
    part[last] = value
