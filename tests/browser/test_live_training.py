"""Live training in full: every verdict, links, controls in mid-run, what a rough visitor does."""

import re

import numpy as np
import pytest

import gradcore as gc
from tests.browser.panel import PATIENCE, Panel
from tests.browser.test_first_walk import assert_table_is, engine_record
from ui import links
from ui.data_sets import load
from ui.experiment import experiment_from
from ui.runs import LiveRun
from ui.settings import SETTINGS

VERDICTS = {
    "Vanished": {},
    "Exploding": {"activation": "tanh", "gain": 3.0, "depth": 60, "width": 64, "rate": 0.0},
    "Saturated": {"activation": "tanh", "initializer": "normal", "depth": 3, "rate": 0.01},
    "Dead": {"activation": "relu", "initializer": "he_normal", "rate": 1.0},
    "Symmetric": {"initializer": "zeros"},
    "Diverged at step 3 in layer 5": {"activation": "relu", "initializer": "he_normal", "gain": 2.0},
    "Healthy": {"activation": "relu", "initializer": "he_normal"},
}


def address(**values):
    parts = [f"{name}={SETTINGS[name].write(value)}" for name, value in values.items()]
    return "live_training?" + "&".join(["v=1", *parts])


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_comes_from_settings_that_cause_it(visit, verdict):
    panel = Panel(visit(address(**VERDICTS[verdict])))
    panel.wait_for_headline(verdict)
    assert panel.root.locator(".judged").first.inner_text() or verdict.startswith("Diverged")


def test_a_run_that_diverged_ends_and_says_where(visit):
    page = visit(address(**VERDICTS["Diverged at step 3 in layer 5"]))
    panel = Panel(page)
    panel.button("Finished").wait_for(timeout=PATIENCE)
    assert panel.step == 3
    page.locator(".js-plotly-plot").first.wait_for(timeout=PATIENCE)


def test_a_link_restores_settings_and_step_to_the_bit(visit):
    values = {"activation": "tanh", "data": "moons", "depth": 4, "width": 9, "rate": 0.2}
    page = visit(address(**values) + "&step=137&rates=50:0.05,100:0.5")
    panel = Panel(page)
    panel.button("Play").wait_for(timeout=PATIENCE)
    assert panel.step == 137
    run = LiveRun(experiment_from(values))
    run.restore(137, ((50, 0.05), (100, 0.5)), lambda share: None)
    shown = panel.root.locator("[data-chart=gradients] .plot").evaluate("plot => Array.from(plot.data[0].y)")
    assert shown == run.history.course().grad_rms[-1].tolist()
    assert page.get_by_label("Hidden layers").first.input_value() == "4"
    panel.button("Play").click()
    panel.wait_until_step(150)


def test_the_link_shown_at_pause_is_the_one_that_restores(visit):
    page = visit(address(activation="relu", initializer="he_normal"))
    panel = Panel(page)
    panel.wait_until_step(30)
    panel.pause()
    code = page.locator("[data-testid=stCode] code")
    code.wait_for(timeout=PATIENCE)
    parts = dict(part.split("=") for part in code.inner_text().strip().split("?")[1].split("&"))
    link = links.read(parts)
    assert link.step == panel.step
    assert experiment_from(link.values) == experiment_from({"activation": "relu", "initializer": "he_normal"})


@pytest.mark.parametrize(
    "query",
    [
        "v=1&depth=1000",
        "v=9",
        "v=1&activation=<script>alert(1)</script>",
        "v=1&rates=1:nan",
        "v=1&seed=**x**&step=5",
        "x",
    ],
)
def test_a_bad_link_says_so_and_shows_the_default(visit, query):
    page = visit(f"live_training?{query}")
    page.get_by_text("This link can't be restored").wait_for(timeout=PATIENCE)
    panel = Panel(page)
    panel.wait_for_headline("Vanished")
    assert page.get_by_label("Hidden layers").first.input_value() == "10"


