"""What is drawn of a step beside its records: the layers' activations, and what the network says of its data.

A snapshot is made for every frame that is shown, not for every step, and kept as bytes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import gradcore as gc
from gradcore.records.histograms import activation_histogram
from ui.experiment import Experiment

Bytes = npt.NDArray[np.uint8]

# A frame's share of the server's time for the picture; a network that needs more gets a coarser one, then a rarer one.
PICTURE_SECONDS = 0.008
GRIDS = (40, 28, 20, 12)
# Multiplications and additions a second that a network is expected to make, before its first picture is measured.
EXPECTED_SPEED = 4e9
# Half the width of the plane that is shown, in standard deviations of the data.
REACH = 2.2
POINTS = 250
SAMPLES = 4
# Units × samples in one go: keeps the buffers of a 100-layer network below two megabytes.
CHUNK_ENTRIES = 60_000
BUDGET_BYTES = 700_000
RECENT = 60


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One frame's pictures.

    Attributes
    ----------
    step : int
    low, high : float
        Ends of the histograms' axis.
    histogram : (layers, bins) uint8
        √share of each bin against the layer's fullest, 255 the fullest; hidden layers, or the output if there is none.
    picture : uint8
        Of a boundary (grid, grid), bottom row first: class · 64 + 63 · certainty. Of samples (samples, outputs):
        255 · p. Empty where there is none, or none at this frame.
    """

    step: int
    low: float
    high: float
    histogram: Bytes
    picture: Bytes

    @property
    def size(self) -> int:
        """Bytes kept."""
        return int(self.histogram.nbytes + self.picture.nbytes + 100)


class Axis:
    """The axis on which a network's activations are drawn: an open end follows them outwards.

    Parameters
    ----------
    activations : sequence of str
        Of the hidden layers.

    Attributes
    ----------
    low, high : float
    """

    def __init__(self, activations: Sequence[str]) -> None:
        ranges = [gc.ACTIVATIONS[name].range for name in activations] or [(0.0, 1.0)]
        self.low = min((low for low, _ in ranges if np.isfinite(low)), default=0.0)
        self.high = max((high for _, high in ranges if np.isfinite(high)), default=0.0)
        self._free = not np.isfinite(ranges).all()

    def widen(self, values: npt.NDArray[Any]) -> None:
        """Let an open end follow the values, by powers of two, so that it rarely moves."""
        if not self._free:
            return
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if low < self.low and np.isfinite(low):
            self.low = -float(2 ** np.ceil(np.log2(-low)))
        if high > self.high and np.isfinite(high):
            self.high = float(2 ** np.ceil(np.log2(high)))

    def histogram(self, trace: gc.Trace) -> Bytes:
        """Return √share of each bin against the layer's fullest, 255 the fullest, (layers, bins)."""
        counts = np.sqrt(activation_histogram(trace, self.low, self.high).counts)
        return np.asarray(counts / np.maximum(1, counts.max(axis=1, keepdims=True)) * 255, dtype=np.uint8)


