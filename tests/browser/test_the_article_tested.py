"""The article's claims in a browser: predict by keyboard, run, go on, follow a link; a phone, the dark."""

import pytest

from tests.browser.panel import PATIENCE, Panel

PAGE = "the_article_tested"


def heading(page, name):
    page.get_by_role("heading", name=name, exact=True).first.wait_for(timeout=PATIENCE)


def test_predict_by_keyboard_run_and_go_on(visit):
    page = visit(PAGE)
    page.get_by_role("heading", name="Of 74 biases none is 1").wait_for(timeout=PATIENCE)
    page.locator(".js-plotly-plot").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Next claim").click()
    heading(page, "A bias keeps neurons active at input 0")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    run = page.get_by_role("button", name="Run the experiment")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "[...document.querySelectorAll('button')].some(b => b.innerText.includes('Run the exp') && !b.disabled)",
        timeout=PATIENCE,
    )
    run.focus()
    page.keyboard.press("Enter")
    page.get_by_text("You predicted it").wait_for(timeout=PATIENCE)
    page.get_by_text("1 of 18 tried").wait_for(timeout=PATIENCE)
    page.locator(".js-plotly-plot").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Next claim").click()
    heading(page, "A good start keeps activations alive")


def test_a_claim_leads_into_a_screen_with_its_settings(visit):
    page = visit(f"{PAGE}?v=1&claim=product")
    page.get_by_role("button", name="Just show me").click()
    page.get_by_role("link", name="Watch it explode").click()
    heading(page, "Live training")
    Panel(page).wait_until_step(0)
    assert "gain=2" in page.url
    panel = Panel(page)
    panel.wait_for("/Exploding|Diverged/.test(root.querySelector('.verdict h2').textContent)")


def test_a_bad_link_is_told(visit):
    page = visit(f"{PAGE}?v=1&claim=<img src=x onerror=alert(1)>")
    page.get_by_text("This link can't be restored").wait_for(timeout=PATIENCE)
    heading(page, "A bias is always 1")


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1440, 900), "dark")])
@pytest.mark.parametrize("claim", ["printed_line", "mixed_layers"])
def test_a_phone_and_the_dark_show_all_and_scroll_one_way(visit, size, scheme, claim):
    page = visit(f"{PAGE}?v=1&claim={claim}", size=size, scheme=scheme)
    page.get_by_role("button", name="Just show me").click()
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for(timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = chart.bounding_box()
    assert box["width"] > 250
    assert box["x"] + box["width"] <= size[0] + 1
    title = page.locator(".st-key-tested h2").bounding_box()
    listed = page.locator(".st-key-claims").bounding_box()
    # Beside each other on a wide screen; on a phone the claim comes first.
    assert (listed["y"] > box["y"]) if size[0] < 640 else (listed["x"] < title["x"] and listed["y"] < box["y"])


def test_claim_question_answer_and_figure_fit_the_first_view(visit):
    page = visit(f"{PAGE}?v=1&claim=blame")
    page.get_by_role("button", name="Just show me").click()
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for(timeout=PATIENCE)
    box = chart.bounding_box()
    assert box["y"] + box["height"] <= 900
