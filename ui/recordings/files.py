"""Recordings as files: a packet for a panel, compressed, under a name that follows from what was run."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Hashable
from pathlib import Path

FOLDER = Path(__file__).parent / "packets"


def path_of(what: Hashable) -> Path:
    """Return the file for the recording of `what`: a setup, or a tuple of experiments; it need not be there."""
    return FOLDER / f"{hashlib.sha256(repr(what).encode()).hexdigest()[:16]}.gz"


def find(what: Hashable) -> bytes | None:
    """Return the recorded packet of `what`, None if there is none."""
    path = path_of(what)
    return gzip.decompress(path.read_bytes()) if path.exists() else None


def write(what: Hashable, packet: bytes) -> Path:
    """Keep a packet as the recording of `what`, the same bytes whenever it is written."""
    path = path_of(what)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(packet, mtime=0))
    return path
