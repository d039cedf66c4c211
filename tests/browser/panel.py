"""What a visitor does with a live panel, and sees on it."""

import re
import time

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
# Generous: a loaded machine may take long to start a page, which no test is about.
PATIENCE = 60_000
# Resolves once, for 400 ms on end, no script has run for the page, nothing has moved or faded, and everything has kept
# its place, its size, and its words; what a panel has in a shadow root of its own counts, too.
AT_REST = """patience => new Promise((done, fail) => {
    const start = performance.now();
    let last, since = start;
    const places = (root, found) => {
        for (const element of root.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            found.push(box.x, box.y, box.width, box.height);
            if (element.shadowRoot) places(element.shadowRoot, found);
        }
        return found;
    };
    const turn = () => {
        const now = performance.now();
        const app = document.querySelector('[data-testid=stApp]');
        const idle = app?.dataset.testScriptState === 'notRunning';
        const moves = document.getAnimations().some(one => one.playState === 'running');
        const seen = JSON.stringify([places(document, []), document.body.innerText]);
        if (!idle || moves || seen !== last) since = now;
        last = seen;
        if (now - since >= 400) return done();
        if (now - start > patience) {
            return fail(new Error(`never at rest: ${app?.dataset.testScriptState}${moves ? ', moving' : ''}`));
        }
        setTimeout(turn, 50);
    };
    turn();
})"""

# Resolves once everything that a selector names, in shadow roots, too, has had the same place for 400 ms on end.
IN_PLACE = """([selector, patience]) => new Promise((done, fail) => {
    const start = performance.now();
    let last, since = start;
    const named = root => [
        ...root.querySelectorAll(selector),
        ...[...root.querySelectorAll('*')].flatMap(one => (one.shadowRoot ? named(one.shadowRoot) : [])),
    ];
    const turn = () => {
        const now = performance.now();
        const boxes = named(document).map(one => one.getBoundingClientRect());
        const seen = JSON.stringify(boxes);
        if (!boxes.length || seen !== last) since = now;
        last = seen;
        if (now - since >= 400) return done();
        if (now - start > patience) return fail(new Error(`never in place: ${selector}`));
        setTimeout(turn, 50);
    };
    turn();
})"""


def wait_until_at_rest(page):
    """Wait until what was asked of a page is all there and nothing on it changes; no panel may be training."""
    page.evaluate(AT_REST, PATIENCE)


def wait_until_in_place(page, selector):
    """Wait until what this selector names has kept its place and size for 400 ms, whatever its numbers do meanwhile."""
    page.evaluate(IN_PLACE, [selector, PATIENCE])


def wait_for_frames(page, count=2):
    """Wait until the browser has drawn so often: what a script or an event changed is then what one sees."""
    page.evaluate(
        """count => new Promise(done => {
            const turn = left => left ? requestAnimationFrame(() => turn(left - 1)) : done();
            turn(count);
        })""",
        count,
    )


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
        self.root.locator("details.numbers").first.evaluate("details => { details.open = true; }")
        # The table is drawn when the browser tells that it was opened, and that may come with a later frame.
        self.wait_for("root.querySelector('.numbers tbody tr')")
        wait_for_frames(self.page, 3)
        rows = self.root.locator(".numbers tbody tr").evaluate_all(
            "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
        )
        return [[number(cell) for cell in row[1:]] for row in rows]


def number(text):
    """Return the number that a text such as "2.09·10⁻⁸" says."""
    text = text.strip().replace("−", "-").replace(",", "")
    if text in ("under 0.1 %", "over 99.9 %"):
        return 0.0005 if text.startswith("under") else 0.9995
    if text.endswith(" %"):
        return float(text.removesuffix(" %")) / 100
    if text == "exactly 0":
        return 0.0
    if "10" in text and any(character in text for character in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"):
        mantissa, _, power = text.rpartition("10")
        return float(f"{mantissa.rstrip('·') or 1}e{power.translate(SUPERSCRIPTS)}")
    return float({"∞": "inf", "-∞": "-inf", "NaN": "nan"}.get(text, text))
