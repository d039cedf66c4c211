// How a panel tells the server something, and when it had better not ask anything of itself: while the visitor does
// something else on the page.
//
// What Streamlit (1.67) is told within the same moment goes as one message. If a part of it comes from a panel, only
// the panel is run again: a click's callback is called, and the page does not show what it did. So a panel is quiet for
// a moment after a click; and if one comes between its own question and the message, it asks for the whole page.
// A panel that asks while its page is being left for another calls the old page back, and the new one stays empty:
// what comes last is run, under the page that the message names. Links lead to other pages, and the buttons whose keys
// begin with "leave". Once the address is another page's, a panel that is still seen is quiet for good.
const MOMENT_MS = 100;
const LEAVING_MS = 1000;
const LINKS = "a[href]";
const LEAVES = '[class*="st-key-leave"]';
const TEXT_FIELDS = 'input:not([type]), [type="text"], [type="number"], textarea';
let quietUntil = Number.NEGATIVE_INFINITY;
let unsent = 0;
let missed = false;

// Clicks that came while something was drawn are heard first: a question told before them would be sent after them.
function heardInputs() {
  return new Promise((done) => setTimeout(done));
}

function isLeft(panel) {
  panel.page ??= location.pathname;
  return location.pathname !== panel.page;
}

function mayAsk(panel, now) {
  return now >= quietUntil && !isLeft(panel);
}

function tell(panel, event, value) {
  if (isLeft(panel)) return;
  panel.trigger(event, value);
  unsent += 1;
  // Streamlit sends it in a timer of 0 ms, set before this one.
  setTimeout(() => {
    unsent -= 1;
    if (missed) panel.trigger("page", { at: performance.now() });
    missed = false;
  }, 0);
}

function beQuiet(ms) {
  quietUntil = Math.max(quietUntil, performance.now() + ms);
}

// A way to another page is gone once the question under way is sent: sent after it, it would call this page back.
function postpone(event, path) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const again = () => (unsent > 0 ? setTimeout(again) : path.find((node) => node.click).click());
  setTimeout(again);
}

// What is done to a panel itself is no reason, nor what is typed before it counts.
function heed(event) {
  const path = event.composedPath().filter((node) => node.matches);
  const among = (where) => path.some((node) => node.matches(where));
  if (among("section.panel")) return;
  if (event.type === "keydown" && (event.repeat || (event.key !== "Enter" && path[0]?.matches(TEXT_FIELDS)))) return;
  const follows = event.type === "click" && among(LINKS);
  missed ||= unsent > 0 && !follows;
  if (follows && unsent > 0 && !event.ctrlKey && !event.metaKey) postpone(event, path);
  beQuiet(follows || (event.type === "click" && among(LEAVES)) ? LEAVING_MS : MOMENT_MS);
}

for (const type of ["click", "keydown", "change"]) document.addEventListener(type, heed, true);
window.addEventListener("popstate", () => beQuiet(LEAVING_MS), true);
