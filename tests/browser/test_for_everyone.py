"""Every screen on a phone, at 200 % zoom, by keyboard alone, and for those who asked their system for less motion."""

import pytest

from tests.browser.panel import PATIENCE, Panel, wait_until_at_rest

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
PICTURE = ".js-plotly-plot"
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
    wait_until_at_rest(page)
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


# Where Tab went, and whether one sees it there: whether the focused element, or what is next to it, looks otherwise
# when the focus goes. What fades is taken to its end, so that the two looks are those at rest. Most marks are there at
# once; where none is, it may come with a later frame, and is looked for again.
STEP = """
const parts = e => [e, e.parentElement, e.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement,
  ...e.children].filter(Boolean);
const marks = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor'];
const look = e => {
  const all = parts(e);
  all.flatMap(one => one.getAnimations()).filter(one => one instanceof CSSTransition).forEach(one => one.finish());
  return all.map(one => getComputedStyle(one)).map(style => marks.map(name => style[name])).join(';');
};
const frame = () => new Promise(requestAnimationFrame);
const focused = () => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return e;
};
const task = () => new Promise(done => setTimeout(done));
const differs = async (e, moment, moments) => {
  for (let i = 0; i < 2; i++) await moment();
  const on = look(e);
  e.blur();
  let off = look(e);
  for (let i = 0; off === on && i < moments; i++) {
    await moment();
    off = look(e);
  }
  e.focus({ focusVisible: true });
  return off !== on;
};
const step = async () => {
  await task();
  const e = focused();
  if (e === document.body) return { end: true };
  if (window.reached.has(e)) return { again: true };
  window.reached.add(e);
  return { name: named(e), shown: await differs(e, task, 2) || await differs(e, frame, 12) };
};
return step();
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
        at = evaluate(page, STEP)
        if at.get("again"):
            break
        past_the_end += at.get("end", False)
        assert past_the_end <= 2, "Tab goes nowhere"
        if not at.get("end") and not at["shown"]:
            hidden.append(at["name"])
    assert hidden == []
    assert evaluate(page, CONTROLS) == []


@pytest.mark.parametrize(("motion", "low", "high"), [("reduce", 0.5, 3.0), ("no-preference", 5.0, 40.0)])
def test_less_motion_shows_two_pictures_a_second(visit, motion, low, high):
    panel = Panel(visit("live_training", reduced_motion=motion))
    panel.wait_until_step(60)
    # A rate is an average: over some pictures and seconds, those that come late or early weigh little.
    count, first = len(panel.frames()), panel.frames()[-1]
    panel.page.wait_for_function(
        f"""() => {{
            const marks = performance.getEntriesByName('gradcore-frame');
            return marks.length >= {count + 6} && marks.at(-1).startTime > {first[0] + 3000};
        }}""",
        timeout=PATIENCE,
    )
    panel.pause()
    shown = [at for at, _ in panel.frames()][2:]
    rate = (len(shown) - 1) / (shown[-1] - shown[0]) * 1000
    assert low < rate < high
    # The run goes on at about the pace that it has for everyone.
    last = panel.frames()[-1]
    assert (last[1] - first[1]) / (last[0] - first[0]) * 1000 > 15
