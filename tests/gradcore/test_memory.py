"""What is no longer used is gone at once: no run holds itself until Python's collector happens to look."""

import gc as collector
import weakref

import pytest

import gradcore as gc

DATA = gc.load_dataset("iris", seed=0)
TRAINING = gc.TrainingSpec(learning_rate=0.1, batch_size=16, steps=20)


def trained(spec):
    run = gc.Run(spec, TRAINING, DATA, 0)
    run.advance()
    return run, weakref.ref(run.net)


def compared(spec):
    comparison = gc.Comparison([spec, spec], TRAINING, DATA, [0, 1])
    comparison.advance(3, True)
    return comparison, weakref.ref(comparison.network(0, 0).spec)


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "identity"])
@pytest.mark.parametrize("options", [{}, {"normalization": "batch"}, {"normalization": "layer"}, {"residual": True}])
@pytest.mark.parametrize("start", [trained, compared])
def test_a_run_that_is_dropped_leaves_nothing_behind(output, options, start):
    spec = gc.NetworkSpec((4, 8, 8, 3), hidden="tanh", output=output, initializer="xavier_normal", **options)
    run, _ = start(spec)
    collector.collect()
    enabled = collector.isenabled()
    collector.disable()
    try:
        del run
        assert collector.collect() == 0
    finally:
        if enabled:
            collector.enable()
