"""What a visitor does with a live panel, and sees on it."""

import re
import time

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
# Generous: a loaded machine may take long to start a page, which no test is about.
PATIENCE = 60_000


class Panel:
    """One live panel on a page, in a visitor's terms."""

    def __init__(self, page, index=0):
        self.page = page
        self.root = page.locator("section.panel").nth(index)
        self.root.wait_for(timeout=PATIENCE)

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def headline(self):
        return self.root.locator(".verdict h2").first.inner_text()

    @property
    def step(self):
        """The step shown, −1 before the first."""
        found = re.search(r"step ([\d,]+)", self.root.locator(".clock").inner_text())
        return int(found[1].replace(",", "")) if found else -1

    def frames(self):
        """Return (time in ms, step) of every frame shown."""
        return [
            tuple(entry)
            for entry in self.page.evaluate(
                "performance.getEntriesByName('gradcore-frame').map(m => [m.startTime, m.detail.step])"
            )
        ]

    def wait_until_step(self, step):
        shown = "root.querySelector('.clock').textContent.match(/step ([\\d,]+)/)?.[1].replaceAll(',', '')"
        self.wait_for(f"Number({shown}) >= {step}")

    def wait_for_headline(self, start):
        self.wait_for(f"root.querySelector('.verdict h2').textContent.startsWith({start!r})")

    def wait_for(self, condition):
        """Wait until a JavaScript condition on `root`, the panel's element, holds."""
        end = time.monotonic() + PATIENCE / 1000
        while not self.root.evaluate(f"root => {condition}", timeout=PATIENCE):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {condition}; the panel says {self.root.inner_text()[:500]!r}")
            time.sleep(0.05)

    def pause(self):
        self.button("Pause").click()
        self.button("Play").wait_for(timeout=PATIENCE)

    def table(self):
        """Return the rows of the panel's table as numbers.

        In turn: gradient rms, norm, ratio to the last hidden layer, saturated, dead, update ratio.
        """
        self.root.locator("details").first.evaluate("details => { details.open = true; }")
        self.page.wait_for_timeout(100)
        rows = self.root.locator("tbody tr").evaluate_all("rows => rows.map(r => [...r.cells].map(c => c.textContent))")
        return [[number(cell) for cell in row[1:]] for row in rows]


def number(text):
    """Return the number that a text such as "2.09·10⁻⁸" says."""
    text = text.strip().replace("−", "-").replace(",", "")
    if text.endswith(" %"):
        return float(text.removesuffix(" %")) / 100
    if text == "exactly 0":
        return 0.0
    if "10" in text and any(character in text for character in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"):
        mantissa, _, power = text.rpartition("10")
        return float(f"{mantissa.rstrip('·') or 1}e{power.translate(SUPERSCRIPTS)}")
    return float({"∞": "inf", "-∞": "-inf", "NaN": "nan"}.get(text, text))
