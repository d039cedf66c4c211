"""Records as bytes for a panel: a JSON header, then one array a column.

Layout: a little-endian uint32 with the header's length; the header, padded so that the arrays start on a multiple
of 8; the arrays, each on a multiple of 8. Numbers travel as they are: zero, Inf and NaN included, which JSON could
not say. What a chart only needs to the pixel travels as float32 or bytes.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

# What a column is sent as: the panel's names of typed arrays.
KINDS = {"f8": "<f8", "f4": "<f4", "u1": "u1", "i4": "<i4"}


class Arrays:
    """Arrays behind a header, each with its place."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, values: npt.NDArray[Any]) -> int:
        """Put an array in; return its place behind the header."""
        at, raw = self._size, values.tobytes()
        raw += b"\0" * (-len(raw) % 8)
        self._parts.append(raw)
        self._size += len(raw)
        return at

    def columns(self, values: Mapping[str, npt.NDArray[Any]], kinds: Mapping[str, str]) -> dict[str, list[Any]]:
        """Put columns (records, …) in; return [place, kind, numbers a record] of each, 0 for a single number."""
        return {
            name: [
                self.add(values[name].astype(KINDS[kind])),
                kind,
                0 if values[name].ndim == 1 else math.prod(values[name].shape[1:]),
            ]
            for name, kind in kinds.items()
        }

    def behind(self, header: Any) -> bytes:
        """Return the packet."""
        return joined(header, b"".join(self._parts))


def joined(header: Any, arrays: bytes) -> bytes:
    """Return a packet of a header and the arrays behind it."""
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + arrays


def split(packet: bytes) -> tuple[Any, bytes]:
    """Return a packet's header, and the arrays behind it."""
    (length,) = struct.unpack_from("<I", packet)
    return json.loads(packet[4 : 4 + length]), packet[4 + length :]


def packed(header: Mapping[str, Any], arrays: Mapping[str, tuple[npt.NDArray[Any], str]]) -> bytes:
    """Return a packet of a header and single arrays, each with the kind that it is sent as."""
    behind = Arrays()
    places = {
        name: [behind.add(np.asarray(values).astype(KINDS[kind])), kind, np.size(values)]
        for name, (values, kind) in arrays.items()
    }
    return behind.behind({**header, "arrays": places})


def plain(number: float) -> float | str:
    """Return a number as JSON can hold it; JavaScript's Number() reads it back."""
    if math.isfinite(number):
        return float(number)
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
