// Backprop by hand: going through the moments needs no server; what is typed asks for all numbers anew.
const LARGEST = 1000;

function newExplorer(explorer) {
  const { root } = explorer, names = ["back", "forth", "at", "count", "take", "others", "losses", "headline", "formula", "refused", "moment"];
  explorer.parts = Object.fromEntries(names.map(name => [name, root.querySelector("." + name)]));
  const { parts } = explorer;
  Object.assign(explorer, { now: 0, course: [] });
  parts.back.onclick = () => goTo(explorer, explorer.now - 1);
  parts.forth.onclick = () => goTo(explorer, explorer.now + 1);
  parts.at.oninput = () => goTo(explorer, Number(parts.at.value));
  parts.take.onclick = () => { explorer.course.push(Number(explorer.packet.loss)); ask(explorer, { w: [...explorer.packet.next] }); };
  parts.others.onclick = () => { explorer.course = []; ask(explorer, { w: [], seed: explorer.packet.values.seed + 1 }); };
  root.querySelector(".keep").onclick = () => request(explorer, { keep: true, settled: true });
  root.addEventListener("keydown", event => {
    const way = { ArrowLeft: explorer.now - 1, ArrowRight: explorer.now + 1, Home: 0, End: Infinity }[event.key];
    if (way === undefined || event.target.matches("input")) return;
    event.preventDefault();
    goTo(explorer, way);
  });
  root.addEventListener("input", event => { if (event.target.dataset.at !== undefined) judge(explorer, event.target); });
  root.addEventListener("change", event => { if (event.target.dataset.at !== undefined && !valid(event.target)) restoreGood(explorer, event.target); });
}

function ask(explorer, changes) {
  request(explorer, { values: { ...valuesOf(explorer), seed: explorer.packet.values.seed, ...changes }, put: true });
}

function valid(input) {
  return input.value !== "" && input.validity.valid;
}

// What is no number is said to be none, and the last good one goes on being used.
function judge(explorer, input) {
  input.setAttribute("aria-invalid", String(!valid(input)));
  const wrong = input.getAttribute("aria-label") + " must be a number from −" + LARGEST + " to " + LARGEST + "; until then it stays " + input.dataset.good + ".";
  text(explorer.parts.refused, valid(input) ? explorer.packet.refusal : wrong);
}

function restoreGood(explorer, input) {
  input.value = input.dataset.good;
  input.removeAttribute("aria-invalid");
}

function goTo(explorer, now) {
  explorer.now = Math.max(0, Math.min(now, explorer.packet.moments.length - 1));
  drawMoment(explorer);
}

function drawExplorer(explorer) {
  const { packet, parts, root } = explorer, form = packet.sizes.join("-");
  if (form !== explorer.form) {
    explorer.form = form;
    Object.assign(explorer, { now: 0, course: [] });
    buildTables(explorer);
    setControls(explorer);
    rememberGood(explorer);
  } else if (packet.put || packet.epoch !== explorer.drawnEpoch) {
    setControls(explorer);
    rememberGood(explorer);
  }
  if (packet.epoch !== explorer.drawnEpoch) Object.assign(explorer, { now: 0, course: [] });
  explorer.drawnEpoch = packet.epoch;
  explorer.now = Math.min(explorer.now, packet.moments.length - 1);
  parts.at.max = packet.moments.length - 1;
  // The answer to the last good numbers does not take the word from what is being said on a bad one.
  if (!root.querySelector("input[aria-invalid=true]")) text(parts.refused, packet.refusal);
  drawMoment(explorer);
}

function rememberGood({ root }) {
  for (const input of root.querySelectorAll("input[data-at]")) { input.dataset.good = input.value; input.removeAttribute("aria-invalid"); }
}

function drawMoment(explorer) {
  const { packet, parts, root, now } = explorer, moment = packet.moments[now], style = getComputedStyle(root);
  root.style.setProperty("--verdict", THEME.hot);
  text(parts.headline, moment.phase + ": " + moment.title);
  text(parts.formula, moment.formula);
  text(parts.count, (now + 1) + " of " + packet.moments.length);
  parts.at.value = now;
  parts.at.setAttribute("aria-valuetext", parts.headline.textContent);
  parts.back.disabled = now === 0;
  parts.forth.disabled = now === packet.moments.length - 1;
  const before = explorer.course.length ? explorer.course.map(loss => brief(loss)).slice(-4).join(" → ") + " → " : "";
  text(parts.losses, "Loss " + before + brief(Number(packet.loss)) + "; after this step " + brief(Number(packet.nextLoss)));
  drawNetwork(root.querySelector("svg"), packet, now, style.color, style.getPropertyValue("--st-background-color"));
  root.querySelector("svg").setAttribute("aria-label", "A network of " + packet.sizes.join("-") + " units; the tables below have all its numbers");
  fillTables(explorer);
}

function typed(name, at, label) {
  const input = document.createElement("input");
  Object.assign(input, { type: "number", step: "any", min: -LARGEST, max: LARGEST });
  Object.assign(input.dataset, { drag: name, at });
  input.setAttribute("aria-label", label);
  return input;
}

// The rows with what can be typed, once for each form of network; numbers are filled in later.
function buildTables({ root, packet }) {
  const { sizes, names } = packet, ends = root.querySelector(".ends tbody"), weights = root.querySelector(".weights tbody");
  ends.replaceChildren();
  [...root.querySelectorAll(".ends thead th")].forEach((cell, at) => { cell.hidden = at > Math.max(sizes[0], sizes.at(-1)); });
  weights.replaceChildren();
  for (const [name, title, count] of [["x", "Input", sizes[0]], ["t", "Target", sizes.at(-1)]]) {
    const row = ends.insertRow(), head = row.appendChild(document.createElement("th"));
    head.scope = "row";
    head.textContent = title;
    for (let at = 0; at < count; at++) row.insertCell().appendChild(typed(name, at, title + " " + (at + 1)));
  }
  let at = 0, unitAt = 0;
  for (let layer = 1; layer < sizes.length; layer++) for (let unit = 0; unit < sizes[layer]; unit++, unitAt++) for (let source = 0; source <= sizes[layer - 1]; source++, at++) {
    const row = weights.insertRow(), head = row.appendChild(document.createElement("th"));
    head.scope = "row";
    head.textContent = names[at];
    row.insertCell().textContent = packet.units[unitAt];
    row.insertCell().appendChild(typed("w", at, "Weight " + names[at] + " of " + packet.units[unitAt]));
    for (let i = 0; i < 4; i++) row.insertCell();
  }
}

// Nine digits, as printed examples have them.
function exactly(value) {
  return Number.isNaN(value) ? "–" : !Number.isFinite(value) || value !== 0 && (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e6) ? readable(value) : value.toFixed(9).replace("-", "−");
}

function fillTables({ root, packet, now }) {
  const { sizes, units, z, a, slope, delta, gradients, nudged, next, below, moments } = packet, rows = root.querySelector(".weights tbody").rows;
  fillRows(root.querySelector(".units tbody"), units.map((name, at) => [name, exactly(z[at]), exactly(a[at]), exactly(slope[at]), exactly(delta[at])]));
  let at = 0, start = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    for (let unit = 0; unit < sizes[layer]; unit++) for (let source = 0; source <= sizes[layer - 1]; source++, at++) {
      [exactly(below[start + source]), exactly(gradients[at]), exactly(nudged[at]), exactly(next[at])].forEach((value, i) => text(rows[at].cells[3 + i], value));
      rows[at].classList.toggle("lit", moments[now].weight === at);
    }
    start += sizes[layer - 1] + 1;
  }
}
