"""What must not happen while one looks: nodes put up anew, blank charts, a figure that forgets how it was left."""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.live.visitor import FIND_PANEL, PATIENCE, Row, open_scene, pause_ms

MINUTE = 60
# Whether all canvases of a class have something on them.
DRAWN = """(root, name) => {
  const found = [...root.querySelectorAll('canvas.' + name)];
  return found.length > 0 && found.every(canvas => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some(value => value !== 0);
  });
}"""


def steadiness(browser: Browser, address: str, name: str, path: str, chart: str) -> list[Row]:
    """Watch a run for a minute for nodes put up anew and for frames in which the chart of a class is blank."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(2000)
    panel = page.evaluate_handle(FIND_PANEL)
    nodes = panel.evaluate("root => { window.nodes = [...root.querySelectorAll('*')]; return window.nodes.length; }")
    blank = 0
    for _ in range(MINUTE * 4):
        page.wait_for_timeout(250)
        blank += not panel.evaluate(DRAWN, chart)
    gone = panel.evaluate("() => window.nodes.filter(node => !node.isConnected).length")
    page.context.close()
    return [
        Row(f"{name}: nodes put up anew in a minute, of {nodes}", str(gone), "0"),
        Row(f"{name}: blank charts ({chart}) in {MINUTE * 4} looks over a minute", str(blank), "0"),
    ]


def plotly_untouched(browser: Browser, address: str, path: str) -> list[Row]:
    """Zoom a figure and hide a legend entry at rest, and look again after the page has idled."""
    page = open_scene(browser, address, path)
    page.wait_for_timeout(2000)
    pause_ms(page)
    plot = page.locator(".js-plotly-plot").nth(2)
    plot.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(2000)
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    plot.locator(".legendtoggle").first.click()
    page.wait_for_timeout(1500)
    state = "plot => JSON.stringify([plot.layout.xaxis.range, plot.data.map(trace => trace.visible)])"
    before = plot.evaluate(state)
    page.wait_for_timeout(5000)
    kept = "yes" if before == plot.evaluate(state) and "legendonly" in before else "no"
    page.context.close()
    return [Row("zoom and hidden legend entry kept at rest", kept, "yes")]