def test_a_changed_learning_rate_holds_in_mid_run_and_says_so(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(60)
    box = page.get_by_role("combobox", name="Learning rate")
    box.click()
    page.get_by_role("option", name="0.5", exact=True).click()
    panel.wait_for("/Learning rate 0.5 from step/.test(root.querySelector('.status').textContent)")
    note = panel.root.locator(".status").inner_text()
    changed_at = int(re.search(r"from step ([\d,]+)", note)[1].replace(",", ""))
    panel.wait_until_step(changed_at + 20)
    panel.pause()
    step = panel.step
    run = LiveRun(experiment_from({}))
    run.restore(step, ((changed_at, 0.5),), lambda share: None)
    expected = run.history.course().grad_rms[-1]
    np.testing.assert_allclose([row[0] for row in panel.table()], expected, rtol=5.1e-3)


def test_a_changed_network_starts_a_new_run_and_says_so(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(100)
    width = page.get_by_label("Width").first
    width.fill("20")
    width.press("Enter")
    panel.wait_for("/new run/.test(root.querySelector('.status').textContent)")
    panel.wait_until_step(20)
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step, sizes=(64, *[20] * 10, 10)))


def test_new_weights_are_the_next_seed(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(20)
    panel.button("New weights").click()
    panel.wait_for("/new run/.test(root.querySelector('.status').textContent)")
    panel.wait_until_step(20)
    panel.pause()
    one = experiment_from({"seed": 1})
    records = gc.train(one.spec, one.tspec, load(one.dataset, one.noise), 1)
    expected = next(record for record in records if record.step == panel.step)
    assert_table_is(panel.table(), expected)


def test_bad_settings_get_a_sentence_and_nothing_is_lost(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(50)
    width = page.get_by_label("Width").first
    width.fill("1024")
    width.press("Enter")
    page.get_by_text("Choose fewer layers or a smaller width").wait_for(timeout=PATIENCE)
    width.fill("32")
    width.press("Enter")
    panel.wait_until_step(51)
    panel.wait_for_headline("Vanished")


def test_refresh_double_clicks_and_a_hammered_slider_do_no_harm(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(30)
    for _ in range(3):
        panel.root.locator(".play").dblclick()
    panel.pause()
    panel.button("One mini-batch").dblclick()
    scrub = panel.root.locator("input.scrub")
    for value in range(0, 30, 3):
        scrub.fill(str(value))
    assert panel.step == 27
    panel.button("Same weights again").dblclick()
    panel.wait_until_step(30)
    page.reload()
    panel = Panel(page)
    panel.wait_until_step(30)
    assert panel.headline.startswith("Vanished")


def test_leaving_in_mid_run_is_quick_and_coming_back_finds_it(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(150)
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="Why does a deep network stop learning?").wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="Live training").click()
    page.get_by_role("heading", name="Live training").wait_for(timeout=PATIENCE)
    panel = Panel(page)
    panel.wait_until_step(150)
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step))


def test_two_visitors_do_not_meet(visit):
    first, second = Panel(visit("live_training")), Panel(visit(address(activation="relu", initializer="he_normal")))
    first.wait_until_step(60)
    second.wait_until_step(60)
    assert first.headline.startswith("Vanished")
    assert second.headline.startswith("Healthy")
    first.pause()
    at = second.step
    second.wait_until_step(at + 20)
    assert_table_is(first.table(), engine_record(first.step))


def test_nothing_is_put_up_anew_while_it_trains(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(20)
    panel.root.evaluate(
        "root => { root.querySelectorAll('*').forEach(node => { node.known = true; }); root.known = true; }"
    )
    panel.wait_until_step(panel.step + 300)
    assert panel.root.evaluate("root => root.known && [...root.querySelectorAll('.plot')].every(node => node.known)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "live_training"])
def test_a_phone_shows_all_without_sideways_scrolling(visit, path, scheme):
    page = visit(path, size=(390, 844), scheme=scheme)
    panel = Panel(page)
    panel.wait_until_step(20)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert panel.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
    assert panel.root.locator(".plot").first.bounding_box()["y"] < 844


def test_a_hundred_layers_stay_readable(visit):
    panel = Panel(visit(address(depth=100)))
    panel.wait_for_headline("Vanished: layer 1 learns")
    panel.wait_until_step(20)
    panel.pause()
    table = panel.table()
    assert len(table) == 101
    assert 0 < table[0][0] < 1e-50
