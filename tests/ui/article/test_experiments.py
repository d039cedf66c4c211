"""Each experiment against what is known of it: the outcome, the size of its numbers, and that none of it is canned."""

import re

import numpy as np
import pytest

from gradcore.numbers import percent, readable
from ui.article.claims import CLAIMS
from ui.article.experiments import blame, he_typical, printed_line, product, random_scale, vanishing, zero_input
from ui.article.running import EXPERIMENTS

# What comes true, with any draws: the option's number.
OUTCOMES = {
    "bias": 1,
    "zero_input": 2,
    "forward_signal": 1,
    "descent": 1,
    "mixed_layers": 1,
    "vanishing": 2,
    "sigmoid_slope": 2,
    "blame": 2,
    "product": 2,
    "zeros": 1,
    "random_scale": 2,
    "weight_size": 1,
    "he_typical": 1,
    "xavier_law": 1,
    "printed_line": 1,
    "heuristics": 2,
    "pytorch_default": 2,
    "batch_norm": 2,
}
# Their sentences say the same with all draws, since nothing in them is drawn.
WITHOUT_DRAWS = {"zero_input", "printed_line"}
# Columns that say what was set, not what was measured.
SETTINGS = {"bias", "gain", "step", "digit", "layer", "units", "hidden_layers"}
KEPT = {}


def result(name, seed=0):
    """Run an experiment once for all tests."""
    if (name, seed) not in KEPT:
        KEPT[name, seed] = EXPERIMENTS[name](seed)
    return KEPT[name, seed]


def column(name, of, seed=0):
    return np.array(result(name, seed).card.table[of])


def test_every_experiment_has_its_outcome_here():
    assert set(OUTCOMES) == set(EXPERIMENTS)


@pytest.mark.parametrize("seed", [0, 1, 7])
@pytest.mark.parametrize("name", OUTCOMES)
def test_the_outcome_does_not_hang_on_the_draws(name, seed):
    assert result(name, seed).outcome == OUTCOMES[name]
    assert OUTCOMES[name] < len(CLAIMS[name].options)


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_sentence_says_numbers_of_the_table(name):
    found = result(name)
    columns = [values for of, values in found.card.table.items() if of not in SETTINGS]
    numbers = [value for values in columns for value in values if isinstance(value, int | float)]
    told = {words for value in numbers for words in (readable(value), percent(abs(value)))}
    assert any(re.search(rf"(?<![\d.]){re.escape(words)}(?![\d.]\d)", found.headline) for words in told)


@pytest.mark.parametrize("name", sorted(set(OUTCOMES) - WITHOUT_DRAWS))
def test_other_draws_give_another_sentence_and_the_same_draws_the_same(name):
    assert result(name).headline != result(name, 1).headline
    assert EXPERIMENTS[name](0).headline == result(name).headline


@pytest.mark.parametrize("name", OUTCOMES)
def test_figure_and_table_hold_together(name):
    card = result(name).card
    assert card.name == name
    assert len(card.figure.data) >= 1
    assert len({len(values) for values in card.table.values()}) == 1
    assert len(card.figure.layout.title.text) <= 42  # a phone shows no more


def test_biases_start_at_0_and_none_is_1():
    assert not column("bias", "before").any()
    after = column("bias", "after")
    assert np.abs(after).max() > 0.05
    assert np.abs(after - 1).min() > 0.1


def test_input_0_without_a_bias():
    assert column("zero_input", "bias_0").tolist() == [0.5, 0, 0, 0]
    table = result("zero_input").card.table
    assert table["bias_-0.5"][table["activation"].index("ReLU")] == 0
    assert table["bias_0.5"][table["activation"].index("tanh")] == pytest.approx(np.tanh(0.5))


def test_a_signal_that_dies_or_is_pinned_does_not_learn_in_time():
    steps = result("forward_signal").card.table["steps_needed"]
    assert [one is None for one in steps] == [True, True, False, False, True]
    spread = column("forward_signal", "std_layer_10")
    assert spread[0] < 1e-5
    assert 0.1 < spread[2] < 0.4
    assert spread[4] > 0.8


def test_the_loss_falls_with_ups_and_downs():
    loss = column("descent", "loss")
    assert loss[-20:].mean() < 0.2 < 1.2 < loss[:10].mean()
    assert 0.3 < np.mean(np.diff(loss) > 0) < 0.6
    assert loss.min() > 0


def test_outputs_are_probabilities():
    p = column("mixed_layers", "probability")
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert (p > 0).all()


def test_the_deeper_the_less_reaches_the_first_layer():
    ratio = column("vanishing", "first_against_last")
    assert (np.diff(ratio) < 0).all()
    assert 1e-7 < ratio[2] < 1e-4
    assert column("vanishing", "first_moved")[2] < 1e-4 < 1e-3 < column("vanishing", "last_moved")[2]


def test_a_sigmoid_layer_at_nielsens_start_passes_a_fifth():
    factor = column("sigmoid_slope", "factor")
    # E σ′² for z normal of variance 1 + E σ², by quadrature.
    x, w = np.polynomial.hermite_e.hermegauss(60)
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    q = 0.3
    for _ in range(20):
        q = (w * sigmoid(np.sqrt(1 + q) * x) ** 2).sum() / w.sum()
    slopes = sigmoid(np.sqrt(1 + q) * x) * (1 - sigmoid(np.sqrt(1 + q) * x))
    theory = np.sqrt((w * slopes**2).sum() / w.sum())
    assert theory == pytest.approx(0.205, abs=0.002)
    assert factor.mean() == pytest.approx(theory, abs=0.006)
    assert "passes 0.25." in result("sigmoid_slope").headline


