"""Two visitors on one server at the same time: nothing of one appears with the other, and none waits unseen."""

from tests.browser.explorer import Explorer
from tests.browser.panel import PATIENCE, Panel, wait_until_at_rest
from tests.browser.test_compare_initializers import results
from tests.browser.test_first_walk import assert_table_is, engine_record

SMALL = "compare_initializers?v=1&width=9&seeds=2&steps=20000"
ZEROS, HE = SMALL + "&variants=zeros,d4;normal,d4", SMALL + "&variants=he_normal,d4;orthogonal,d4;lsuv,d4"
# Longer than any test waits, and within what a link may ask for.
LONG = "live_training?v=1&width=512&depth=10&step=7999"


def test_two_comparisons_do_not_meet(visit):
    first, second = Panel(visit(ZEROS)), Panel(visit(HE))
    first.wait_until_step(30)
    second.wait_until_step(30)
    assert list(results(first)) == ["zeros", "N(0, 1)"]
    assert list(results(second)) == ["He normal", "orthogonal", "LSUV"]
    first.pause()
    at, rested = second.step, first.step
    second.wait_until_step(at + 20)
    assert first.step == rested
    first.page.get_by_role("button", name="zeros").first.click()
    first.page.get_by_role("button", name="Remove").click()
    first.wait_for("root.querySelectorAll('.results tbody tr').length === 1")
    assert len(results(second)) == 3


def test_two_explorers_do_not_meet(visit):
    first, second = Explorer(visit("saturation?v=1&activation=tanh")), Explorer(visit("saturation?v=1&activation=relu"))
    before, place = second.number("Mean in"), second.control("gain").input_value()
    first.drag("gain", 1.3)
    wait_until_at_rest(first.page)
    second.drag("layer", 2)
    wait_until_at_rest(second.page)
    assert second.control("gain").input_value() == place
    assert first.control("layer").input_value() != "2"
    second.drag("layer", 1)
    wait_until_at_rest(second.page)
    first_layer = Explorer(visit("saturation?v=1&activation=relu&layer=1"))
    assert second.number("Mean in") == first_layer.number("Mean in") != before
    assert (
        first.page.get_by_label("Activation").first.input_value()
        != second.page.get_by_label("Activation").first.input_value()
    )


def test_different_pages_at_once_keep_to_their_own_settings(visit):
    live, compared, explored = Panel(visit("live_training")), Panel(visit(HE)), Explorer(visit("saturation"))
    width = compared.page.get_by_label("Width").first
    width.fill("11")
    width.press("Enter")
    compared.wait_for("/new comparison/.test(root.querySelector('.status').textContent)")
    explored.drag("gain", 1)
    live.wait_until_step(60)
    live.pause()
    assert live.page.get_by_label("Width").first.input_value() == "32"
    assert_table_is(live.table(), engine_record(live.step))


def test_who_has_to_wait_sees_the_place_and_moves_up_when_others_leave(visit):
    first, second = visit(LONG), visit(LONG)
    for page in (first, second):
        page.get_by_text("Computing the run up to step").wait_for(timeout=PATIENCE)
    third, fourth = visit("compare_initializers"), None
    third.get_by_text("2 other visitors are computing; you are next").wait_for(timeout=PATIENCE)
    fourth = visit("live_training?v=1&step=40")
    fourth.get_by_text("2 other visitors are computing; 1 before you").wait_for(timeout=PATIENCE)
    # A visitor whose page needs no long computation does not wait.
    Panel(visit("live_training")).wait_until_step(5)
    first.close()
    Panel(third).wait_until_step(1)
    panel = Panel(fourth)
    panel.button("Play").wait_for(timeout=PATIENCE)
    assert panel.step == 40
    second.close()
