"""Packets read as the browser does."""

import json
import math
import struct

import numpy as np

from ui.panel.wire import KINDS


def opened(packet):
    """Return, for each run of a packet, its header, its columns by name, and its extras by step, arrays in them."""
    (length,) = struct.unpack_from("<I", packet)
    assert (4 + length) % 8 == 0

    def array(place, kind, shape):
        assert place % 8 == 0
        return np.frombuffer(packet, KINDS[kind], math.prod(shape), 4 + length + place).reshape(shape)

    runs = []
    for header in json.loads(packet[4 : 4 + length]):
        columns = {name: array(*told) for name, told in header["columns"].items()}
        assert {len(values) for values in columns.values()} == {header["records"]}
        extras = {}
        for one in header["extras"]:
            extras[one["step"]] = one | {name: array(*told) for name, told in one.get("arrays", {}).items()}
        runs.append((header, columns, extras))
    return runs


def steps_with(extras, name):
    """Return the steps that have something."""
    return [step for step, extra in extras.items() if name in extra]