def test_the_same_weights_explode_or_not_by_activation():
    ratio = dict(zip(result("blame").card.table["activation"], column("blame", "first_against_last"), strict=True))
    # He's weights alone grow by √2 a layer, 19 times.
    assert ratio["identity"] == pytest.approx(2 ** (19 / 2), rel=0.3)
    assert 0.3 < ratio["ReLU"] < 3
    assert 1 < ratio["tanh"] < 3
    assert 1e-11 < ratio["sigmoid"] < 1e-9


def test_twice_the_weights_is_twice_the_factor_in_each_of_nine_layers():
    half, one, two = column("product", "product")
    # ReLU: φ(cz) = cφ(z), so the very same units are on; only where softmax starts the gradient differs.
    assert two / one == pytest.approx(2**9, rel=0.3)
    assert one / half == pytest.approx(2**9, rel=0.3)
    assert "diverged at step" in result("product").card.table["end"][2]


def test_from_zeros_units_stay_equal():
    tanh, relu, sigmoid, linear = column("zeros", "test_accuracy")
    assert column("zeros", "different_answers")[:2].tolist() == [1, 1]
    assert column("zeros", "different_answers")[2] > 100
    assert column("zeros", "different_units_layer_1")[:3].tolist() == [1, 1, 1]
    assert max(tanh, relu) < 0.15 < sigmoid < 0.6 < 0.9 < linear


def test_random_scales():
    one, hundredth, he = column("random_scale", "factor")
    assert one / hundredth == pytest.approx(1e20, rel=1e-9)
    assert 1e8 < one < 1e9
    assert 0.3 < he < 3


def test_weights_of_a_good_start_are_small_and_its_gain_is_1():
    typical, largest, smallest_singular, largest_singular, kept = column("weight_size", "value")
    assert typical == pytest.approx(np.sqrt(2 / 784), rel=0.01)
    assert largest < 0.35
    # Marchenko & Pastur: √2(1 ∓ √(256/784)).
    assert smallest_singular == pytest.approx(np.sqrt(2) * (1 - np.sqrt(256 / 784)), rel=0.05)
    assert largest_singular == pytest.approx(np.sqrt(2) * (1 + np.sqrt(256 / 784)), rel=0.05)
    assert kept == pytest.approx(1, abs=0.03)


def test_he_is_right_in_the_mean_and_the_typical_network_shrinks():
    mean, median, logs, theory = column("he_typical", "value")
    assert mean == pytest.approx(1, abs=0.35)
    assert median < 0.3
    assert theory == pytest.approx(-5 / 2 * 10 / 16)
    assert logs == pytest.approx(theory, abs=0.4)


def test_the_articles_xavier_is_lecuns():
    table = result("xavier_law").card.table
    assert table["as_in_the_article"] == pytest.approx(table["theory_article"], rel=0.03)
    assert table["glorot_and_bengio"] == pytest.approx(table["theory_glorot"], rel=0.03)


def test_the_printed_line_is_run_as_it_is_printed():
    assert printed_line.PRINTED == "np.random.randn(size_l, size_l-1) * np.sqrt(2/size_l-1)"
    found = result("printed_line")
    printed = column("printed_line", "std_as_printed")
    assert printed[0] == 0
    assert np.isnan(printed[1:]).all()
    warning = "RuntimeWarning: invalid value encountered in sqrt"
    assert found.card.table["warning"] == ["", *[warning] * 3]
    assert f"\n{warning}\n" in found.code
    assert "(100, 99), [[nan nan nan nan]]" in found.code
    assert column("printed_line", "std_as_meant") == pytest.approx(np.sqrt(2 / 50), rel=0.1)


def test_only_the_heuristic_start_learns():
    table = result("heuristics").card.table
    assert table["steps_needed"][:2] == [None, None]
    assert table["steps_needed"][2] < 200
    assert table["diverged_runs"][1:] == [0, 0]
    assert table["test_accuracy"][2] > 0.8 > 0.2 > table["test_accuracy"][1]


def test_pytorchs_variance_is_a_sixth_of_hes():
    ours, he = column("pytorch_default", "variance")
    assert ours / he == pytest.approx(1 / 6, rel=0.02)
    assert ours == pytest.approx(1 / 300, rel=0.02)
    left = column("pytorch_default", "response_left")
    assert left[0] < 1e-6 < 0.05 < left[1]


def test_batch_normalization_makes_gradients_explode_at_the_start():
    without, with_it = column("batch_norm", "first_against_last")
    assert 0.2 < without < 5
    # Yang et al. 2019 give the factor of one layer; thirty of them magnify what is left of chance.
    assert with_it ** (1 / 29) == pytest.approx(np.sqrt(np.pi / (np.pi - 1)), abs=0.02)


@pytest.mark.parametrize(
    ("module", "name", "value", "outcome"),
    [
        (blame, "ACTIVATIONS", ("identity",), 0),
        (blame, "ACTIVATIONS", ("relu", "tanh"), 1),
        (zero_input, "ACTIVATIONS", ("sigmoid", "softplus", "relu"), 2),
        (vanishing, "SHOWN", 5, 1),
        (product, "GAINS", (0.5, 1.0, 1.4), 1),
        (random_scale, "SCALES", {"a": 0.14, "b": 0.1414}, 0),
        (printed_line, "PRINTED", "np.random.randn(size_l, size_l-1) * np.sqrt(2/size_l)", 0),
        (he_typical, "DEPTH", 1, 0),
    ],
)
def test_another_network_has_another_outcome(monkeypatch, module, name, value, outcome):
    monkeypatch.setattr(module, name, value)
    # The names in the sentences are those of the whole experiment.
    if module is zero_input:
        monkeypatch.setattr(module, "BIASES", (-0.5, 0.0, 0.5))
    assert module.experiment(0).outcome == outcome
