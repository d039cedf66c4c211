"""WCAG 2.2 AA by axe: every screen, light and dark, against what a page of Streamlit's bare widgets shows."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from benchmarks.browser import app
from tests.browser.panel import PATIENCE, Panel, wait_until_at_rest

# Contrast is ours to mend (the theme can), so it counts even where bare widgets have it, too.
OURS = "color-contrast"
GRAVE = ("serious", "critical")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
BARE = """
import streamlit as st
st.set_page_config(page_title="bare", layout="wide")
st.title("Bare widgets")
st.selectbox("A choice", ["a", "b"], index=None)
st.number_input("A number", 0, 9)
st.toggle("A switch")
st.segmented_control("Segments", ["a", "b"])
with st.popover("More"):
    st.text_input("Text")
st.code("code", wrap_lines=True)
st.dataframe({"a": [1, 2]})
st.download_button("Data", "x")
import plotly.graph_objects as go
st.plotly_chart(go.Figure(go.Scatter(y=[1, 2])))
"""
PANELS = ["", "live_training", "compare_initializers", "saturation", "gradient_flow", "backprop_by_hand", "talk"]


def grave(page):
    """Return {rule: elements} of the serious and critical findings."""
    found = Axe().run(page, options=RULES).response["violations"]
    return {rule["id"]: [node["html"][:200] for node in rule["nodes"]] for rule in found if rule["impact"] in GRAVE}


@pytest.fixture(scope="module")
def bare_findings(chromium, tmp_path_factory):
    """Return the rules that a page of bare widgets breaks."""
    folder = tmp_path_factory.mktemp("bare")
    script = folder / "app.py"
    script.write_text(BARE)
    with app(folder / "log.txt", script) as (address, _):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(address)
        page.locator(".js-plotly-plot").wait_for(timeout=PATIENCE)
        found = grave(page)
        context.close()
    return set(found) - {OURS}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", PANELS)
def test_axe_finds_nothing_grave(visit, bare_findings, screen, scheme):
    page = visit(screen, scheme=scheme)
    page.locator("section.panel").first.wait_for(timeout=PATIENCE)
    page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 0", timeout=PATIENCE)
    if page.get_by_role("button", name="Pause").count():
        Panel(page).pause()
        wait_until_at_rest(page)
    found = grave(page)
    assert {rule: nodes for rule, nodes in found.items() if rule not in bare_findings} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_a_claim_before_and_after_it_is_run(visit, bare_findings, scheme):
    page = visit("the_article_tested?v=1&claim=blame", scheme=scheme)
    show = page.get_by_role("button", name="Just show me")
    show.wait_for(timeout=PATIENCE)
    before = grave(page)
    show.click()
    page.locator(".js-plotly-plot").first.wait_for(timeout=PATIENCE)
    wait_until_at_rest(page)
    for found in (before, grave(page)):
        assert {rule: nodes for rule, nodes in found.items() if rule not in bare_findings} == {}


def test_axe_would_have_found_something(visit):
    page = visit("")
    page.locator("section.panel").first.wait_for(timeout=PATIENCE)
    pale = '<p style="color:#ccc;background:#fff">pale</p><img src="data:,">'
    page.evaluate("html => document.querySelector('h1').insertAdjacentHTML('afterend', html)", pale)
    assert {OURS, "image-alt"} <= set(grave(page))