class Camera:
    """Takes snapshots of a run.

    Parameters
    ----------
    experiment : Experiment
    data : Dataset
    whole : bool
        Whether the activations are wanted, too, and the plane; runs side by side show none.
    """

    def __init__(self, experiment: Experiment, data: gc.Dataset, whole: bool = True) -> None:
        self._spec, self._whole = experiment.spec, whole
        self._axis = Axis(experiment.spec.activations)
        self.kind = _kind(experiment)
        if self.kind == "boundary" and not whole:
            self.kind = "none"
        self._data = data
        self._grid = self._expected_grid()
        self._skip = self._skipped = 0
        self._inputs = self._look_at()

    def take(self, run: gc.Run, step: int) -> Snapshot:
        """Return the snapshot of the step whose values are in the run's buffers."""
        with np.errstate(all="ignore"):
            if not self._whole:
                nothing = np.zeros((max(1, self._spec.depth), 0), dtype=np.uint8)
                return Snapshot(step, 0.0, 0.0, nothing, self._picture(run.net))
            self._axis.widen(run.trace.activations)
            bars = self._axis.histogram(run.trace)[: max(1, self._spec.depth)]
            return Snapshot(step, self._axis.low, self._axis.high, bars, self._picture(run.net))

    def still(self) -> dict[str, Any]:
        """Return what does not change during a run, as plain JSON: points of the plane, or the samples shown."""
        data, rng = self._data, np.random.default_rng(0)
        if self.kind == "boundary":
            rows = rng.permutation(len(data.x))[:POINTS]
            y = data.y[rows] if self._spec.output != "identity" else np.asarray(data.y[rows]).reshape(-1) > 0
            points = np.column_stack([data.x[rows], np.asarray(y).reshape(len(rows), -1)[:, 0]])
            return {"kind": "boundary", "reach": REACH, "points": np.round(points, 2).tolist()}
        if self.kind == "samples":
            x, y = _samples(data)
            pixels = _pixels(data, x) if data.name == "digits" else []
            return {"kind": "samples", "truth": [int(label) for label in y], "pixels": pixels}
        return {"kind": "none"}

    def _expected_grid(self) -> int:
        """Return the finest grid that this network should manage in time."""
        seconds = [2 * self._spec.parameter_count * side**2 / EXPECTED_SPEED for side in GRIDS]
        return next((index for index, each in enumerate(seconds) if each <= PICTURE_SECONDS), len(GRIDS) - 1)

    def _look_at(self) -> npt.NDArray[np.float64]:
        if self.kind == "boundary":
            axis = np.linspace(-REACH, REACH, GRIDS[self._grid])
            return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        if self.kind == "samples":
            return _samples(self._data)[0]
        return np.zeros((0, self._spec.sizes[0]))

    def _picture(self, net: gc.Network) -> Bytes:
        if self.kind == "none":
            return np.zeros(0, dtype=np.uint8)
        if self._skipped < self._skip:
            self._skipped += 1
            return np.zeros(0, dtype=np.uint8)
        self._skipped = 0
        started = time.perf_counter()
        output = self._outputs(net)
        self._adapt(time.perf_counter() - started)
        if not np.isfinite(output).all():
            return np.zeros(0, dtype=np.uint8)  # there is nothing to draw; the panel says which step it shows
        if self.kind == "samples":
            return np.asarray(np.clip(output, 0, 1) * 255, dtype=np.uint8)
        return _classes(output, self._spec.output)

    def _outputs(self, net: gc.Network) -> npt.NDArray[Any]:
        rows = max(16, CHUNK_ENTRIES // sum(self._spec.sizes[1:]))
        chunks = [gc.predict(net, self._inputs[at : at + rows]) for at in range(0, len(self._inputs), rows)]
        return np.concatenate(chunks)

    def _adapt(self, seconds: float) -> None:
        if seconds <= PICTURE_SECONDS or self.kind != "boundary":
            return
        if self._grid + 1 < len(GRIDS):
            self._grid += 1
            self._inputs = self._look_at()
        else:
            self._skip = min(30, int(seconds / PICTURE_SECONDS))


def _kind(experiment: Experiment) -> str:
    if experiment.spec.sizes[0] == 2:
        return "boundary"
    return "samples" if experiment.spec.output != "identity" else "none"


def _samples(data: gc.Dataset) -> tuple[Any, Any]:
    x, y = (data.x, data.y) if data.x_test is None else (data.x_test, data.y_test)
    return x[:SAMPLES], np.asarray(y)[:SAMPLES]


def _pixels(data: gc.Dataset, x: Any) -> list[list[int]]:
    """Return the digits as they were before standardization, 0 to 255."""
    raw = x * data.std + data.mean
    return np.asarray(np.clip(raw / 16 * 255, 0, 255), dtype=int).tolist()


def _classes(output: npt.NDArray[Any], kind: str) -> Bytes:
    """Return class · 64 + 63 · certainty of each row; of regression the sign as class and the size as certainty."""
    if kind == "softmax":
        classes, certainty = output.argmax(axis=1), (output.max(axis=1) - 1 / output.shape[1]) * output.shape[1]
        certainty = certainty / (output.shape[1] - 1)
    elif kind == "sigmoid":
        classes, certainty = (output[:, 0] > 0.5).astype(int), np.abs(2 * output[:, 0] - 1)
    else:
        classes, certainty = (output[:, 0] > 0).astype(int), np.abs(output[:, 0])
    coded = np.asarray(classes * 64 + np.round(63 * np.clip(certainty, 0, 1)), dtype=np.uint8)
    side = int(np.sqrt(len(coded)))
    return coded.reshape(side, side)


class Album:
    """A run's snapshots within a fixed number of bytes: when it is full, every second older one goes."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self._bytes = 0

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot."""
        self.snapshots.append(snapshot)
        self._bytes += snapshot.size
        if self._bytes > BUDGET_BYTES:
            old = self.snapshots[:-RECENT]
            self.snapshots = old[::2] + self.snapshots[-RECENT:]
            self._bytes = sum(each.size for each in self.snapshots)

    def by_step(self) -> Mapping[int, Snapshot]:
        """Return the kept snapshots by their step."""
        return {snapshot.step: snapshot for snapshot in self.snapshots}
