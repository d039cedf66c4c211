"""The walk of a newcomer: it moves, it has vanished, one change mends it; what is shown is what the engine says."""

import re
from itertools import islice

import numpy as np
import pytest

import gradcore as gc
from tests.browser.panel import PATIENCE, Panel, number, wait_until_at_rest
from ui import controls
from ui.data_sets import load
from ui.live_panel.frames import frames_of
from ui.live_panel.packets import charts as charts_of
from ui.runs import LiveRun


def engine_record(step, **changes):
    """Return the engine's own record of a step of the default experiment, changed so."""
    experiment = controls.default_experiment()
    fields = {"sizes": experiment.spec.sizes, "hidden": "sigmoid", "initializer": "xavier_normal", **changes}
    spec = gc.NetworkSpec(**fields)
    records = gc.train(spec, experiment.tspec, load(experiment.dataset, experiment.noise), experiment.seed)
    return next(islice(records, step, None))


def assert_table_is(table, record):
    rms = record.stats.grad_rms
    np.testing.assert_allclose([row[0] for row in table], rms, rtol=5.1e-3)
    np.testing.assert_allclose([row[1] for row in table], record.stats.grad_norm, rtol=5.1e-3)
    np.testing.assert_allclose([row[2] for row in table], rms / rms[-2], rtol=5.1e-3)
    np.testing.assert_allclose([row[3] for row in table], record.stats.saturated_fraction, atol=5.1e-4)
    np.testing.assert_allclose([row[4] for row in table], record.stats.dead_fraction, atol=5.1e-4)
    np.testing.assert_allclose([row[5] for row in table], record.stats.update_ratio, rtol=5.1e-3)


@pytest.mark.parametrize("path", ["", "live_training"])
def test_it_moves_without_a_click_and_says_vanished(visit, path):
    panel = Panel(visit(path))
    panel.wait_until_step(50)
    assert panel.headline.startswith("Vanished: layer 1 learns")
    first = panel.step
    panel.wait_until_step(first + 50)
    assert len({step for _, step in panel.frames()}) > 10


def test_after_one_change_the_same_network_learns(visit):
    panel = Panel(visit("live_training"))
    panel.wait_for_headline("Vanished")
    panel.button("Try ReLU with He normal").click()
    panel.wait_for_headline("Healthy")
    panel.root.locator("select.speed").select_option("20")
    accuracy = "root.querySelector('[data-chart=accuracy] figcaption')?.textContent.match(/test ([\\d.]+)/)?.[1]"
    panel.wait_for(f"Number({accuracy}) >= 93")


def test_a_remedy_on_the_home_screen_goes_to_live_training(visit):
    page = visit()
    Panel(page).wait_for_headline("Vanished")
    Panel(page).button("Try ReLU with He normal").click()
    page.wait_for_url("**/live_training")
    panel = Panel(page)
    panel.wait_for_headline("Healthy")
    page.get_by_label("Activation", exact=True).wait_for()


