"""Every card has its sentence and a table with the records' numbers; downloads carry their origin."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.ui.runs_by_hand import experiment, run_to_the_end
from ui.downloads import MAX_ROWS, origin, page_html, settings_table, table_csv
from ui.live_cards import run_cards


@pytest.fixture(scope="module")
def run():
    return run_to_the_end(experiment("digits", activation="relu", initializer="he_normal"))[0]


def cards(run):
    return run_cards(run, run.history.course(), run.album.snapshots[-1])


def test_cards_have_different_names_titles_sentences_and_full_tables(run):
    all_cards = cards(run)
    assert len({card.name for card in all_cards}) == len(all_cards) == 5
    for card in all_cards:
        assert card.sentence.endswith(".")
        assert len({len(column) for column in card.table.values()}) == 1


def test_a_network_without_hidden_layers_has_cards_too():
    run, _ = run_to_the_end(experiment(depth=0))
    assert "shares" not in [card.name for card in cards(run)]


def test_a_csv_holds_the_exact_numbers_under_its_origin(run):
    card = cards(run)[0]
    text = table_csv(card.table, origin(run.experiment, 49))
    first, _, rest = text.partition("\n")
    assert first.startswith("# gradcore, NumPy ")
    assert "float64" in first
    assert "seed 0" in first
    rows = list(csv.DictReader(io.StringIO(rest)))
    assert [float(row["gradient_rms"]) for row in rows] == run.history.course().grad_rms[-1].tolist()


def test_the_page_stands_alone_and_escapes(run):
    settings = settings_table(run.experiment, [(3, 0.5)])
    page = page_html("<b>", ["a & b"], cards(run), settings)
    assert "&lt;b&gt;" in page
    assert "0.5 from step 3" in page
    assert page.count("plotly.js v") == 1
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert page.count('class="plotly-graph-div"') == page.count("<details>") == 5


def test_the_page_has_the_numbers_thinned_where_they_are_many(run):
    by_name = {card.name: card for card in cards(run)}
    few, many = (page_html("t", [], [by_name[name]], {}) for name in ("gradients", "loss"))
    assert f"<td>{run.history.course().grad_rms[-1][0]:.6g}</td>" in few
    assert "<summary>The numbers</summary>" in few
    rows = len(by_name["loss"].table["step"])
    long = {name: list(column) * 3 for name, column in by_name["loss"].table.items()}
    page = page_html("t", [], [replace(by_name["loss"], table=long)], {})
    assert f"The numbers: {MAX_ROWS} of {3 * rows} rows" in page
    assert page.count("<tr><td>") == MAX_ROWS
    assert many.count("<tr><td>") == min(rows, MAX_ROWS)


def test_figures_show_the_records_numbers(run):
    by_name = {card.name: card for card in cards(run)}
    course = run.history.course()
    np.testing.assert_array_equal(by_name["gradients"].figure.data[0].y, course.grad_rms[-1])
    np.testing.assert_array_equal(by_name["update"].figure.data[0].y, course.update_ratio[-1])
    np.testing.assert_array_equal(by_name["loss"].figure.data[0].y, course.loss)
    tested = ~np.isnan(course.test_loss)
    np.testing.assert_array_equal(by_name["loss"].figure.data[1].y, course.test_loss[tested])
    np.testing.assert_array_equal(by_name["loss"].figure.data[1].x, course.step[tested])
