"""Backprop by hand in the browser: a walk by keys, what is typed, the step, what is kept, a phone, the dark."""

import re

import pytest

from tests.browser.explorer import Explorer
from tests.browser.panel import PATIENCE

KEPT = "Exact figures, CSV and link"


class ByHand(Explorer):
    @property
    def moment(self):
        return self.headline, self.root.locator(".formula").inner_text()

    @property
    def count(self):
        return self.root.locator(".count").inner_text()

    @property
    def losses(self):
        return [float(found) for found in re.findall(r"\d\.\d+", self.root.locator(".losses").inner_text())]

    def weights(self):
        """Return the table of weights: {name and unit: [below, gradient, nudged, after]}."""
        rows = self.root.locator("[data-table=weights] tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
        )
        return {tuple(row[:2]): row[3:] for row in rows}

    def typed(self, label):
        return self.root.get_by_label(label, exact=True)

    def type(self, label, value):
        self.change(self.typed(label), value)


def test_the_keyboard_walks_through_the_step_and_back(visit):
    by_hand = ByHand(visit("backprop_by_hand"))
    by_hand.root.locator(".moment").focus()
    assert by_hand.count == "1 of 21"
    assert by_hand.headline.startswith("Guess")
    seen = [by_hand.moment]
    for _ in range(20):
        by_hand.page.keyboard.press("ArrowRight")
        seen.append(by_hand.moment)
    assert len(set(seen)) == 21
    phases = list(dict.fromkeys(headline.split(":")[0] for headline, _ in seen))
    assert phases == ["Guess", "Measure", "Propagate", "Correct"]
    assert by_hand.count == "21 of 21"
    by_hand.page.keyboard.press("ArrowRight")
    assert by_hand.count == "21 of 21"
    for moment in reversed(seen[:-1]):
        by_hand.page.keyboard.press("ArrowLeft")
        assert by_hand.moment == moment
    by_hand.page.keyboard.press("End")
    assert by_hand.moment == seen[-1]
    by_hand.page.keyboard.press("Home")
    assert by_hand.moment == seen[0]


def test_the_textbooks_numbers_are_on_the_screen(visit):
    by_hand = ByHand(visit("backprop_by_hand"))
    text = by_hand.root.inner_text()
    for printed in ("0.593269992", "0.751365070", "0.772928465", "0.082167041", "0.358916480", "0.149780716"):
        assert printed in text
    for _, gradient, nudged, _ in by_hand.weights().values():
        assert float(nudged.replace("−", "-")) == pytest.approx(float(gradient.replace("−", "-")), abs=2e-9)


def test_a_typed_weight_moves_all_numbers_and_the_place_is_kept(visit):
    by_hand = ByHand(visit("backprop_by_hand"))
    by_hand.page.keyboard.press("Tab")
    by_hand.root.get_by_role("button", name="Next").click()
    before, moment, loss = by_hand.weights(), by_hand.moment, by_hand.losses[0]
    first = by_hand.root.locator("[data-table=weights] input").first
    label = first.get_attribute("aria-label")
    by_hand.type(label, "-3")
    assert by_hand.weights() != before
    assert by_hand.losses[0] != loss
    assert by_hand.count == "2 of 21"
    by_hand.type(label, "0.15")
    assert by_hand.weights() == before
    assert by_hand.moment == moment


@pytest.mark.parametrize("bad", ["1001", "", "-1e9"])
def test_what_is_no_number_is_refused_in_words_and_the_last_good_one_stays(visit, bad):
    by_hand = ByHand(visit("backprop_by_hand"))
    before, first = by_hand.weights(), by_hand.typed("Input 1")
    by_hand.change(first, bad)
    refused = by_hand.root.get_by_role("alert")
    assert refused.inner_text() == "Input 1 must be a number from −1000 to 1000; until then it stays 0.05."
    assert first.get_attribute("aria-invalid") == "true"
    first.blur()
    assert first.input_value() == "0.05"
    by_hand.type("Input 2", "0.2")
    assert refused.inner_text() == ""
    by_hand.type("Input 2", "0.1")
    assert by_hand.weights() == before


def test_targets_that_do_not_fit_the_loss_are_refused_in_words(visit):
    by_hand = ByHand(visit("backprop_by_hand?v=1&loss=own&output=softmax&t=1,0"))
    by_hand.type("Target 1", "3")
    assert by_hand.root.get_by_role("alert").inner_text().startswith("These targets don't fit the loss: ")


def test_taking_the_step_lowers_the_loss_to_what_was_foretold(visit):
    by_hand = ByHand(visit("backprop_by_hand"))
    for _ in range(3):
        now, foretold = by_hand.losses[-2:]
        assert foretold < now
        frames = by_hand.frames()
        by_hand.root.get_by_role("button", name="Take the step").click()
        by_hand.page.wait_for_function(f"performance.getEntriesByName('gradcore-frame').length > {frames}")
        assert by_hand.losses[-2] == foretold
    frames = by_hand.frames()
    by_hand.root.get_by_role("button", name="Other weights").click()
    by_hand.page.wait_for_function(f"performance.getEntriesByName('gradcore-frame').length > {frames}")
    assert len(by_hand.losses) == 2


def test_what_is_kept_has_exact_figures_and_a_link_back(visit):
    by_hand = ByHand(visit("backprop_by_hand"))
    by_hand.type("Input 1", "0.75")
    by_hand.root.get_by_role("button", name=KEPT).click()
    by_hand.page.get_by_role("button", name="CSV").nth(1).wait_for(timeout=PATIENCE)
    link = by_hand.page.locator("code", has_text="backprop_by_hand?v=1").inner_text()
    assert "x=0.75" in link
    before = by_hand.weights()
    again = ByHand(visit(link.split("/")[-1]))
    assert again.typed("Input 1").input_value() == "0.75"
    assert again.weights() == before


def test_another_form_of_network_gets_its_own_numbers(visit):
    page = visit("backprop_by_hand")
    by_hand = ByHand(page)
    page.get_by_label("Units in each").fill("4")
    page.keyboard.press("Tab")
    by_hand.root.locator("[data-table=weights] tbody tr").nth(21).wait_for(timeout=PATIENCE)
    assert len(by_hand.weights()) == 22
    assert by_hand.count.startswith("1 of ")
    assert "A network of 2-4-2 units" in by_hand.plot("network").get_attribute("aria-label")


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1440, 900), "dark")])
def test_a_phone_and_the_dark_show_all_and_scroll_one_way(visit, size, scheme):
    page = visit("backprop_by_hand?v=1&inputs=4&layers=4&units=4&outputs=4&w=&x=&t=", size=size, scheme=scheme)
    by_hand = ByHand(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The largest network has a strip of its own to scroll in.
    box = by_hand.root.locator(".charts.network").bounding_box()
    assert box["x"] + box["width"] <= size[0] + 1
    assert len(by_hand.weights()) == 100
