"""What must not happen while one looks: nodes put up anew, blank charts, a figure that forgets how it was left."""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.live.visitor import FIND_PANEL, PATIENCE, Row, open_scene, pause_ms

MINUTE = 60
# Whether a chart has something on it.
DRAWN = """(root, name) => {
  const plot = root.querySelector(`[data-chart=${name}] .js-plotly-plot`);
  return plot !== null && plot.querySelector('.plot path, .plot image, .heatmaplayer image') !== null;
}"""
# What is put up: the places of all charts, and the graphs in them.
PUT_UP = "root => [root, ...root.querySelectorAll('figure, .plot, .main-svg, .verdict')]"


def steadiness(browser: Browser, address: str, name: str, path: str, chart: str) -> list[Row]:
    """Watch a run for a minute for graphs put up anew and for looks at which a chart is blank."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(2000)
    panel = page.evaluate_handle(FIND_PANEL)
    nodes = panel.evaluate(f"root => {{ window.nodes = ({PUT_UP})(root); return window.nodes.length; }}")
    blank = 0
    for _ in range(MINUTE * 4):
        page.wait_for_timeout(250)
        blank += not panel.evaluate(DRAWN, chart)
    gone = panel.evaluate("() => window.nodes.filter(node => !node.isConnected).length")
    page.context.close()
    return [
        Row(f"{name}: graphs and places put up anew in a minute, of {nodes}", str(gone), "0"),
        Row(f"{name}: blank charts ({chart}) in {MINUTE * 4} looks over a minute", str(blank), "0"),
    ]


def plotly_untouched(browser: Browser, address: str, path: str) -> list[Row]:
    """Zoom a figure at rest, let it play on, and look again."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(2000)
    pause_ms(page)
    plot = page.locator("[data-chart=loss] .js-plotly-plot")
    plot.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(2000)
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_timeout(500)
    state = "plot => JSON.stringify(plot._fullLayout.xaxis.range)"
    before = plot.evaluate(state)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(5000)
    kept = "yes" if before == plot.evaluate(state) else "no"
    page.context.close()
    return [Row("zoom kept while it plays on", kept, "yes")]