def test_pause_stops_within_100_ms_and_the_numbers_are_the_engines(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(100)
    clicked = panel.button("Pause").evaluate("button => { const now = performance.now(); button.click(); return now; }")
    wait_until_at_rest(page)
    assert panel.frames()[-1][0] - clicked < 100
    assert panel.step == panel.frames()[-1][1]
    assert_table_is(panel.table(), engine_record(panel.step))


def test_one_mini_batch_is_one_step(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(20)
    panel.pause()
    step = panel.step
    for clicks in range(1, 4):
        panel.button("One mini-batch").click()
        panel.wait_until_step(step + clicks)
        assert panel.step == step + clicks
    assert_table_is(panel.table(), engine_record(step + 3))


def test_the_same_weights_again_give_the_same_run(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(200)
    panel.button("Same weights again").click()
    panel.wait_for("Number(root.querySelector('.clock').textContent.match(/step ([\\d,]+)/)[1]) < 150")
    panel.wait_until_step(30)
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step))


def test_scrubbing_brings_a_recorded_step_back(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(100)
    panel.pause()
    panel.root.locator("input.scrub").fill("42")
    assert panel.step == 42
    assert_table_is(panel.table(), engine_record(42))


GRADIENTS = "[data-chart=gradients] .plot"


def test_at_a_pause_the_figure_has_the_engines_numbers_and_what_can_be_taken_along(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(50)
    panel.pause()
    page.get_by_role("button", name="CSV").nth(3).wait_for(timeout=PATIENCE)
    page.get_by_text(f"Up to step {panel.step}, where you paused").wait_for(timeout=PATIENCE)
    expected = engine_record(panel.step).stats.grad_rms.tolist()
    assert panel.root.locator(GRADIENTS).evaluate("plot => Array.from(plot._fullData[0].y)") == expected
    # What the browser has filled in is what Python does.
    run = LiveRun(controls.default_experiment())
    run.restore(panel.step, (), lambda share: None)
    charts, frames = charts_of(run, alone=True), frames_of(run, run.history.course(), None)
    bars = next(chart for chart in charts if chart.name == "gradients").filled(frames).data[0]
    assert list(bars.y) == expected
    colors = panel.root.locator(GRADIENTS).evaluate("plot => Array.from(plot._fullData[0].marker.color)")
    assert colors == pytest.approx(list(bars.marker.color), abs=1e-5)


def test_hover_says_the_engines_number_while_it_plays(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(20)
    bars = panel.root.locator(f"{GRADIENTS} .bars path").first
    box = bars.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3)  # on a log axis a bar goes on below the axis
    panel.wait_for("root.querySelector('.hoverlayer .hovertext')")
    said = panel.root.evaluate(
        """async root => {
            const seen = [], plot = root.querySelector('[data-chart=gradients] .plot');
            for (let i = 0; i < 400 && seen.length < 3; i++) {
                await new Promise(requestAnimationFrame);
                const text = root.querySelector('.hoverlayer .hovertext')?.textContent;
                if (text && seen.at(-1)?.[1] !== text) seen.push([Array.from(plot.data[0].y), text]);
            }
            return seen;
        }"""
    )
    assert len({text for _, text in said}) >= 2, "the number stands still"
    panel.pause()
    shown = panel.root.evaluate("root => root.querySelector('.hoverlayer .hovertext')?.textContent")
    if shown is not None:
        assert float(re.search(r"layer 1: ([\d.e−-]+)", shown)[1].replace("−", "-")) == pytest.approx(
            engine_record(panel.step).stats.grad_rms[0], rel=1e-5
        )


def test_a_zoom_is_kept_while_it_plays(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(20)
    # As a drag over the figure does it, with the event that Plotly sends then.
    panel.root.locator("[data-chart=loss] .plot").evaluate(
        "plot => Plotly.relayout(plot, {'xaxis.range[0]': 2, 'xaxis.range[1]': 9})"
    )
    panel.wait_until_step(panel.step + 60)
    axis = panel.root.locator("[data-chart=loss] .plot").evaluate("plot => plot._fullLayout.xaxis.range")
    assert axis == [2, 9]


def test_coming_back_finds_the_run(visit):
    page = visit("live_training")
    panel = Panel(page)
    panel.wait_until_step(150)
    left_at = panel.step
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="Why does a deep network stop learning?").wait_for()
    page.get_by_role("link", name="Live training").click()
    page.get_by_role("heading", name="Live training").wait_for()
    panel = Panel(page)
    panel.wait_until_step(left_at)
    assert "step" in panel.root.locator(".clock").inner_text()


def test_numbers_are_read_as_they_are_written():
    texts = {"2.09·10⁻⁸": 2.09e-8, "10⁻³": 1e-3, "exactly 0": 0.0, "0.0283": 0.0283, "∞": float("inf")}
    assert {text: number(text) for text in texts} == texts


def test_no_change_of_a_control_is_lost_while_it_trains(visit):
    page = visit("live_training")
    panel = Panel(page)
    box = page.get_by_role("combobox", name="Initializer")
    for name, headline in (("zeros", "Symmetric"), ("Xavier normal", "Vanished")) * 6:
        panel.wait_until_step(30)
        box.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        panel.wait_for_headline(headline)


def test_no_page_stays_empty_however_one_walks_through_them(visit):
    # A panel that asked for more just then once called its own page back: one switch in forty ended on an empty page.
    page = visit("live_training")
    Panel(page).wait_until_step(5)
    headings = {"Home": "Why does a deep network stop learning?"}
    for turn in range(30):
        name = ("Home", "Live training", "Compare initializers")[turn % 3]
        page.get_by_role("link", name=name, exact=True).first.click()
        page.get_by_role("heading", name=headings.get(name, name), exact=True).wait_for(timeout=PATIENCE)
        page.locator("section.panel .js-plotly-plot").first.wait_for(timeout=PATIENCE)
        # Nothing to wait for: a panel asks every half second, and these are eight moments all over that time.
        page.wait_for_timeout(100 + 61 * (turn % 8))
    page.go_back()
    page.get_by_role("heading", name="Live training", exact=True).wait_for(timeout=PATIENCE)
    page.locator("section.panel .js-plotly-plot").first.wait_for(timeout=PATIENCE)


def test_without_plotly_the_panel_says_so_and_words_and_tables_go_on(visit):
    page = visit()
    Panel(page).wait_until_step(1)  # at home, with its charts
    library = "**/plotly-cartesian.min.js*"
    # As a server answers that lacks the file: with something else.
    page.route(library, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{page.url.rstrip('/')}/live_training")
    panel = Panel(page)
    notice = panel.root.get_by_role("alert")
    notice.wait_for(timeout=PATIENCE)
    assert "plotly.js, could not be loaded" in notice.inner_text()
    panel.wait_until_step(60)
    panel.wait_for_headline("Vanished")
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step))
    assert panel.root.locator(".js-plotly-plot").count() == 0
    page.unroute(library)
    notice.get_by_role("button", name="Try again").click()
    panel.root.locator("[data-chart=gradients] .js-plotly-plot").wait_for(timeout=PATIENCE)
    assert panel.root.get_by_role("alert").count() == 0
    panel.button("Play").click()
    panel.wait_until_step(panel.step + 20)


def test_on_the_linear_axis_the_first_layers_are_gone(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(30)
    panel.pause()
    charts = [panel.root.locator(f"[data-chart={name}] .plot") for name in ("gradients", "linear")]
    assert [chart.is_visible() for chart in charts] == [True, False]
    panel.root.get_by_role("checkbox", name="linear axis").check()
    charts[1].locator(".bars .point path").first.wait_for(state="attached", timeout=PATIENCE)
    assert [chart.is_visible() for chart in charts] == [False, True]
    rms = engine_record(panel.step).stats.grad_rms
    # What one sees: heights in pixels. A bar of under a pixel is gone.
    tall = charts[1].locator(".bars .point path").evaluate_all("bars => bars.map(bar => bar.getBBox().height)")
    shares = [height / max(tall) for height in tall[: len(rms)]]
    np.testing.assert_allclose(shares, rms / rms.max(), atol=0.02)
    assert sum(height < 1 for height in tall[: len(rms)]) >= 6
