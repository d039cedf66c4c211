"""Proves the verdicts on real short runs: each fault, brought about by settings, is named, and its remedy cures it."""

from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc

DIGITS = gc.load_dataset("digits", n=500)
SIZES = (64, 30, 30, 30, 10)
RELU = gc.NetworkSpec(SIZES, "relu", initializer="he_normal")
DEEP_SIGMOID = gc.NetworkSpec((64, *[50] * 8, 10))

# fault → what it is called, the layers concerned (None: as computed by hand), network, training
FAULTS = {
    "learning rate too large": ("diverged", None, RELU, {"learning_rate": 1e5}),
    "constant weights": ("symmetric units", (0, 1, 2), gc.NetworkSpec(SIZES, initializer="constant", gain=0.05), {}),
    "zero weights of sigmoids": ("symmetric units", (0, 1, 2), gc.NetworkSpec(SIZES, initializer="zeros"), {}),
    "a jump into death": ("dead", (1, 2), RELU, {"learning_rate": 3.0}),
    "death in the middle of the window": (
        "dead",
        (1,),
        gc.NetworkSpec((64, 30, 30, 10), "relu", initializer="he_normal", gain=10.0),
        {"learning_rate": 1.0, "steps": 14},
    ),
    "zero weights of ReLUs": ("dead", (0, 1, 2), replace(RELU, initializer="zeros"), {"histogram_every": None}),
    "gain of four": (
        "exploding",
        None,
        gc.NetworkSpec((64, *[30] * 20, 10), "tanh", initializer="lecun_normal", gain=4.0),
        {"learning_rate": 1e-4},
    ),
    "steps longer than the weights": ("exploding", None, RELU, {"learning_rate": 1e4, "steps": 1}),
    "many sigmoids": ("vanished", None, DEEP_SIGMOID, {}),
    "tiny weights": ("vanished", (0, 1, 2), gc.NetworkSpec(SIZES, "tanh", initializer="normal", gain=1e-4), {}),
    "large weights": ("saturated", (0, 1, 2), gc.NetworkSpec(SIZES, "tanh", initializer="normal", gain=1.5), {}),
    "nothing": ("healthy", (), RELU, {}),
}


def judge(spec, seed=0, **training):
    options = {"learning_rate": 0.1, "batch_size": 32, "steps": 20, "histogram_every": 5, **training}
    records = list(gc.train(spec, gc.TrainingSpec(**options), DIGITS, seed))
    return records, gc.diagnose(records, spec)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_first_with_its_layers(fault, dtype):
    name, layers, spec, training = FAULTS[fault]
    spec = replace(spec, dtype=dtype)
    records, verdicts = judge(spec, **training)
    verdict = verdicts[0]
    assert verdict.name == name
    assert gc.diagnose(records[-10:], spec)[0].name == name
    if layers is not None:
        assert verdict.layers == layers
    if name == "healthy":
        assert len(verdicts) == 1
    stats = records[-1].stats
    gradients = np.array([record.stats.grad_rms[:-1] for record in records[-10:]])
    ratios = np.median(gradients / gradients[:, -1:], axis=0) if name in ("vanished", "exploding", "healthy") else None
    if fault in ("many sigmoids", "gain of four"):
        assert verdict.value == pytest.approx(ratios[0], rel=1e-12)
        beyond = ratios < 1e-3 if name == "vanished" else ratios > 70
        assert verdict.layers == tuple(np.flatnonzero(beyond))
        assert 0 in verdict.layers
        assert len(verdict.layers) < spec.depth
    if name == "diverged":
        assert records[-1].diverged
        assert (verdict.layers, verdict.value) == ((records[-1].diverged_layer,), records[-1].step)
    if name == "dead":
        assert verdict.value == stats.dead_fraction[:-1].max()
    if name == "saturated":
        assert verdict.value == stats.saturated_fraction[:-1].max()
    if fault == "steps longer than the weights":
        assert verdict.value == stats.update_ratio[:-1].max() > 10


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in ("nothing", "learning rate too large")])
def test_a_verdicts_name_does_not_depend_on_whether_the_spec_is_given(fault):
    _, _, spec, training = FAULTS[fault]
    records, verdicts = judge(spec, **training)
    assert [verdict.name for verdict in gc.diagnose(records)] == [verdict.name for verdict in verdicts]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "nothing"])
def test_every_verdict_names_the_layers_it_concerns(fault):
    _, _, spec, training = FAULTS[fault]
    for verdict in judge(spec, **training)[1]:
        assert verdict.layers, verdict
        assert max(verdict.layers) <= spec.depth


@pytest.mark.parametrize("depth", [8, 10, 20])
@pytest.mark.parametrize("seed", range(4))
def test_the_remedy_cures_the_default_sigmoid_network(depth, seed):
    spec = gc.NetworkSpec((64, *[50] * depth, 10))
    records, (verdict,) = judge(spec, seed)
    assert verdict.name == "vanished"
    assert dict(verdict.remedy) == {"hidden": "relu", "initializer": "he_normal", "gain": None}
    assert "ReLU with He" in verdict.fix
    assert "sigmoid" in verdict.explanation
    cured, (after,) = judge(replace(spec, **verdict.remedy), seed)
    assert after.name == "healthy"
    assert after.value > 100 * verdict.value
    assert cured[-1].loss < records[-1].loss


@pytest.mark.parametrize(
    "fault",
    [
        "constant weights",
        "zero weights of sigmoids",
        "zero weights of ReLUs",
        "gain of four",
        "tiny weights",
        "large weights",
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_the_remedy_of_the_gravest_verdict_cures_what_a_bad_start_caused(fault, seed):
    name, _, spec, training = FAULTS[fault]
    _, verdicts = judge(spec, seed, **training)
    assert verdicts[0].name == name
    _, after = judge(replace(spec, **verdicts[0].remedy), seed, **training)
    assert [verdict.name for verdict in after] == ["healthy"]


def test_a_remedy_is_for_all_layers_alike_whatever_they_were():
    spec = gc.NetworkSpec(
        (64, *[30] * 8, 10), ("sigmoid",) * 8, initializer=("normal",) * 9, gain=(0.02,) * 9, bias_std=0.1
    )
    _, verdicts = judge(spec)
    assert verdicts[0].name == "vanished"
    cured = replace(spec, **verdicts[0].remedy)
    assert judge(cured)[1][0].name == "healthy"
    assert cured.bias_std == spec.bias_std


def test_a_verdict_is_told_while_a_run_goes_on():
    run = gc.Run(DEEP_SIGMOID, gc.TrainingSpec(steps=30), DIGITS)
    first = run.advance()
    assert gc.diagnose(first, DEEP_SIGMOID)[0].name == "vanished"
    before = run.net.parameters.copy()
    gc.diagnose(first, DEEP_SIGMOID, run.net.weights)
    np.testing.assert_array_equal(run.net.parameters, before)
