"""What can be kept of a comparison holds all its records and says what no axis shows: zero, Inf, NaN, no number."""

import csv
import io
import re

import numpy as np
import pytest

from gradcore.numbers import readable
from tests.ui.comparisons_by_hand import setup, trained
from ui.comparison.kept import all_records, comparison_cards
from ui.comparison.records import SCALARS
from ui.comparison.setup import Setup, Variant
from ui.downloads import page_html, table_csv
from ui.figures import light

# Healthy, without any gradient, diverged at the first step, without a hidden layer.
ALL_KINDS = setup(
    (
        Variant("he_normal", depth=3),
        Variant("zeros", depth=4),
        Variant("normal", 1000.0, "relu", 60),
        Variant(depth=0),
    ),
    steps=30, first_seed=5,
)  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    return trained(ALL_KINDS)


@pytest.fixture
def columns(runs):
    return {name: values.copy() for name, values in runs.store.columns().items()}


def cards_of(runs, columns):
    return {card.name: card for card in comparison_cards(runs, columns)}


NAMES = ["maps", "test_accuracy", "loss", "accuracy", "spread"]


def test_cards_have_titles_sentences_and_whole_tables(runs, columns):
    cards = cards_of(runs, columns)
    assert list(cards) == NAMES
    for card in cards.values():
        assert len(card.figure.layout.title.text) > 10
        assert card.sentence.endswith(".")
        assert len({len(column) for column in card.table.values()}) == 1


@pytest.mark.parametrize("name", ["test_accuracy", "loss", "accuracy", "spread"])
def test_every_variant_is_in_every_figure_and_in_its_own_color(runs, columns, name):
    shown = [trace for trace in cards_of(runs, columns)[name].figure.data if trace.name in runs.names]
    colors = {trace.name: {one.line.color for one in shown if one.name == trace.name} for trace in shown}
    assert list(colors) == runs.names
    assert len({color for (color,) in colors.values()}) == len(runs.names)


def test_the_maps_have_each_variants_layers_over_all_records(runs, columns):
    figure = cards_of(runs, columns)["maps"].figure
    for trace, depth in zip(figure.data, (3, 4, 60, 0), strict=True):
        assert np.shape(trace.z) == (len(columns["step"]), depth + 1)
    he, zeros, lost, _ = figure.data
    assert np.isfinite(he.z).all()
    assert (np.asarray(zeros.z) == light.ZERO_POWER)[:, :-1].all()
    assert np.isnan(np.asarray(lost.z)[-1]).all()


def test_what_is_exactly_zero_or_no_number_is_said(runs, columns):
    cards = cards_of(runs, columns)
    _, zeros, lost, _ = runs.names
    assert f"{zeros} exactly 0" in cards["maps"].sentence
    assert f"{lost} no gradient" in cards["maps"].sentence
    assert f"{lost} NaN" in cards["loss"].sentence


def test_curves_are_medians_and_quartiles_over_the_seeds(runs, columns):
    low, high, middle = cards_of(runs, columns)["loss"].figure.data[:3]
    expected = np.percentile(columns["loss"][:, 0].astype(float), (25, 50, 75), axis=1)
    np.testing.assert_allclose([low.y, middle.y, high.y], expected, rtol=1e-6)
    assert list(middle.x) == columns["step"].tolist()
    tested = cards_of(runs, columns)["test_accuracy"].figure.data[2]
    assert list(tested.x) == [0, 14, 24, 29]


def test_a_seed_that_is_lost_does_not_take_its_variant_along(runs, columns):
    columns["loss"][3:, 0, 1] = np.nan
    middle = cards_of(runs, columns)["loss"].figure.data[2]
    np.testing.assert_allclose(
        middle.y[3:], np.median(columns["loss"][3:, 0][:, [0, 2]].astype(float), axis=1), rtol=1e-6
    )


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_infinite_loss_is_taken_as_it_is(runs, columns, lost):
    columns["loss"][-1, 0, :lost] = np.inf
    cards = cards_of(runs, columns)
    middle = cards["loss"].figure.data[2]
    assert middle.y[-1] == np.median(columns["loss"][-1, 0])
    assert f"{runs.names[0]} {readable(middle.y[-1])}" in cards["loss"].sentence


def test_figures_and_tables_hold_the_last_records_numbers(runs, columns):
    cards = cards_of(runs, columns)
    expected = columns["gradient"][-1, 0, :4]
    np.testing.assert_allclose(np.asarray(cards["maps"].figure.data[0].z)[-1], light.as_light(expected), rtol=1e-6)
    table = cards["maps"].table
    assert list(table) == ["layer", *runs.names]
    assert table[runs.names[0]][:4] == expected.tolist()
    assert table[runs.names[1]][:5] == [0.0] * 5
    assert len(table["layer"]) == 61
    start, now = cards["spread"].figure.data[:2]
    np.testing.assert_array_equal(np.array(start.y, dtype=np.float32), columns["activation_std"][0, 0, :3])
    np.testing.assert_array_equal(now.y, columns["activation_std"][-1, 0, :3])


def test_curves_in_tables_have_the_seeds_own_numbers(runs, columns):
    table = cards_of(runs, columns)["loss"].table
    assert list(table) == ["step", *(f"{name}, seed {seed}" for name in runs.names for seed in (5, 6, 7))]
    assert table[f"{runs.names[0]}, seed 6"] == columns["loss"][:, 0, 1].tolist()


def test_a_csv_of_all_records_has_a_row_for_each_record_variant_and_seed(runs, columns):
    text = table_csv(all_records(runs, columns), "where from")
    first, _, rest = text.partition("\n")
    assert first == "# where from"
    rows = list(csv.DictReader(io.StringIO(rest)))
    assert list(rows[0]) == ["step", "variant", "seed", *SCALARS, "diverged"]
    assert len(rows) == len(columns["step"]) * 4 * 3
    keys = {(int(row["step"]), row["variant"], int(row["seed"])): row for row in rows}
    assert len(keys) == len(rows)
    for record, step in enumerate(columns["step"]):
        for variant, name in enumerate(runs.names):
            for seed in range(3):
                row = keys[step, name, 5 + seed]
                for column in (*SCALARS, "diverged"):
                    np.testing.assert_equal(float(row[column]), float(columns[column][record, variant, seed]))


def test_the_page_of_all_figures_stands_alone(runs, columns):
    page = page_html("Comparison", ["a & b"], comparison_cards(runs, columns), {"Seeds": "5 to 7"})
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert page.count('class="plotly-graph-div"') == len(NAMES)


@pytest.mark.parametrize(
    "one",
    [
        setup(data="surface", steps=12),
        setup((Variant(depth=0),), steps=12, seeds=1),
        setup((Variant("normal", 1000.0, "relu", 60),), steps=12),
        # Its loss is infinite at the first step.
        setup((Variant("normal", 5.0, "relu", 30),), width=20, steps=3, seeds=1),
        Setup(tuple(Variant(depth=depth) for depth in range(8)), "moons", width=3, steps=12, seeds=16),
    ],
)
def test_whatever_is_compared_has_cards(one):
    runs = trained(one)
    cards = cards_of(runs, runs.store.columns())
    assert ("test_accuracy" in cards) == (one.data != "surface")
    for card in cards.values():
        assert len({len(column) for column in card.table.values()}) == 1
