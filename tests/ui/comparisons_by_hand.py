"""Comparisons without a browser or a session, small enough to run in a moment."""

import numpy as np

import gradcore as gc
from ui.comparison.runs import ComparedRuns, train
from ui.comparison.setup import Setup, Variant, checked, noise, specs, training
from ui.data_sets import load

PAIR = (Variant("xavier_normal", depth=3), Variant("zeros", depth=2))


def setup(variants=PAIR, **common):
    return checked(Setup(tuple(variants), **{"data": "clouds", "width": 8, "steps": 60, "seeds": 3, **common}))


def trained(one, until=None, speed=5):
    """Return the runs of a setup, watched at a speed up to the end, or to the first frame at `until` or later."""
    runs = ComparedRuns(one)
    while not runs.finished and (until is None or runs.comparison.step <= until):
        train(runs, speed)
    return runs


def engine(one):
    """Return the engine's own comparison of a setup."""
    return gc.Comparison(specs(one), training(one), load(one.data, noise(one)), list(one.all_seeds))


def engine_records(one):
    """Return the engine's own record of every step, by step, each in full."""
    comparison, records = engine(one), {}
    while not comparison.finished:
        record = comparison.advance(comparison.step, full=True)
        records[record.step] = record
    return records


def parameters(comparison):
    one = [
        [comparison.network(v, s).parameters for s in range(len(comparison.seeds))]
        for v in range(len(comparison.specs))
    ]
    return [np.array(each) for each in one]
