"""Proves what `diagnose` takes: one record or several, any depth, thresholds that make sense, no spec if need be."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

import gradcore as gc
from gradcore.diagnosis.thresholds import SOURCES
from tests.gradcore.made_records import made, names, spec


def test_every_threshold_has_a_source():
    assert set(SOURCES) == {field.name for field in fields(gc.Thresholds)}
    for source in SOURCES.values():
        assert any(author in source for author in ("AutoTrainer (Zhang", "Amazon SageMaker", "Goodfellow"))


def test_thresholds_are_fixed_once_made():
    with pytest.raises(FrozenInstanceError):
        gc.Thresholds().vanished = 1


@pytest.mark.parametrize("value", [float("nan"), -1.0, "0.5", None], ids=str)
@pytest.mark.parametrize("name", [field.name for field in fields(gc.Thresholds)])
def test_thresholds_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        gc.Thresholds(**{name: value})


def test_one_record_or_a_sequence_is_taken():
    ill = made(grad_rms=[1e-6, 1, 1, 1, 1])
    assert gc.diagnose(ill) == gc.diagnose([ill]) == gc.diagnose((ill,)) == gc.diagnose([ill] * 3)
    with pytest.raises(ValueError, match="records must hold at least one record, got none"):
        gc.diagnose([])


def test_records_are_left_as_they_were():
    record = made(grad_rms=[1e-6, 1, 0, 1, 1], update_ratio=[np.nan, np.inf, 1, 1, 1])
    gc.diagnose([record] * 3)
    np.testing.assert_array_equal(record.stats.grad_rms, [1e-6, 1, 0, 1, 1])
    np.testing.assert_array_equal(record.stats.update_ratio, [np.nan, np.inf, 1, 1, 1])


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_without_a_hidden_layer_all_is_healthy_but_a_divergence(hidden):
    worst = {"grad_rms": 1e-300, "update_ratio": 1e9, "saturated_fraction": 1.0, "dead_fraction": 1.0}
    network = gc.NetworkSpec((3, 2), hidden)
    (verdict,) = gc.diagnose(made(depth=0, distinct=[1], **worst), network)
    assert (verdict.name, verdict.layers) == ("healthy", ())
    assert "no hidden layer" in verdict.headline
    (verdict,) = gc.diagnose(made(9, depth=0, diverged=(0, "parameter")), network)
    assert (verdict.name, verdict.layers, verdict.value) == ("diverged", (0,), 9)
    assert "step 9 in layer 1" in verdict.headline


def test_a_single_hidden_layer_is_judged_by_what_can_befall_it():
    for rms in (1e-6, 1.0, 1e6):
        assert names(made(depth=1, grad_rms=[rms, 1.0])) == ["healthy"]  # there is nothing to lose on the way
    for changes, name in (
        ({"grad_rms": [1e-9, 1.0]}, "vanished"),
        ({"update_ratio": [11.0, 1e-3]}, "exploding"),
        ({"saturated_fraction": [0.5, 0.0]}, "saturated"),
        ({"distinct": [1, 2]}, "symmetric units"),
    ):
        (verdict,) = gc.diagnose(made(depth=1, **changes), spec("tanh", depth=1))
        assert (verdict.name, verdict.layers) == (name, (0,))
    (verdict,) = gc.diagnose(made(depth=1, dead_fraction=[0.5, 0.0]), spec("relu", depth=1))
    assert (verdict.name, verdict.layers) == ("dead", (0,))


def test_delta_alone_does_not_make_a_verdict_but_is_told():
    for ratio in (1e-5, 1e5):  # Glorot & Bengio 2010, fig. 8
        (verdict,) = gc.diagnose(made(delta_rms=[ratio, 1, 1, 1, 1]))
        assert verdict.name == "healthy"
        assert "Glorot & Bengio 2010, fig. 8" in verdict.explanation
    assert "Glorot" not in gc.diagnose(made())[0].explanation


@pytest.mark.parametrize(
    ("gradients", "name", "value"),
    [
        ([0, 0, 1, 1, 1], "vanished", 0),
        ([5e-324, 1, 1, 1, 1], "vanished", 5e-324),
        ([1, 1, 1, 0, 1], "exploding", np.inf),
        ([0, 0, 0, 0, 1], "vanished", 0),
        ([1e-200, 1e-200, 1e-200, 1e-200, 1e-195], "vanished", 1e-200),
    ],
)
def test_zeros_and_the_smallest_numbers_are_judged_for_what_they_are(gradients, name, value):
    (verdict,) = gc.diagnose(made(grad_rms=gradients))
    assert (verdict.name, verdict.value) == (name, value)


@pytest.mark.parametrize("position", [0, 4, 9])
@pytest.mark.parametrize(("ill", "name"), [([1e-6, 1e-3, 1e-4, 1, 1], "vanished"), ([1e3, 1, 99, 1, 1], "exploding")])
def test_a_batch_without_any_gradient_does_not_hide_which_layers_are_concerned(position, ill, name):
    window = [made(grad_rms=ill)] * 10
    window[position] = made(grad_rms=[0, 0, 0, 0, 1])
    (verdict,) = gc.diagnose(window)
    assert (verdict.name, verdict.value) == (name, ill[0])
    assert verdict.layers == (0, 2)


def test_a_network_that_fits_its_data_exactly_is_not_called_nan():
    (verdict,) = gc.diagnose(made(grad_rms=0.0, bias_grad_norm=0.0, delta_rms=0.0, update_ratio=0.0))
    assert "NaN" not in f"{verdict.headline} {verdict.explanation}"


def test_weights_show_symmetric_units_where_records_do_not_count_them():
    network = spec("tanh")
    constant = gc.build(gc.NetworkSpec(network.sizes, "tanh", initializer="constant")).weights
    random = gc.build(network).weights
    assert names(made(), network, weights=constant) == names(made(), weights=constant) == ["symmetric units"]
    assert names(made(), network, weights=random) == names(made(), weights=random) == ["healthy"]
    assert names(made(distinct=[5] * 5), network, weights=constant) == ["healthy"]  # a count goes before
    (verdict,) = gc.diagnose(made(), weights=[random[0], constant[1], *random[2:]])
    assert verdict.layers == (1,)
    single = gc.build(spec("tanh", width=1)).weights
    assert names(made(), weights=single) == names(made(), spec("tanh", width=1), weights=single) == ["healthy"]


def test_without_a_spec_a_layer_is_bounded_if_it_narrows_the_spread():
    shares = {"saturated_fraction": 0.9, "dead_fraction": 0.9}
    assert names(made(pre_activation_std=9.0, activation_std=0.9, **shares)) == ["saturated"]
    assert names(made(pre_activation_std=1.0, activation_std=0.6, **shares)) == ["dead"]


def test_without_a_spec_relus_that_answer_nothing_are_dead_and_not_saturated():
    silent = {"activation_mean": 0.0, "activation_std": 0.0, "pre_activation_mean": -5.0, "pre_activation_std": 1.0}
    record = made(saturated_fraction=1.0, dead_fraction=1.0, **silent)
    assert names(record, spec("relu")) == ["dead"]
    assert names(record) == ["dead"]
