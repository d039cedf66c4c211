"""What a visitor does with an explorer, and sees on it."""

from panel import PATIENCE


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
        count = self.frames()
        self.control(name).fill(str(value))
        self.page.wait_for_function(
            f"performance.getEntriesByName('gradcore-frame').length > {count}", timeout=PATIENCE
        )
        found = "performance.getEntriesByName('gradcore-frame').filter(m => m.detail.since).at(-1)"
        return self.page.evaluate(f"(m => m.startTime - m.detail.since)({found})")

    def frames(self):
        return self.page.evaluate("performance.getEntriesByName('gradcore-frame').length")
