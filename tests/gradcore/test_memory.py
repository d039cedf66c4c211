"""What is no longer used is gone at once: no run holds itself until Python's collector happens to look."""

import gc as collector
import weakref
from types import SimpleNamespace

import numpy as np
import pytest

import gradcore as gc
from gradcore.data.prepared import training_examples
from gradcore.training import run as training
from gradcore.training.batches import Batches

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


def test_runs_on_one_loaded_set_share_what_was_prepared_of_it():
    data, spec = gc.load_dataset("digits"), gc.NetworkSpec((64, 8, 10))
    one, other = (training_examples(spec, data) for _ in range(2))
    assert one is other
    assert not one.x.flags.writeable
    single = training_examples(gc.NetworkSpec((64, 8, 10), dtype="float32"), data)
    assert single.x.dtype == np.float32
    loose = SimpleNamespace(x=data.x.copy(), y=data.y, name="loose")
    first = training_examples(spec, loose)
    loose.x[:] = 0
    assert first.x[:, :-1].any()
    assert not training_examples(spec, loose).x[:, :-1].any()


def test_an_epochs_batches_come_in_its_order_though_gathered_in_pieces():
    x = np.arange(1000.0)[:, None]
    batches = Batches(x, x, None, 7, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    for epoch in range(2):
        order = rng.permutation(1000)
        for position in range(batches.per_epoch):
            batch = batches.at(epoch * batches.per_epoch + position)
            assert batch.inputs[0].tolist() == order[7 * position : 7 * position + 7].tolist()


@pytest.mark.parametrize("output", ["softmax", "identity"])
def test_the_test_part_piece_by_piece_gives_what_it_gives_at_once(output, monkeypatch):
    data = gc.load_dataset("digits", test_fraction=0.17)
    spec = gc.NetworkSpec((64, 8, 10), output=output)
    found = []
    for at_once in (1000, 100, 7):
        monkeypatch.setattr(training, "TESTED_AT_ONCE", at_once)
        run = gc.Run(spec, gc.TrainingSpec(steps=1), data)
        found.append(run.evaluate())
    assert found[0][1] > 0
    for loss, accuracy in found[1:]:
        assert loss == pytest.approx(found[0][0], rel=1e-13)
        assert accuracy == found[0][1]
