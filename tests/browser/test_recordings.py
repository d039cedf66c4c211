"""What is seen first plays from a recording that says so, and goes on live without a gap, or when one wants it."""

import itertools
import re

import pytest

from tests.browser.panel import PATIENCE, Panel
from tests.browser.test_first_walk import assert_table_is, engine_record

LAST = 299
MOST_SKIPPED = 13


def clock(panel):
    return panel.root.locator(".clock").inner_text()


@pytest.mark.parametrize("path", ["", "live_training", "compare_initializers", "talk?v=1&scene=5", "talk?v=1&scene=8"])
def test_it_plays_at_once_as_a_recording_and_goes_on_live(visit, path):
    panel = Panel(visit(path))
    panel.wait_until_step(0)
    assert clock(panel).endswith("recorded")
    panel.wait_until_step(LAST + 20)
    assert "recorded" not in clock(panel)
    panel.pause()
    steps = [step for _, step in panel.frames()]
    assert steps == sorted(steps)
    early = [step for step in steps if step <= LAST + 5]
    # From the first to behind the last recorded one; a machine that draws slowly leaves frames out, never many at once.
    assert early[0] == 0
    assert early[-1] > LAST - 5 * MOST_SKIPPED
    assert max(after - before for before, after in itertools.pairwise(early)) <= 5 * MOST_SKIPPED


def test_the_button_makes_it_live_from_the_step_shown(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(20)
    panel.pause()
    panel.button("Go live").click()
    panel.wait_for("/Live from step/.test(root.querySelector('.status').textContent)")
    first = int(re.search(r"Live from step ([\d,]+)", panel.root.locator(".status").inner_text())[1].replace(",", ""))
    assert 20 < first < LAST
    panel.wait_until_step(first + 30)
    assert not panel.root.get_by_role("button", name="Go live").is_visible()
    panel.pause()
    steps = [step for _, step in panel.frames()]
    assert steps == sorted(steps)
    assert_table_is(panel.table(), engine_record(panel.step))


# While a question of the panel is under way: its answer, or the pause's, comes after the click on "Go live".
PAUSE_AND_GO_LIVE = """root => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...data) {
        WebSocket.prototype.send = send;
        setTimeout(() => root.querySelector(".play").click(), 10);
        setTimeout(() => root.querySelector(".live").click(), 100);
        return send.apply(this, data);
    };
}"""


def test_the_button_right_after_a_pause_is_not_undone_by_a_late_answer(visit):
    for _ in range(3):
        panel = Panel(visit("live_training"))
        panel.wait_until_step(10)
        panel.root.evaluate(PAUSE_AND_GO_LIVE)
        panel.wait_for("/Live from step/.test(root.querySelector('.status').textContent)")
    panel.wait_until_step(LAST)
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step))


def test_a_pause_while_it_plays_shows_what_the_server_computed(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(60)
    panel.pause()
    at = panel.step
    assert at < LAST
    assert_table_is(panel.table(), engine_record(at))
    panel.page.get_by_text(f"Up to step {at}, where you paused").wait_for(timeout=PATIENCE)
    panel.button("One mini-batch").click()
    panel.page.get_by_text(f"Up to step {at + 1}, where you paused").wait_for(timeout=PATIENCE)
    panel.button("Play").click()
    panel.wait_until_step(LAST + 20)


def test_a_new_learning_rate_holds_from_the_step_shown(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(50)
    box = panel.page.get_by_role("combobox", name="Learning rate")
    box.fill("0.5")
    box.press("Enter")
    panel.wait_for("/Learning rate 0.5 from step/.test(root.querySelector('.status').textContent)")
    said = panel.root.locator(".status").inner_text()
    assert int(re.search(r"from step ([\d,]+)", said)[1].replace(",", "")) < LAST
    panel.wait_until_step(LAST + 20)
    assert "recorded" not in clock(panel)


def test_the_same_weights_again_are_trained_live(visit):
    panel = Panel(visit("live_training"))
    panel.wait_until_step(30)
    panel.button("Same weights again").click()
    panel.wait_for("/same weights again/.test(root.querySelector('.status').textContent)")
    panel.wait_until_step(40)
    assert "recorded" not in clock(panel)
    panel.pause()
    assert_table_is(panel.table(), engine_record(panel.step))


def test_other_settings_have_no_recording(visit):
    panel = Panel(visit("live_training?v=1&seed=3"))
    panel.wait_until_step(10)
    assert "recorded" not in clock(panel)
    assert not panel.root.get_by_role("button", name="Go live").is_visible()
