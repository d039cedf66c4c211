"""What an explorer's screen can be set to: by Streamlit's widgets, and by what is dragged in its panel."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ui import state
from ui.settings import Setting, among, exact, flag, read_flag, read_number, read_whole

Values = Mapping[str, Any]

# Of what a browser may send.
LARGEST = 1e300


@dataclass(frozen=True)
class Drag:
    """A value that is dragged, chosen or typed in the panel.

    Attributes
    ----------
    default : float, bool, str or tuple of float
    low, high : float
        Of a number, and of each of several.
    whole : bool
        Whether it is a whole number.
    choices : tuple of str
        Of a choice.
    longest : int
        Of several numbers.
    """

    default: Any
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 0

    def sent(self, value: Any, known: Any) -> Any:
        """Return what came from the browser where it makes sense, clamped; what is known where it does not."""
        if self.choices:
            return value if value in self.choices else known
        if isinstance(self.default, bool):
            return value if isinstance(value, bool) else known
        if isinstance(self.default, tuple):
            if not isinstance(value, list) or len(value) > self.longest:
                return known
            kept = [*known, *[0.0] * len(value)]
            return tuple(self._number(one, kept[at]) for at, one in enumerate(value))
        return self._number(value, known)

    def _number(self, value: Any, known: Any) -> Any:
        # Not math.isfinite, which fails on a whole number of 400 digits.
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            return known
        clamped = min(self.high, max(self.low, value))
        return round(clamped) if self.whole else float(clamped)

    def setting(self, name: str) -> Setting:
        """Return how a link writes and reads it: strictly, nothing is clamped."""
        if self.choices:
            return Setting(name, name, self.default, among(self.choices))
        if isinstance(self.default, bool):
            return Setting(name, name, self.default, read_flag, flag)
        if isinstance(self.default, tuple):
            return Setting(name, name, self.default, self._read_all, lambda values: ",".join(map(exact, values)))
        return Setting(name, name, self.default, self._read_one, str if self.whole else exact)

    def _read_one(self, text: str) -> Any:
        number = read_whole(text) if self.whole else read_number(text)
        if not self.low <= number <= self.high:
            raise ValueError(f"must be from {self.low:g} to {self.high:g}, got {text[:40]!r}")
        return number

    def _read_all(self, text: str) -> tuple[Any, ...]:
        parts = text.split(",") if text else []
        if len(parts) > self.longest:
            raise ValueError(f"must be at most {self.longest} numbers, got {len(parts)}")
        return tuple(self._read_one(part) for part in parts)


@dataclass(frozen=True)
class Screen:
    """An explorer's screen.

    Attributes
    ----------
    slot : str
        Name of the visitor's values, of the panel and of the screen's widgets.
    what : str
        What is below if a link is no good: "the default network".
    settings : mapping
        Name → Setting: what widgets hold.
    drags : mapping
        Name → Drag: what the panel holds.
    checked : callable
        The widgets' values → what `answer` gets; raises ValueError in words where they make no sense.
    presets : mapping
        Name on the screen → the values, of either kind, that differ from their defaults.
    """

    slot: str
    what: str
    settings: Mapping[str, Setting]
    drags: Mapping[str, Drag]
    checked: Callable[[Values], Any]
    presets: Mapping[str, Values] = field(default_factory=dict)

    @property
    def defaults(self) -> dict[str, Any]:
        """Default of every value."""
        return {name: one.default for part in (self.settings, self.drags) for name, one in part.items()}

    def values(self) -> dict[str, Any]:
        """Return what the widgets say."""
        return {name: state.widget(f"{self.slot}.{name}", one.default) for name, one in self.settings.items()}

    def dragged(self) -> dict[str, Any]:
        """Return what the panel says."""
        kept = state.get(f"{self.slot}.dragged", {})
        return {name: kept.get(name, drag.default) for name, drag in self.drags.items()}

    def drag(self, values: Values) -> None:
        """Take what the panel says."""
        state.put(f"{self.slot}.dragged", dict(values))

    def put(self, values: Values) -> None:
        """Turn everything to these values, the others to their defaults: from a callback, or before it is drawn."""
        full = {**self.defaults, **values}
        state.set_widgets({f"{self.slot}.{name}": full[name] for name in self.settings})
        self.drag({name: full[name] for name in self.drags})
        # The panel's controls take values from here when this number changes.
        state.put(f"{self.slot}.epoch", self.epoch + 1)

    @property
    def epoch(self) -> int:
        """How often the panel's values were set from elsewhere."""
        return int(state.get(f"{self.slot}.epoch", 0))
