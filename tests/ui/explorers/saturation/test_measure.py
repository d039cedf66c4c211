"""What the saturation explorer shows is what the engine's network does."""

import math
from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc
from ui.explorers.explorer import Question
from ui.explorers.inputs import examples, inputs
from ui.explorers.saturation import training as trained
from ui.explorers.saturation import words
from ui.explorers.saturation.all_activations import activations_table, exactly_zero
from ui.explorers.saturation.kept import cards
from ui.explorers.saturation.measure import BINS, REACH, measure, shares, slope_shares
from ui.explorers.saturation.panel import answer
from ui.explorers.saturation.setup import PRESETS, SCREEN, SETTINGS, Settings, network

SMALL = Settings("tanh", "normal", "normal", 4, 30)


def seen_with(settings=SMALL, **dragged):
    values = {**SCREEN.defaults, **dragged}
    return measure(settings, values, network(settings, values["gain"]))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "gelu"])
@pytest.mark.parametrize("gain", [0.05, 1.0, 20.0])
def test_the_chosen_layer_is_that_of_the_real_network(activation, gain):
    settings = replace(SMALL, activation=activation, initializer="he_normal")
    net = gc.build(settings.spec, settings.seed)
    for weight in net.weights:
        weight *= gain
    z = gc.forward(net, examples("normal").x).layers[1].pre_activation
    slopes = np.abs(gc.ACTIVATIONS[activation].derivative(z))
    found = seen_with(settings, gain=gain, layer=2)
    assert found.layer == 2
    assert found.passage.gradient_factor == pytest.approx(float(np.sqrt(np.mean(slopes.astype(float) ** 2))), rel=1e-5)
    assert found.passage.variance_in == pytest.approx(float(z.var()), rel=1e-4)
    below = (np.abs(z) < REACH).mean()
    assert found.inputs[1:-1].sum() == pytest.approx(below, abs=1e-3)
    assert found.inputs.sum() == pytest.approx(1)


def test_a_layer_beyond_the_last_is_the_last():
    assert seen_with(layer=30).layer == 4


def test_normal_inputs_have_the_mean_and_spread_that_were_dragged():
    found = seen_with(source="normal", mean=-1.5, std=0.5)
    assert found.passage.mean_in == pytest.approx(-1.5, abs=1e-9)
    assert found.passage.variance_in == pytest.approx(0.25, rel=0.03)


def test_the_product_along_a_path_is_that_of_its_slopes_and_weights():
    settings = replace(SMALL, initializer="xavier_normal")
    found = seen_with(settings)
    assert 10 ** found.without[0] == pytest.approx(float(np.prod(found.path_slopes)), rel=1e-5)
    assert found.with_weights[-1] - found.without[-1] == pytest.approx(
        math.log10(float(np.abs(network(settings, 1.0).weights[-1][0]).max())), abs=1e-6
    )


def test_shares_count_what_lies_beyond_and_what_is_no_number():
    values = np.array([-9.0, -8.0, 0.0, 7.99, 8.0, 50.0, math.nan, math.inf])
    counted = 8 * shares(values, -REACH, REACH, BINS)
    assert counted[0] == 2
    assert counted[-1] == 3
    assert counted[1] == counted[1 + BINS // 2] == counted[-2] == 1


def test_slopes_of_exactly_0_are_told_apart_from_small_ones():
    counted = 4 * slope_shares(np.array([0.0, 1e-30, 0.005, 1.0]))
    assert counted[0] == counted[1] == counted[-1] == 1
    assert counted[2:-1].sum() == 1


@pytest.mark.parametrize("kind", inputs())
def test_every_kind_of_inputs_fits_its_network(kind):
    found = seen_with(replace(SMALL, inputs=kind))
    assert math.isfinite(found.passage.gradient_factor)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_what_it_promises(name):
    values = {**SCREEN.defaults, **PRESETS[name]}
    settings = SCREEN.checked({setting: values[setting] for setting in SETTINGS})
    found = measure(settings, values, network(settings, values["gain"]))
    headline = words.headline(settings, values["source"], found)
    if "a quarter" in name:
        assert found.factors.max() <= 0.25
    elif "nearly all" in name:
        assert found.passage.saturated_fraction > 0.7
        assert "saturated" in headline
    elif "dying out" in name:
        assert found.passage.gradient_factor > 0.99
        assert found.passage.variance_in < 1e-6
    elif "half of it silent" in name:
        assert found.passage.zero_fraction == pytest.approx(0.5, abs=0.1)


def test_training_drives_the_top_sigmoid_layer_to_0(monkeypatch):
    # Glorot & Bengio 2010, figure 2, with the preset's own settings.
    kept = {}
    monkeypatch.setattr(trained.state, "get", kept.get)
    monkeypatch.setattr(trained.state, "put", kept.__setitem__)
    (preset,) = (values for name, values in PRESETS.items() if "Glorot" in name)
    values = {**SCREEN.defaults, **preset}
    settings = SCREEN.checked({setting: values[setting] for setting in SETTINGS})
    assert answer(settings, Question(values)).frame["means"][-1] == pytest.approx(0.5, abs=0.1)
    step = 0
    while step < 300:
        found = answer(settings, Question(values, False, event={"train": True}))
        step = found.more["grows"]
    means = found.frame["means"]
    assert means[3] < 0.15
    assert means[0] < means[1] < means[2]
    assert means[2] > 0.55
    # Another weight scale ends the run; looking at another layer does not.
    assert answer(settings, Question({**values, "layer": 1})).more["grows"] == step
    assert answer(settings, Question({**values, "gain": 1.0})).more["grows"] == 0


def test_the_table_of_all_activations_has_the_known_numbers():
    table = activations_table()
    rows = {row[0]: row[1:] for row in zip(*table.values(), strict=True)}
    assert set(rows) == {one.label for one in gc.ACTIVATIONS.values()}
    assert rows["sigmoid"][:3] == ("0.25", "−5.99", "5.99")
    assert rows["sigmoid"][5:] == ("−104", "104")
    assert rows["ReLU"][1] == rows["ReLU"][5] == "0"
    assert "+16.6" in exactly_zero()
    assert "±104" in exactly_zero()


def test_figures_tables_and_sentences_have_the_measured_numbers():
    lines, drawn = cards(SMALL, dict(SCREEN.defaults))
    found = seen_with()
    assert f"{found.passage.saturated_fraction:.0%}".replace("%", " %") in lines[0]
    assert [card.name for card in drawn] == ["plane", "slopes", "shades", "path", "means"]
    assert drawn[4].table["factor"] == found.factors.tolist()
    assert np.array(drawn[3].figure.data[0].y, dtype=float) == pytest.approx(found.without)
    np.testing.assert_array_equal(drawn[0].figure.data[2].y, found.inputs[1:-1])
    for card in drawn:
        assert len({len(column) for column in card.table.values()}) == 1


def test_numbers_out_of_range_are_said_to_be():
    found = seen_with(replace(SMALL, activation="relu", depth=30, width=200), gain=20.0, layer=30)
    assert "floats' range" in words.headline(SMALL, "layer", found) or math.isfinite(found.passage.gradient_factor)
    assert words.power_words(-math.inf) == "exactly 0"
    assert words.power_words(-400.2) == "10⁻⁴⁰⁰"
