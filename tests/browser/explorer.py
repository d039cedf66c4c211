"""What a visitor does with an explorer, and sees on it."""

from tests.browser.panel import PATIENCE

# Frames that answer what was dragged or typed; a quarter of a second later another one comes, without a change.
ANSWERS = "performance.getEntriesByName('gradcore-frame').filter(mark => mark.detail.since)"


class Explorer:
    """The panel in a visitor's terms."""

    def __init__(self, page):
        self.page, self.root = page, page.locator("section.explorer")
        self.root.wait_for(timeout=PATIENCE)
        page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 0", timeout=PATIENCE)

    @property
    def headline(self):
        return self.root.locator(".headline").inner_text()

    def number(self, name):
        return self.root.locator(".numbers tr", has_text=name).first.locator("td").inner_text()

    def control(self, name):
        return self.root.locator(f"[data-drag={name}]").first

    def drag(self, name, value):
        """Set a control and return the ms from there to the painted answer."""
        self.change(self.control(name), value)
        return self.page.evaluate(f"(mark => mark.startTime - mark.detail.since)({ANSWERS}.at(-1))")

    def change(self, control, value):
        """Set a control and wait until what it makes of the numbers is drawn."""
        count = self.page.evaluate(f"{ANSWERS}.length")
        control.fill(str(value))
        self.page.wait_for_function(f"{ANSWERS}.length > {count}", timeout=PATIENCE)

    def plot(self, name):
        """Return where a chart is drawn."""
        return self.root.locator(f"[data-chart={name}] .plot")

    def charts(self):
        """Return the names of the charts that are drawn."""
        names = "plots => plots.map(plot => plot.closest('[data-chart]').dataset.chart)"
        return self.root.locator(".js-plotly-plot").evaluate_all(names)

    def frames(self):
        return self.page.evaluate("performance.getEntriesByName('gradcore-frame').length")
