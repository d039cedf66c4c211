"""Records as bytes for a panel: a JSON header, then one array a column.

Layout: a little-endian uint32 with the header's length; the header, padded so that the arrays start on a multiple
of 8; the arrays, each on a multiple of 8. Numbers travel as they are: zero, Inf and NaN included, which JSON could
not say. What a chart only needs to the pixel travels as float32 or bytes, all else as float64: 1e-200 arrives as
itself.
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


_KIND_OF = {"f4": "f4", "u1": "u1"}


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

    def place(self, values: npt.NDArray[Any]) -> list[Any]:
        """Put an array in; return [place, kind, shape]: float32 and bytes as such, all else as float64."""
        kind = _KIND_OF.get(values.dtype.str[1:], "f8")
        return [self.add(values.astype(KINDS[kind])), kind, list(values.shape)]

    def placed(self, frame: Mapping[str, Any]) -> dict[str, Any]:
        """Put a frame's arrays in; return it as plain JSON, with the places of its arrays under "arrays"."""
        plain, arrays = as_arrays(frame)
        return plain | {"arrays": {name: self.place(values) for name, values in arrays.items()}}

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


def packed(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Return a packet of a header and single arrays."""
    behind = Arrays()
    return behind.behind({**header, **behind.placed(arrays)})


def as_arrays(frame: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Return a frame's texts and lists, which travel in the header, and its arrays."""
    plain: dict[str, Any] = {}
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, value in frame.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "fui":
            arrays[name] = value
        else:
            plain[name] = plain_number(value) if isinstance(value, float) else value
    return plain, arrays


def plain_number(number: float) -> float | str:
    """Return a number as JSON can hold it; JavaScript's Number() reads it back."""
    if math.isfinite(number):
        return float(number)
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
