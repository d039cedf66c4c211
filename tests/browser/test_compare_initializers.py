"""Initializers side by side: the default story, one scrubber for all, sweeps, links, bad input, a phone, the dark."""

import re
from urllib.parse import parse_qsl

import numpy as np
import pytest

from tests.browser.panel import PATIENCE, Panel, number, wait_until_at_rest
from ui.comparison import links
from ui.comparison.runs import ComparedRuns, train

HEADS = ["variant", "verdict", "ratio", "steps", "test", "saturated", "dead", "equal", "diverged"]
SMALL = "compare_initializers?v=1&width=9&seeds=2&variants=zeros,d4;he_normal,d4,arelu;xavier_normal,d4"
LIGHT = "green arrives, blue vanishes, red explodes, black is exactly 0"


def results(panel):
    """Return the table's rows by variant."""
    rows = panel.root.locator(".results tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    return {row[0]: dict(zip(HEADS[1:], row[1:], strict=True)) for row in rows}


def caption_step(panel):
    return int(re.search(r"step ([\d,]+)", panel.root.locator(".results caption").inner_text())[1].replace(",", ""))


def test_the_default_tells_the_articles_story_without_a_click(visit):
    panel = Panel(visit("compare_initializers"))
    panel.button("Finished").wait_for(timeout=PATIENCE)
    found = results(panel)
    assert list(found) == [
        "zeros",
        "N(0, 1)",
        "N(0, 0.01²)",
        "PyTorch's default",
        "He normal",
        "Xavier normal",
        "orthogonal",
    ]
    assert found["zeros"]["verdict"].startswith("Symmetric")
    assert found["zeros"]["equal"] == "10 of 10"
    assert found["N(0, 1)"]["verdict"].startswith(("Saturated", "Exploding"))
    assert number(found["N(0, 1)"]["saturated"]) > 0.5
    assert found["N(0, 0.01²)"]["verdict"].startswith("Vanished")
    assert number(found["N(0, 0.01²)"]["saturated"]) == 0
    assert found["Xavier normal"]["verdict"].startswith("Healthy")
    assert 0.1 < number(found["Xavier normal"]["ratio"]) < 10
    assert panel.headline.endswith(".")
    assert LIGHT in panel.root.locator("[data-chart=maps] figcaption").inner_text()


def test_one_scrubber_moves_all_columns_and_they_are_the_engines_own(visit):
    panel = Panel(visit(SMALL + "&steps=60"))
    panel.button("Finished").wait_for(timeout=PATIENCE)
    at_end = results(panel)
    panel.root.locator(".scrub").evaluate(
        "s => { s.value = 2; ['input', 'change'].forEach(name => s.dispatchEvent(new Event(name, {bubbles: true}))); }"
    )
    panel.wait_for("!root.querySelector('.results caption').textContent.includes('step 59')")
    step = caption_step(panel)
    assert step == panel.step < 30
    assert results(panel) != at_end
    # The names of what the pictures show carry the numbers of the same step, for every variant.
    wait_until_at_rest(panel.page)
    said = panel.root.locator("[data-chart=loss] .plot").get_attribute("aria-label")
    for name in at_end:
        assert f"{name} " in said
    setup = restored(SMALL + "&steps=60")
    runs = ComparedRuns(setup)
    while not runs.finished:
        train(runs, 5)
    columns = runs.store.columns()
    record = int(np.searchsorted(columns["step"], step))
    losses = np.median(np.asarray(columns["loss"][record], dtype=float).reshape(3, 2), axis=1)
    middle = said.removeprefix("Median loss over seeds: ").removesuffix(".")
    shown = [number(part.rsplit(" ", 1)[1]) for part in middle.split(", ") if part[-1].isdigit()]
    assert shown == pytest.approx(losses.tolist(), rel=6e-3)


def restored(address):
    return links.read(dict(parse_qsl(address.partition("?")[2]))).setup


def test_pause_and_one_mini_batch_move_all_by_one(visit):
    panel = Panel(visit(SMALL + "&steps=20000"))
    panel.wait_until_step(20)
    panel.pause()
    # Steps that were on their way when it paused come first, five at a time; behind them it is one by one.
    moves = []
    while moves[-2:] != [1, 1] and len(moves) < 80:
        before = panel.step
        panel.button("One mini-batch").click()
        panel.wait_until_step(before + 1)
        moves.append(panel.step - before)
    assert moves == [5] * (len(moves) - 2) + [1, 1]
    assert caption_step(panel) == panel.step
    panel.page.get_by_text("This link restores the comparison").wait_for(timeout=PATIENCE)
    panel.page.get_by_role("button", name="CSV").first.wait_for(timeout=PATIENCE)


# Presses again in the moment in which a step is shown, when the pause of the last press is still on its way.
PRESS_AT_ONCE = """([root, presses, patience]) => new Promise((done, fail) => {
    const clock = root.querySelector('.clock');
    const late = setTimeout(() => fail(new Error(`press ${presses} from the last was not heard`)), patience);
    const press = () => {
        if (!presses--) { clearTimeout(late); seen.disconnect(); return done(); }
        root.querySelector('.one').click();
    };
    const seen = new MutationObserver(() => queueMicrotask(press));
    seen.observe(clock, { characterData: true, childList: true, subtree: true });
    press();
})"""


def test_no_press_is_lost_however_fast_they_come(visit):
    panel = Panel(visit(SMALL + "&steps=20000"))
    panel.wait_until_step(20)
    panel.pause()
    before = panel.step
    panel.page.evaluate(PRESS_AT_ONCE, [panel.root.element_handle(), 25, PATIENCE])
    assert panel.step >= before + 25


def test_headings_sort(visit):
    panel = Panel(visit(SMALL + "&steps=40"))
    panel.button("Finished").wait_for(timeout=PATIENCE)
    heading = panel.root.locator(".results thead button").first
    heading.click()
    assert list(results(panel)) == sorted(results(panel))
    heading.focus()
    panel.page.keyboard.press("Enter")
    assert list(results(panel)) == sorted(results(panel), reverse=True)


def test_a_sweep_takes_the_place_of_the_variants(visit):
    page = visit(SMALL)
    Panel(page).wait_until_step(5)
    page.get_by_role("button", name="Sweep").click()
    page.get_by_label("Values").fill("0.5, 1, 2")
    page.get_by_label("Values").press("Enter")
    page.get_by_role("button", name="Compare these").click()
    panel = Panel(page)
    panel.wait_for(
        "root.querySelectorAll('.results tbody tr').length === 3 && "
        "root.querySelector('.results tbody th').textContent !== 'zeros'"
    )


def test_a_click_on_a_variant_opens_it_on_live_training_with_its_seed(visit):
    page = visit(SMALL + "&seed=5")
    Panel(page).wait_until_step(5)
    page.get_by_role("button", name="He normal").first.click()
    page.get_by_role("button", name=re.compile("live training", re.IGNORECASE)).click()
    page.get_by_role("heading", name="Live training").wait_for(timeout=PATIENCE)
    Panel(page).wait_until_step(1)
    assert page.get_by_label("Hidden layers").first.input_value() == "4"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("compare_initializers?v=1&variants=", "variants"),
        ("compare_initializers?v=1&seeds=17", "17"),
        ("compare_initializers?v=1&width=99999999", "99,999,999"),
        ("compare_initializers?v=9", "9"),
        ("compare_initializers?v=1&variants=<img src=x onerror=alert(1)>", "variant"),
    ],
)
def test_a_bad_link_is_told_in_words_and_the_default_runs(visit, address, words):
    page = visit(address)
    notice = page.get_by_text("This link can't be restored")
    notice.wait_for(timeout=PATIENCE)
    assert words in notice.inner_text() or words.replace(",", "") in notice.inner_text()
    Panel(page).wait_until_step(1)


def test_bad_settings_get_a_sentence_with_the_estimate_and_nothing_is_lost(visit):
    page = visit("compare_initializers")
    Panel(page).wait_until_step(5)
    width = page.get_by_label("Width").first
    width.fill("1024")
    width.press("Enter")
    refusal = page.get_by_text("this screen takes up to")
    refusal.wait_for(timeout=PATIENCE)
    assert re.search(r"about [\d,]+ MB and [\d,]+ million multiplications", refusal.inner_text())
    width.fill("16")
    width.press("Enter")
    Panel(page).wait_until_step(5)
    assert len(results(Panel(page))) == 7


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1440, 900), "dark")])
def test_a_phone_and_the_dark_show_all_and_scroll_one_way(visit, size, scheme):
    page = visit(SMALL, size=size, scheme=scheme)
    panel = Panel(page)
    panel.wait_until_step(5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("maps", "loss", "accuracy", "spread", "histogram"):
        box = panel.root.locator(f"[data-chart={name}] .plot").bounding_box()
        assert box["width"] > 150
        assert box["x"] + box["width"] <= size[0] + 1
