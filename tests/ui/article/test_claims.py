"""The list of claims: all are there, and each leads into our screens with settings that these read."""

from pathlib import Path

import pytest

from ui import links as live_links
from ui import ways
from ui.article.claim import VERDICTS, Claim
from ui.article.claims import CLAIMS
from ui.article.running import EXPERIMENTS
from ui.comparison import links as comparison_links
from ui.comparison.presets import PRESETS
from ui.comparison.setup import Setup, Variant, names
from ui.explorers import links as explorer_links
from ui.explorers.by_hand.setup import SCREEN as BY_HAND
from ui.explorers.flow.setup import SCREEN as FLOW
from ui.explorers.saturation.setup import SCREEN as SATURATION

# What the article says, row by row, and two that are often believed: each has its claim and its verdict.
ROWS = {
    "layers, weighted sum, a bias is 1": ("bias", "wrong"),
    "a bias guarantees activation at input 0": ("zero_input", "wrong"),
    "initialization keeps activations": ("forward_signal", "true"),
    "cost, gradient descent, backpropagation": ("descent", "true"),
    "same or different activations, probabilities": ("mixed_layers", "true"),
    "vanishing": ("vanishing", "true"),
    "sigmoid squashes and saturates": ("sigmoid_slope", "true"),
    "exploding is due to the weights": ("blame", "wrong"),
    "a product of numbers": ("product", "true"),
    "zeros make a linear model": ("zeros", "loose"),
    "random works with ReLU": ("random_scale", "true with a condition"),
    "weights near 1": ("weight_size", "loose"),
    "He": ("he_typical", "true with a condition"),
    "Xavier": ("xavier_law", "loose"),
    "the line of code": ("printed_line", "wrong"),
    "heuristics help": ("heuristics", "true"),
    "PyTorch's default": ("pytorch_default", "wrong"),
    "batch normalization": ("batch_norm", "wrong"),
}
PARSERS = {
    ways.LIVE: live_links.read,
    ways.COMPARE: comparison_links.read,
    ways.SATURATION: lambda parts: explorer_links.read(SATURATION, parts),
    ways.FLOW: lambda parts: explorer_links.read(FLOW, parts),
    ways.BY_HAND: lambda parts: explorer_links.read(BY_HAND, parts),
}
ROOT = Path(__file__).parents[3]
WAYS = [(name, number) for name, claim in CLAIMS.items() for number in range(len(claim.ways))]


def test_every_row_has_its_claim_and_every_claim_its_experiment():
    assert [name for name, _ in ROWS.values()] == list(CLAIMS) == list(EXPERIMENTS)
    assert {name: claim.verdict for name, claim in CLAIMS.items()} == dict(ROWS.values())


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.name)
def test_a_claim_is_complete_and_its_words_are_ours(claim):
    assert len(set(claim.options)) == len(claim.options) == 3
    assert claim.question.endswith("?")
    assert claim.title
    assert len(claim.says) > 30
    assert len(claim.holds) > 100
    assert claim.place.startswith(("The article, ", "Not in the article"))
    assert any(way.query for way in claim.ways)


@pytest.mark.parametrize(("name", "number"), WAYS)
def test_each_way_is_read_by_the_screen_it_leads_to(name, number):
    way = CLAIMS[name].ways[number]
    assert (ROOT / way.page).exists()
    PARSERS[way.page](way.parts)


def test_ways_bring_the_settings_that_were_meant():
    exploding = live_links.read(CLAIMS["product"].ways[0].parts).values
    assert exploding == {"activation": "relu", "initializer": "he_normal", "gain": 2.0}
    mixed = live_links.read(CLAIMS["mixed_layers"].ways[0].parts).values
    assert mixed == {"depth": 4, "activations": "tanh,relu,elu,softsign"}
    same = comparison_links.read(CLAIMS["blame"].ways[0].parts).setup
    assert same == PRESETS["The same He weights, four activations"]
    gains = comparison_links.read(CLAIMS["forward_signal"].ways[0].parts).setup
    assert [variant.gain for variant in gains.variants] == [0.25, 0.5, 1, 2, 4]
    assert explorer_links.read(SATURATION, CLAIMS["zero_input"].ways[0].parts) == {
        "activation": "relu", "initializer": "he_normal", "source": "normal",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", [name for name, claim in CLAIMS.items() for way in claim.ways if way.page == ways.COMPARE]
)
def test_what_is_compared_can_be_told_apart(name):
    setup = comparison_links.read(CLAIMS[name].ways[0].parts).setup
    assert len(set(names(setup.variants))) == len(setup.variants)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ways.live("", activation="cubic"),
        lambda: ways.live("", depth=101),
        lambda: ways.saturation("", depth=31),
        lambda: ways.compare("", Setup((Variant(depth=101),))),
    ],
)
def test_a_way_with_settings_that_make_no_sense_is_refused_where_it_is_written(wrong):
    with pytest.raises((ValueError, KeyError)):
        wrong()


def test_a_verdict_is_one_of_four():
    with pytest.raises(ValueError, match="verdict must be one of true, "):
        Claim("a", "a", "a", "a", "a?", ("b",), "maybe", "a", ())
    assert len(VERDICTS) == 4
