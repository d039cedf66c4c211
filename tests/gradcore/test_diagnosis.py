"""Proves the verdicts' rules on records made by hand: right on both sides of every threshold, layers and words right.

Verdicts on real runs, and what their remedies do, are in test_diagnosis_of_runs.py.
"""

import numpy as np
import pytest

import gradcore as gc
from gradcore.numbers import percent, readable, times
from tests.gradcore.made_records import DEPTH, HEALTHY, made, names, spec

ABOVE, BELOW = 1 + 1e-9, 1 - 1e-9


def first_layer(value, depth=DEPTH):
    """Return gradients whose first layer's is `value` times the last hidden one's, the output's own quite another."""
    return [value, *[1.0] * (depth - 1), 1e6]


# threshold, verdict, spec, numbers that stand exactly at it as a function of the threshold, on which side it holds
RULES = {
    "vanished": ("vanished", "tanh", lambda t: {"grad_rms": first_layer(t)}, BELOW),
    "exploding": ("exploding", "tanh", lambda t: {"grad_rms": first_layer(t)}, ABOVE),
    "vanished_everywhere": ("vanished", "tanh", lambda t: {"grad_rms": [t / 9, t, t / 2, t / 2, 1e-3]}, BELOW),
    "exploding_update": ("exploding", "tanh", lambda t: {"update_ratio": [0.1, t, 0.1, 0.1, 1e6]}, ABOVE),
    "saturated": ("saturated", "tanh", lambda t: {"saturated_fraction": [0, 0.1, t, 0, 1]}, 1),
    "dead": ("dead", "relu", lambda t: {"dead_fraction": [0, t, 0.1, 0, 1]}, 1),
}
LAYERS = {
    "vanished": (0,),
    "exploding": (0,),
    "vanished_everywhere": (0, 1, 2, 3),
    "exploding_update": (1,),
    "saturated": (2,),
    "dead": (1,),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("factor", [1, 0.3, 1.7])
def test_each_verdict_turns_at_its_threshold_and_a_threshold_can_be_set(rule, factor):
    name, hidden, numbers, holds = RULES[rule]
    limit = factor * getattr(gc.Thresholds(), rule)
    thresholds = gc.Thresholds(**{rule: limit})
    for side in (BELOW, 1, ABOVE):
        (verdict,) = gc.diagnose(made(**numbers(limit * side)), spec(hidden), thresholds=thresholds)
        true = side >= 1 if holds == 1 else side == holds
        assert verdict.name == (name if true else "healthy"), side
        if true:
            assert verdict.layers == LAYERS[rule]
            assert verdict.value == pytest.approx(limit * side, rel=1e-12)
            assert verdict.threshold == limit
            assert verdict.headline.startswith(name.capitalize())


# δ that is lost, or grows, by so much from the last hidden layer to the first.
FADING, GROWING = [0.99e-3, 0.01, 0.1, 1, 1], [71, 20, 5, 1, 1]


@pytest.mark.parametrize(("name", "delta", "holds"), [("vanished", FADING, BELOW), ("exploding", GROWING, ABOVE)])
def test_even_gradients_are_held_against_the_output_if_delta_fades_or_grows(name, delta, holds):
    limit = getattr(gc.Thresholds(), name)
    numbers = {"bias_grad_norm": 1e-5, "delta_rms": delta}
    (verdict,) = gc.diagnose(made(grad_rms=1e-5 * limit * holds, **numbers), spec("relu"))
    assert (verdict.name, verdict.layers, verdict.threshold) == (name, (0, 1, 2, 3), limit)
    assert verdict.value == pytest.approx(limit, rel=1e-8)
    assert "Glorot & Bengio 2010, fig. 8" in verdict.explanation
    assert names(made(grad_rms=1e-5 * limit / holds, **numbers)) == ["healthy"]
    numbers["delta_rms"] = [1.01e-3 if name == "vanished" else 69, 1, 1, 1, 1]
    assert names(made(grad_rms=1e-5 * limit * holds, **numbers)) == ["healthy"]


def test_units_that_are_equal_because_nothing_reaches_them_are_deads_doing():
    born_dead = {"dead_fraction": [0, 0.5, 1, 1, 0], "grad_rms": [0, 0, 0, 0, 0]}
    assert names(made(distinct=[5, 2, 1, 1, 1], **born_dead), spec("relu"))[0] == "dead"
    assert names(made(distinct=[5, 1, 1, 1, 1], **born_dead), spec("relu"))[0] == "symmetric units"


@pytest.mark.parametrize(("limit", "counts", "layers"), [(1, [5, 1, 4, 1, 1], (1, 3)), (2, [2, 3, 5, 5, 1], (0,))])
def test_symmetric_units_turn_at_their_threshold(limit, counts, layers):
    thresholds = gc.Thresholds(distinct_units=limit)
    (verdict,) = gc.diagnose(made(distinct=counts), spec("tanh"), thresholds=thresholds)
    assert (verdict.name, verdict.layers, verdict.value, verdict.threshold) == ("symmetric units", layers, limit, limit)
    assert gc.diagnose(made(distinct=[limit + 1] * 4 + [1]), spec("tanh"), thresholds=thresholds)[0].name == "healthy"
    assert names(made(distinct=[limit] * 5), spec("tanh", width=limit), thresholds=thresholds) == ["healthy"]


def test_the_output_layer_is_not_judged():
    last = {
        name: [HEALTHY[name]] * DEPTH + [1e9 if name != "bias_grad_norm" else 1]
        for name in ("grad_rms", "update_ratio", "delta_rms", "saturated_fraction", "dead_fraction")
    }
    for hidden in ("tanh", "relu"):
        assert names(made(distinct=[5, 5, 5, 5, 1], **last), spec(hidden)) == ["healthy"]


def test_one_sided_layers_die_and_bounded_ones_saturate():
    everything = {"saturated_fraction": 1.0, "dead_fraction": 1.0}
    for name, activation in gc.ACTIVATIONS.items():
        low, high = activation.saturation
        expected = ["saturated"] if np.isfinite([low, high]).all() else ["dead"]
        assert names(made(**everything), spec(name)) == expected
    (dead, saturated) = gc.diagnose(made(**everything), spec(("relu", "tanh", "relu", "sigmoid")))
    assert (dead.name, dead.layers) == ("dead", (0, 2))
    assert (saturated.name, saturated.layers) == ("saturated", (1, 3))


def test_layers_are_those_beyond_the_threshold_and_counted_from_one_in_words():
    (verdict,) = gc.diagnose(made(grad_rms=[1e-6, 1e-4, 1e-2, 1, 9], delta_rms=[1e-5, 1, 1, 1, 9]))
    assert (verdict.name, verdict.layers) == ("vanished", (0, 1))
    assert "layer 1 learns 1 million times more slowly than layer 4" in verdict.headline
    assert "δ: 10⁻⁵ times" in verdict.explanation
    (verdict,) = gc.diagnose(made(grad_rms=[1e5, 200, 71, 1, 9]))
    assert (verdict.name, verdict.layers) == ("exploding", (0, 1, 2))
    assert "layer 1's gradient is 100,000 times layer 4's" in verdict.headline
    (verdict,) = gc.diagnose(made(update_ratio=[11, 3, 40, 3, 3]))
    assert (verdict.name, verdict.layers) == ("exploding", (0, 2))
    assert "one update of layer 3 is 40 times its weights" in verdict.headline
    (verdict,) = gc.diagnose(made(saturated_fraction=[0.6, 0.2, 0.2, 0.8, 0]), spec("sigmoid"))
    assert (verdict.layers, verdict.value) == ((0, 3), 0.8)
    assert "80 % of layer 4 is on the flat ends of sigmoid" in verdict.headline
    (verdict,) = gc.diagnose(made(dead_fraction=[0.6, 0.9, 0.2, 0.5, 0]), spec("relu"))
    assert (verdict.layers, verdict.value) == ((0, 1, 3), 0.9)
    assert "90 % of layer 2's units" in verdict.headline
    for counts, words in (
        ([1, 1, 1, 1, 1], "layers 1 to 4"),
        ([1, 3, 1, 3, 1], "layers 1, 3"),
        ([3, 1, 3, 3, 1], "layer 2"),
    ):
        (verdict,) = gc.diagnose(made(distinct=counts))
        assert f"every unit of {words} computes the same" in verdict.headline


def all_verdicts():
    judged = [
        gc.diagnose(made(**numbers(getattr(gc.Thresholds(), rule) * (holds if holds != 1 else 1.3))), spec(hidden))
        for rule, (_, hidden, numbers, holds) in RULES.items()
    ]
    judged += [gc.diagnose(made(grad_rms=[0, 0, 1, 1, 1])), gc.diagnose(made(grad_rms=[0, 0, 0, 0, 1]))]
    judged += [gc.diagnose(made(grad_rms=rms, delta_rms=spread)) for rms, spread in ((1e-4, FADING), (1e4, GROWING))]
    judged += [gc.diagnose(made(distinct=[1] * 5)), gc.diagnose(made(7, diverged=(2, "loss"))), gc.diagnose(made())]
    return [verdict for verdicts in judged for verdict in verdicts]


def spoken(value):
    """Return the ways in which a verdict may say its number."""
    return (readable(value), times(value), times(1 / value)) if value else ("not at all", "exactly 0")


def test_every_verdict_has_its_number_in_words_and_says_what_helps():
    judged = all_verdicts()
    assert len(judged) == 13
    assert len({verdict.headline for verdict in judged}) == 13
    for verdict in judged:
        words = f"{verdict.headline} {verdict.explanation}"
        said = {
            "dead": percent(verdict.value),
            "saturated": percent(verdict.value),
            "symmetric units": "a single unit",
            "diverged": f"step {verdict.value:.0f}",
        }.get(verdict.name, spoken(verdict.value))
        assert any(text in words for text in (said if isinstance(said, tuple) else (said,))), verdict
        assert min(len(verdict.headline), len(verdict.explanation), len(verdict.fix)) > 10
        assert not np.isnan(verdict.threshold)
        assert "nan" not in words.lower()
        assert bool(verdict.remedy) == (verdict.name not in ("healthy", "diverged"))
        assert all(setting in ("hidden", "initializer", "gain") for setting in verdict.remedy)


def test_the_gravest_verdict_comes_first():
    hidden = ("relu", "tanh", "relu", "tanh")
    grave = {"saturated_fraction": 0.9, "dead_fraction": 0.9, "grad_rms": first_layer(1e-9)}
    order = ["symmetric units", "dead", "exploding", "vanished", "saturated"]
    assert names(made(distinct=[1] * 5, **grave, update_ratio=99), spec(hidden)) == order
    assert (
        names(made(distinct=[1] * 5, **{**grave, "grad_rms": first_layer(1e9)}), spec(hidden)) == order[:3] + order[4:]
    )
    assert names(made(distinct=[1] * 5, **grave, diverged=(0, "gradient")), spec(hidden)) == ["diverged"]


def test_a_ratio_is_the_median_over_the_last_ten_records_and_one_odd_batch_does_not_flip_it():
    ill, well = made(grad_rms=first_layer(1e-6)), made()
    assert names([ill] * 30 + [well] * 10) == ["healthy"]
    assert names([well] * 30 + [ill] * 10) == ["vanished"]
    assert names([ill] * 9 + [well]) == names([well] + [ill] * 9) == names([ill] * 6 + [well] * 4) == ["vanished"]
    assert names([well] * 9 + [ill]) == names([ill] + [well] * 9) == names([ill] * 4 + [well] * 6) == ["healthy"]
    # Half and half is healthy; an eleventh would turn the first of these, a window of nine the second.
    assert names([ill] * 6 + [well] * 5) == names([well] + [ill] * 5 + [well] * 4) == ["healthy"]
    saturated = made(saturated_fraction=0.9)
    assert names([well] * 9 + [saturated], spec("tanh")) == ["saturated"]  # shares are of many samples: the latest
    assert names([saturated] * 9 + [well], spec("tanh")) == ["healthy"]


def test_the_latest_count_of_units_is_judged_wherever_it_stands():
    equal, apart = made(distinct=[1] * 5), made(distinct=[5] * 5)
    assert names([equal] + [made()] * 25) == ["symmetric units"]
    assert names([equal, *[made()] * 5, apart, *[made()] * 25]) == ["healthy"]
    assert names([apart, equal, made()]) == ["symmetric units"]
