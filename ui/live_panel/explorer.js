// What is dragged: every control with data-drag is one value; a change asks the server for new numbers, one question at
// a time, the latest values next. What it answers is drawn at once.
const explorers = new WeakMap(), SETTLE_MS = 250;
const ARRAYS = { f8: Float64Array, f4: Float32Array, u1: Uint8Array, i4: Int32Array };

function unpack(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const length = new DataView(buffer).getUint32(0, true), base = 4 + length;
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  for (const [name, [at, kind, size]] of Object.entries(header.arrays)) header[name] = new ARRAYS[kind](buffer, base + at, size);
  return header;
}

// A slider with data-log runs over powers of ten.
function valueOf(control) {
  if (control.type === "checkbox") return control.checked;
  if (control.type === "radio") return control.checked ? control.value : undefined;
  if (control.type === "number") {
    // What is no number, or out of its range, is sent as the last good one.
    if (control.value !== "" && control.validity.valid) control.dataset.good = control.value;
    return Number(control.dataset.good);
  }
  if (control.type === "range") return control.dataset.log ? 10 ** Number(control.value) : Number(control.value);
  return control.value;
}

function setControl(control, value) {
  if (control.type === "checkbox") control.checked = value;
  else if (control.type === "radio") control.checked = control.value === value;
  else control.value = control.dataset.log ? Math.log10(value) : value;
}

// Controls with data-at make up a list.
function setControls({ root, packet }) {
  for (const control of root.querySelectorAll("[data-drag]")) {
    const value = packet.values[control.dataset.drag], at = control.dataset.at;
    if (value !== undefined) setControl(control, at === undefined ? value : value[at]);
  }
}

function valuesOf(explorer) {
  const values = {};
  for (const control of explorer.root.querySelectorAll("[data-drag]")) {
    const value = valueOf(control), { drag, at } = control.dataset;
    if (at !== undefined) (values[drag] ??= [])[at] = value;
    else if (value !== undefined) values[drag] = value;
  }
  return values;
}

function label(explorer) {
  for (const output of explorer.root.querySelectorAll("output[data-of]")) {
    const control = explorer.root.querySelector("[data-drag=" + output.dataset.of + "]"), value = valueOf(control);
    text(output, (output.dataset.before ?? "") + (control.dataset.whole ? String(value) : readable(value)));
    control.setAttribute("aria-valuetext", output.textContent);
  }
}

function request(explorer, extra = {}) {
  label(explorer);
  if (explorer.waiting && performance.now() - explorer.askedAt < 3000) { explorer.again = { ...explorer.again, ...extra }; return; }
  explorer.waiting = true;
  explorer.again = undefined;
  explorer.askedAt = performance.now();
  explorer.asked += 1;
  [explorer.since, explorer.draggedAt] = [explorer.draggedAt, undefined];
  tell(explorer, "change", { values: valuesOf(explorer), n: explorer.asked, ...extra });
}

// The oldest change that a question carries is what its answer's delay counts from.
function dragged(explorer) {
  explorer.draggedAt ??= performance.now();
  request(explorer);
  clearTimeout(explorer.settling);
  settle(explorer, SETTLE_MS);
}

function settle(explorer, ms) {
  explorer.settling = setTimeout(() => mayAsk(performance.now()) ? request(explorer, { settled: true }) : settle(explorer, MOMENT_MS), ms);
}

// A table's body with these rows, the first cell of each its heading; nothing is made anew that can be kept.
function fillRows(body, rows) {
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, i) => {
    const row = body.rows[i] ?? body.insertRow();
    cells.forEach((value, j) => {
      const cell = row.cells[j] ?? row.appendChild(document.createElement(j ? "td" : "th"));
      if (!j) cell.scope = "row";
      text(cell, value);
    });
  });
}

function ofPower(power) {
  return power === -Infinity ? "exactly 0" : power < -300 ? powerOfTen(Math.round(power)) : readable(10 ** power);
}

function mountExplorer(root) {
  const explorer = { root, asked: 0, waiting: false };
  root.addEventListener("input", event => { if (event.target.dataset.drag) dragged(explorer); });
  explorer.observer = new ResizeObserver(() => { keepHeights(root); forgetSizes(); if (explorer.packet) drawExplorer(explorer); });
  explorer.observer.observe(root);
  newExplorer(explorer);
  return explorer;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  if (!root || !data) return;
  const known = explorers.has(root), explorer = explorers.get(root) ?? mountExplorer(root);
  explorers.set(root, explorer);
  explorer.trigger = setTriggerValue;
  const packet = unpack(data);
  explorer.packet = packet;
  // The server's values are put into the controls when they come from elsewhere: at first, from a link, by a preset.
  if (!known || packet.epoch !== explorer.epoch) setControls(explorer);
  explorer.epoch = packet.epoch;
  const mine = packet.n === explorer.asked;
  if (mine || !packet.n) explorer.waiting = false;
  label(explorer);
  drawExplorer(explorer);
  performance.mark("gradcore-frame", { detail: { n: packet.n, since: explorer.since } });
  explorer.since = undefined;
  if (explorer.again && !explorer.waiting) request(explorer, explorer.again);
  return () => { if (!root.isConnected) explorer.observer.disconnect(); };
}
