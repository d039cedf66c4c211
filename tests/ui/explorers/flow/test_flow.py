"""The split is exact, what is shown is the engine's, and the papers' numbers come out of what the screen computes."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

import gradcore as gc
from ui.explorers.explorer import Question
from ui.explorers.flow import extras, words
from ui.explorers.flow.kept import cards
from ui.explorers.flow.measure import FORMATS, backward_pass, judged, lost_from, measure
from ui.explorers.flow.panel import answer
from ui.explorers.flow.setup import PRESETS, SCREEN, SETTINGS, Settings, batch, network

SMALL = Settings(width=30)


def values_of(**dragged):
    return {**SCREEN.defaults, **dragged}


def preset(start):
    (changes,) = (values for name, values in PRESETS.items() if name.startswith(start))
    values = values_of(**changes)
    return SCREEN.checked({name: values[name] for name in SETTINGS}), values


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"activation": "tanh", "initializer": "orthogonal"},
        {"activation": "relu", "initializer": "he_normal"},
        {"activation": "relu", "residual": True},
        {"activation": "gelu", "normalization": "layer"},
        {"activation": "tanh", "normalization": "batch", "residual": True},
    ],
)
@pytest.mark.parametrize("dragged", [{"depth": 1}, {"depth": 12, "gain": 0.3}, {"depth": 20, "gain": 3.0}])
def test_weights_and_rest_multiply_to_the_measured_ratio(changes, dragged):
    settings, values = replace(SMALL, **changes), values_of(**dragged)
    x, y = batch(settings)
    net = network(settings, values["depth"], values["gain"], 0)
    layers = gc.backward(net, gc.forward(net, x), y).layers
    for here, above in itertools.pairwise(layers):
        measured = np.linalg.norm(here.delta) / np.linalg.norm(above.delta)
        assert here.weight_factor * here.derivative_factor == pytest.approx(measured, rel=1e-12)
    seen = measure(settings, values)
    assert seen.deltas[:-1] - seen.deltas[1:] == pytest.approx(seen.weights + seen.rest, abs=1e-12)


def test_without_extras_the_parts_are_those_of_the_matrix_and_of_the_slopes():
    net = network(replace(SMALL, activation="tanh"), 6, 1.3, 2)
    x, y = batch(SMALL)
    trace = gc.forward(net, x)
    layers = gc.backward(net, trace, y).layers
    found = backward_pass(net, x, y)
    for at in range(6):
        handed = net.weights[at + 1].T @ layers[at + 1].delta
        slopes = 1 - np.tanh(trace.layers[at].pre_activation) ** 2
        assert 10 ** found.weights[at] == pytest.approx(np.linalg.norm(handed) / np.linalg.norm(layers[at + 1].delta))
        assert 10 ** found.rest[at] == pytest.approx(np.linalg.norm(handed * slopes) / np.linalg.norm(handed))


def test_a_shallower_network_is_the_deeper_ones_first_layers():
    deep, shallow = network(SMALL, 50, 1.0, 3), network(SMALL, 4, 2.0, 3)
    for layer in range(4):
        assert (shallow.weights[layer] == 2 * deep.weights[layer]).all()
    assert (shallow.weights[-1] == 2 * deep.weights[-1]).all()


@pytest.mark.parametrize("initializer", ["he_normal", "pytorch_default", "orthogonal"])
def test_the_networks_have_their_initializers_law(initializer):
    net = network(replace(SMALL, initializer=initializer, width=100), 5, 1.0, 0)
    expected = {"he_normal": math.sqrt(2 / 100), "pytorch_default": math.sqrt(1 / 300), "orthogonal": 0.1}[initializer]
    assert net.weights[3].std() == pytest.approx(expected, rel=0.05)
    assert net.biases[3].any() == (initializer == "pytorch_default")


def test_the_slopes_are_to_blame_for_the_sigmoid_and_the_weights_for_what_explodes():
    settings, values = preset("Sigmoid")
    seen = measure(settings, values)
    assert seen.verdict == "vanished"
    assert words.blame(settings, seen).endswith("the slopes φ′ are to blame.")
    assert float(np.mean(seen.rest)) < math.log10(0.25)
    settings, values = preset("Weights too large")
    seen = measure(settings, values)
    assert seen.verdict == "exploding"
    assert words.blame(settings, seen).endswith("the weights are to blame.")


def test_the_same_matrices_explode_with_a_linear_activation_and_not_with_others():
    # The article blames the weights: the same He matrices double the square of δ, and every φ takes its own share.
    settings, values = preset("The same He matrices")
    curves = extras.other_activations(settings, values)
    grown = {name: curve[0] - curve[-2] for name, curve in curves.items()}
    layers = values["depth"] - 1
    assert grown["identity"] / layers == pytest.approx(math.log10(2) / 2, abs=0.02)
    assert grown["relu"] == pytest.approx(0, abs=0.7)
    assert grown["sigmoid"] < -8
    assert grown["tanh"] < grown["identity"]


def test_weight_gradients_stay_even_while_delta_fades():
    # Glorot & Bengio 2010, figure 8.
    settings, values = preset("Even weight gradients")
    seen = measure(settings, values)
    assert seen.ratio == pytest.approx(1, abs=0.25)
    assert seen.deltas[0] - seen.deltas[-2] == pytest.approx(-7 * math.log10(3) / 2, abs=0.35)
    assert "fig. 8" in words.disagreement(seen)


def test_batch_normalization_explodes_at_initialization():
    # Yang et al. 2019: the squared gradient grows by π/(π − 1) a layer, for large widths and batches.
    settings, values = preset("Batch normalization")
    seen = measure(settings, values)
    assert seen.verdict == "exploding"
    layers = values["depth"] - 1
    squared = 10 ** (2 * (seen.deltas[0] - seen.deltas[-2]) / layers)
    assert squared == pytest.approx(math.pi / (math.pi - 1), rel=0.08)
    assert measure(replace(settings, normalization="none"), values).verdict == "healthy"
    assert words.blame(settings, seen).endswith("The table below has the same network without normalization.")
    found = {one.name: one for one in extras.cures(settings, values)}
    assert found["as it is"].verdict == "exploding"
    assert found["neither normalization nor shortcuts"].verdict == "healthy"


def test_mean_singular_values_of_one_jacobian_are_glorot_and_bengios():
    # Their 0.8 and 0.5, theory before tanh′ 0.8488 and 0.4901; here at small z, so next to the theory.
    settings = Settings("tanh", "lecun_uniform", "normal", 128)
    for name, gain, expected in (("xavier_uniform", 1.0, 0.8488), ("lecun_uniform", 0.57735, 0.4901)):
        found = extras.stretching(replace(settings, initializer=name), values_of(depth=5, gain=gain))
        assert np.mean(10 ** found[name][0]) == pytest.approx(expected, rel=0.14)


def test_products_of_orthogonal_matrices_keep_every_direction_and_gaussian_ones_do_not():
    settings, values = preset("Orthogonal")
    found = extras.stretching(settings, values)
    assert found["orthogonal"][1] == pytest.approx(np.zeros(settings.width), abs=1e-5)  # drawn in float32
    assert found["lecun_normal"][1][0] - found["lecun_normal"][1][-1] > 10


def test_clipping_shortens_and_leaves_the_ratio():
    # Pascanu et al. 2013: g ← gθ/‖g‖ where ‖g‖ > θ.
    settings, values = preset("Weights too large")
    one = measure(settings, values).passes[0]
    found = extras.clipped(replace(settings, clip=0.5), one)
    assert found.after == 0.5
    assert found.before == one.grad_norm > 0.5
    assert found.ratio == one.ratio
    assert "not layers that get nothing" in words.clipping(replace(settings, clip=0.5), found)
    assert "does nothing" in words.clipping(
        replace(settings, clip=1e6), extras.clipped(replace(settings, clip=1e6), one)
    )


def test_cures_are_measured_networks():
    found = {one.name: one for one in extras.cures(Settings(), values_of(depth=15))}
    assert set(found) == set(extras.CURES)
    assert found["as it is"].verdict == "vanished"
    assert found["ReLU and He normal"].verdict == "healthy"
    assert found["batch normalization"].parameters == 15 * 100 * 2
    x, y = batch(Settings())
    residual = network(Settings(residual=True), 15, 1.0, 0)
    assert found["residual connections"].ratio == backward_pass(residual, x, y).ratio


def test_what_would_underflow_is_what_a_cast_makes_0():
    settings, values = Settings(), values_of(depth=20)
    x, y = batch(settings)
    net = network(settings, 20, 1.0, 0)
    one = measure(settings, values).passes[0]
    layers = gc.backward(net, gc.forward(net, x), y).layers
    with np.errstate(under="ignore"):
        for kind in ("float16", "float32"):
            cast = [np.mean(layer.weight_grad.astype(kind) == 0) for layer in layers]
            assert one.lost[kind] == pytest.approx(np.array(cast), abs=1e-12)
    from_here = lost_from(one, "float16")
    assert one.lost["float16"][from_here - 1] > 0.5 >= one.lost["float16"][from_here]
    assert lost_from(one, "float32") is None
    assert FORMATS["bfloat16"][1] == 2.0**-133


@pytest.mark.parametrize(
    "dragged", [{"depth": 1, "gain": 0.05}, {"depth": 50, "gain": 0.05}, {"depth": 50, "gain": 20}]
)
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "identity"])
def test_extremes_are_answered_in_words(activation, dragged):
    settings = replace(SMALL, activation=activation)
    parts = [answer(settings, Question(values_of(**dragged), part=part)) for part in range(3)]
    headline = parts[0].texts["headline"]
    assert headline
    assert "nan" not in headline.lower()
    assert len(parts[0].frame["deltas"]) == dragged["depth"] + 1
    assert parts[2].tables["cures"][0][0] == "as it is"
    shown = {name: value for part in parts for name, value in part.frame.items()}
    for chart in parts[0].charts:
        assert chart.filled([shown]).data
        assert chart.caption_at([shown])
        assert "–" not in chart.sentence_at([shown])


def test_what_takes_longer_waits_until_nothing_is_dragged_and_comes_in_parts():
    dragged = answer(SMALL, Question(values_of(), False))
    assert "curve0" not in dragged.frame
    assert dragged.frame["stale"]
    parts = [answer(SMALL, Question(values_of(), part=part)) for part in range(dragged.parts)]
    assert ["curve0" in part.frame for part in parts] == [True, False, False]
    assert ["product0" in part.frame for part in parts] == [False, True, False]
    assert ["cures" in part.tables for part in parts] == [False, False, True]


def test_verdicts_name_their_threshold():
    assert judged(1e-4) == ("vanished", 1e-3)
    assert judged(100.0) == ("exploding", 70.0)
    assert judged(1.0)[0] == "healthy"
    assert judged(math.nan)[0] == "diverged"


def test_figures_and_tables_have_the_measured_numbers():
    lines, drawn = cards(SMALL, values_of(depth=5))
    assert [card.name for card in drawn] == ["waterfall", "gradients", "curves", "stretched"]
    seen = measure(SMALL, values_of(depth=5))
    assert drawn[0].table["log10_delta"] == seen.deltas.tolist()
    assert words.headline(seen) in lines[0]
    for card in drawn:
        assert len({len(column) for column in card.table.values()}) == 1
