"""Every screen on a phone, at 200 % zoom, by keyboard alone, and for those who asked their system for less motion."""

import pytest
from panel import PATIENCE, Panel

SCREENS = (
    "",
    "live_training",
    "compare_initializers",
    "saturation",
    "gradient_flow",
    "backprop_by_hand",
    "the_article_tested",
    "talk",
)
PICTURE = "section.panel canvas, section.panel svg[role=img], .js-plotly-plot"
# What one can see, wherever it is: component panels have a shadow root of their own.
DEEP = """
const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  && element.getBoundingClientRect().width > 1;
const deep = (root, found = []) => {
  for (const element of root.querySelectorAll('*')) {
    found.push(element);
    if (element.shadowRoot) deep(element.shadowRoot, found);
  }
  return found;
};
const named = element => (element.getAttribute('aria-label') || element.innerText || element.labels?.[0]?.innerText
  || element.className?.toString() || element.tagName).trim().slice(0, 60);
"""


def opened(visit, screen, **context):
    """Open a screen, its picture drawn and at rest."""
    page = visit(screen, **context)
    page.locator(PICTURE).first.wait_for(timeout=PATIENCE)
    if page.locator("section.panel").count():
        page.wait_for_function("performance.getEntriesByName('gradcore-frame').length > 0", timeout=PATIENCE)
    if page.get_by_role("button", name="Pause", exact=True).count():
        Panel(page).pause()
    page.wait_for_timeout(1500)
    return page


def evaluate(page, code):
    return page.evaluate(f"() => {{ {DEEP} {code} }}")


def assert_scrolls_one_way(page):
    wide = "element => element.scrollWidth - element.clientWidth"
    assert page.locator("html").evaluate(wide) <= 0
    assert page.locator("[data-testid=stMain]").evaluate(wide) <= 0


# Controls that cover one another, words that their box cuts off.
COVERED = """
const inside = [...document.querySelectorAll('[data-testid=stMain]')].flatMap(main => deep(main)).filter(seen);
const controls = inside.filter(e => e.matches('button, input:not([type=radio]):not([type=checkbox]), select, a[href]')
  && !e.closest('.modebar'));
const trouble = [];
controls.forEach((one, at) => controls.slice(at + 1).forEach(other => {
  if (one.contains(other) || other.contains(one)) return;
  const [a, b] = [one, other].map(e => e.getBoundingClientRect());
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (across > 2 && down > 2) trouble.push(named(one) + ' covers ' + named(other));
}));
for (const e of inside.filter(e => e.matches('p, h1, h2, h3, figcaption, caption, button, label'))) {
  const style = getComputedStyle(e);
  const cut = style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1;
  const inTable = e.closest('.table, .results, .network');
  const outside = e.matches('p, h1, h2, h3') && e.getBoundingClientRect().right > innerWidth + 1 && !inTable;
  if (cut || outside) trouble.push((cut ? 'cut: ' : 'outside: ') + named(e));
}
return trouble;
"""


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)], ids=["phone", "laptop"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_small_screen_scrolls_one_way_and_shows_all(visit, screen, size):
    page = opened(visit, screen, size=size)
    assert_scrolls_one_way(page)
    assert evaluate(page, COVERED) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_at_200_percent_all_is_there_and_nothing_is_covered(visit, screen):
    page = opened(visit, screen, size=(720, 450), device_scale_factor=2)
    assert_scrolls_one_way(page)
    assert evaluate(page, COVERED) == []
    sentence = page.locator("[data-testid=stMain] [data-testid=stMarkdownContainer] p").first.bounding_box()
    assert sentence["y"] + sentence["height"] <= 450
    picture = page.locator(PICTURE).first
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box["width"] > 200
    assert box["x"] >= 0
    assert box["x"] + min(box["width"], 720) <= 721


# How the focused element and what is next to it look; shown by whatever changes when the focus goes.
LOOK = """
const parts = e => [e, e.parentElement, e.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement,
  ...e.children].filter(Boolean);
const marks = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor'];
const look = e => parts(e).map(one => getComputedStyle(one)).map(style => marks.map(name => style[name])).join(';');
const focused = () => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return e;
};
"""
# What Tab should come to; within a group of radio buttons it is the arrow keys.
CONTROLS = """
const control = 'button:not([role=radio]), input:not([type=radio]), select, textarea, a[href], summary';
return deep(document).filter(e => e.matches(control))
  .filter(e => seen(e) && !e.disabled && e.tabIndex >= 0 && !window.reached.has(e)).map(named);
"""
MOST_CONTROLS = 200


@pytest.mark.parametrize("screen", SCREENS)
def test_tab_reaches_every_control_and_shows_where_it_is(visit, screen):
    page = opened(visit, screen)
    hidden, past_the_end = [], 0
    page.evaluate("() => { window.reached = new Set(); }")
    for _ in range(MOST_CONTROLS):
        page.keyboard.press("Tab")
        page.wait_for_timeout(40)
        name = evaluate(
            page,
            f"""{LOOK} const e = focused();
            if (e === document.body) return 'the end';
            if (window.reached.has(e)) return 'again';
            window.reached.add(e); window.one = e; window.on = look(e); e.blur();
            return named(e);""",
        )
        if name == "again":
            break
        past_the_end += name == "the end"
        assert past_the_end <= 2, "Tab goes nowhere"
        if name == "the end":
            continue
        # Streamlit fades some of its marks.
        page.wait_for_timeout(120)
        if evaluate(page, f"{LOOK} const same = look(one) === on; one.focus({{ focusVisible: true }}); return same;"):
            hidden.append(name)
    assert hidden == []
    assert evaluate(page, CONTROLS) == []


@pytest.mark.parametrize(("motion", "low", "high"), [("reduce", 0.5, 3.0), ("no-preference", 5.0, 40.0)])
def test_less_motion_shows_two_pictures_a_second(visit, motion, low, high):
    panel = Panel(visit("live_training", reduced_motion=motion))
    panel.wait_until_step(60)
    panel.page.wait_for_timeout(6000)
    panel.pause()
    shown = [at for at, _ in panel.frames()][2:]
    rate = (len(shown) - 1) / (shown[-1] - shown[0]) * 1000
    assert low < rate < high
    # The run goes on at about the pace that it has for everyone.
    assert panel.step > 150
