// What is dragged: every control with data-drag is one value; a change asks the server for new numbers, one question at
// a time, the latest values next. What is answered is put into charts, texts and tables that are named in the HTML.
const explorers = new WeakMap();
const SETTLE_MS = 250;
const PATIENCE_MS = 3000;
const MOST_FRAMES = 300;

// A slider with data-log runs over powers of ten.
function valueOfControl(control) {
  if (control.type === "checkbox") return control.checked;
  if (control.type === "radio") return control.checked ? control.value : undefined;
  if (control.type === "number") {
    // What is no number, or out of its range, is sent as the last good one.
    if (isGood(control)) control.dataset.good = control.value;
    return Number(control.dataset.good);
  }
  if (control.type === "range") return control.dataset.log ? 10 ** Number(control.value) : Number(control.value);
  return control.value;
}

function isGood(control) {
  return control.value !== "" && control.validity.valid;
}

function setControl(control, value) {
  if (control.type === "checkbox") control.checked = value;
  else if (control.type === "radio") control.checked = control.value === value;
  else control.value = control.dataset.log ? Math.log10(value) : value;
  if (control.type === "number") {
    control.dataset.good = control.value;
    control.removeAttribute("aria-invalid");
  }
}

// Controls with data-at make up a list.
function setControls({ root, values }) {
  for (const control of root.querySelectorAll("[data-drag]")) {
    const { drag, at } = control.dataset;
    const value = at === undefined ? values[drag] : values[drag]?.[at];
    if (value !== undefined) setControl(control, value);
  }
}

function valuesOf({ root, values: known }) {
  const values = { ...known };
  for (const control of root.querySelectorAll("[data-drag]:not([data-at])"))
    values[control.dataset.drag] = valueOfControl(control) ?? values[control.dataset.drag];
  for (const control of root.querySelectorAll("[data-drag][data-at]")) {
    const { drag, at } = control.dataset;
    if (at === "0") values[drag] = [];
    values[drag][at] = valueOfControl(control);
  }
  return values;
}

function label({ root }) {
  for (const output of root.querySelectorAll("output[data-of]")) {
    const control = root.querySelector(`[data-drag=${output.dataset.of}]`);
    const value = valueOfControl(control);
    write(output, control.dataset.whole ? String(value) : readable(value));
    control.setAttribute("aria-valuetext", output.textContent);
  }
  for (const part of root.querySelectorAll("[data-when]")) {
    const [name, wanted] = part.dataset.when.split("=");
    part.hidden = !root.querySelector(`[data-drag=${name}][value=${wanted}]`)?.checked;
  }
}

function request(explorer, extra = {}) {
  label(explorer);
  if (explorer.waiting && performance.now() - explorer.askedAt < PATIENCE_MS) {
    explorer.again = { ...explorer.again, ...extra };
    return;
  }
  explorer.waiting = true;
  explorer.again = undefined;
  explorer.askedAt = performance.now();
  explorer.asked += 1;
  [explorer.since, explorer.draggedAt] = [explorer.draggedAt, undefined];
  tell(explorer, "change", { values: valuesOf(explorer), n: explorer.asked, form: explorer.board.form, ...extra });
}

// The oldest change that a question carries is what its answer's delay counts from.
function dragged(explorer) {
  explorer.draggedAt ??= performance.now();
  request(explorer);
  settle(explorer, SETTLE_MS);
}

function settle(explorer, ms) {
  clearTimeout(explorer.settling);
  explorer.settling = setTimeout(() => (mayAsk(explorer, performance.now()) ? request(explorer, { settled: true }) : settle(explorer, MOMENT_MS)), ms);
}

// What is no number is said to be none, and the last good one goes on being used.
function judge({ root }, input) {
  if (isGood(input)) return input.removeAttribute("aria-invalid");
  input.setAttribute("aria-invalid", "true");
  write(
    root.querySelector("[data-text=refused]"),
    `${input.ariaLabel} must be a number from −${input.max} to ${input.max}; until then it stays ${input.dataset.good}.`,
  );
}

function restoreGood(input) {
  if (!isGood(input)) input.value = input.dataset.good;
  input.removeAttribute("aria-invalid");
}

// The steps that a visitor goes through without asking: what stands in `moments` takes the place of what came with the
// answer, one at a time.
function goTo(explorer, now) {
  const { root, moments, frame } = explorer;
  if (!moments?.length) return;
  explorer.now = Math.max(0, Math.min(now, moments.length - 1));
  const moment = moments[explorer.now];
  takeTexts(explorer, moment);
  const slider = root.querySelector("[data-move=at]");
  Object.assign(slider, { max: moments.length - 1, value: explorer.now });
  slider.setAttribute("aria-valuetext", moment.texts.headline);
  root.querySelector("[data-move=back]").disabled = explorer.now === 0;
  root.querySelector("[data-move=forth]").disabled = explorer.now === moments.length - 1;
  drawAll(explorer.board, [{ ...frame, ...moment.frame }], 0);
}

function train(explorer, button, on) {
  explorer.training = on;
  write(button, on ? "Pause" : button.dataset.name);
  if (on) request(explorer, { train: true });
}

function press(explorer, button) {
  const { chain, move, ask } = button.dataset;
  const other = explorer.root.querySelector("[data-chain]");
  if (chain) {
    button.dataset.name ??= button.textContent;
    return train(explorer, button, !explorer.training);
  }
  if (move) return goTo(explorer, explorer.now + (move === "back" ? -1 : 1));
  if (other && explorer.training) train(explorer, other, false);
  request(explorer, { [ask]: true, settled: true });
}

function stepByKey(explorer, event) {
  if (!explorer.moments || event.target.matches("input")) return;
  const way = { ArrowLeft: explorer.now - 1, ArrowRight: explorer.now + 1, Home: 0, End: Number.POSITIVE_INFINITY }[event.key];
  if (way === undefined) return;
  event.preventDefault();
  goTo(explorer, way);
}

function mountExplorer(root) {
  const explorer = { root, page: location.pathname, asked: 0, waiting: false, frame: {}, frames: [], now: 0, values: {}, board: newBoard(root, COLORS) };
  root.addEventListener("input", ({ target }) => {
    if (target.dataset.move) return goTo(explorer, Number(target.value));
    if (!target.dataset.drag) return;
    if (target.dataset.at !== undefined) judge(explorer, target);
    dragged(explorer);
  });
  root.addEventListener("change", ({ target }) => target.type === "number" && restoreGood(target));
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-ask], button[data-chain], button[data-move]");
    if (button) press(explorer, button);
  });
  root.addEventListener("keydown", (event) => stepByKey(explorer, event));
  root.addEventListener("toggle", () => drawAll(explorer.board), true);
  explorer.heights = new ResizeObserver(() => keepHeights(root));
  explorer.heights.observe(root);
  return explorer;
}

// A new frame takes the place of the last, or comes after it while a network trains.
function takeFrame(explorer, header, fresh) {
  explorer.frame = { ...explorer.frame, ...fresh };
  if (!header.grows || !explorer.frames.length || header.grows <= explorer.grown) explorer.frames = [];
  explorer.grown = header.grows;
  explorer.frames.push(explorer.frame);
  if (explorer.frames.length > MOST_FRAMES) explorer.frames = explorer.frames.filter((_, i) => i % 2 === 0);
}

function take(explorer, header, fresh) {
  const { root } = explorer;
  const mine = header.n === explorer.asked;
  const isNew = header.epoch !== explorer.epoch;
  explorer.values = header.values;
  explorer.epoch = header.epoch;
  if (mine || !header.n) explorer.waiting = false;
  takeTexts(explorer, header);
  // The server's values are put into the controls when they come from elsewhere: at first, from a link, by a preset.
  if (isNew || header.put) setControls(explorer);
  for (const input of root.querySelectorAll("[data-is-new]")) {
    setControl(input, header.values[input.dataset.drag][input.dataset.at]);
    delete input.dataset.isNew;
  }
  label(explorer);
  takeFrame(explorer, header, fresh);
  if (header.moments) {
    if (isNew || header.moments.length !== explorer.moments?.length) explorer.now = 0;
    explorer.moments = header.moments;
  }
  for (const button of root.querySelectorAll("[data-ask=reset]")) button.disabled = !header.grows;
}

async function show(explorer, header) {
  const { board } = explorer;
  if (header.charts) await putUp(board, header.form, header.charts);
  if (explorer.moments) goTo(explorer, explorer.now);
  else await drawAll(board, explorer.frames, explorer.frames.length - 1);
  performance.mark("gradcore-frame", { detail: { n: header.n, since: explorer.since } });
  explorer.since = undefined;
}

// What comes next: the latest drag, the next step of training, or the next part of what takes longer.
function goOn(explorer, header) {
  if (explorer.waiting) return;
  const chain = explorer.root.querySelector("[data-chain]");
  if (explorer.training && header.ended) train(explorer, chain, false);
  if (explorer.training && !mayAsk(explorer, performance.now())) {
    setTimeout(() => goOn(explorer, header), MOMENT_MS);
    return;
  }
  if (explorer.training) explorer.again = { ...explorer.again, train: true };
  if (header.form !== explorer.board.form && !header.charts) explorer.again = { ...explorer.again, settled: true };
  if (explorer.again) request(explorer, explorer.again);
  else if (header.part + 1 < header.parts && mayAsk(explorer, performance.now())) request(explorer, { settled: true, part: header.part + 1 });
  else if (header.part + 1 < header.parts) settle(explorer, MOMENT_MS);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  if (!root || !data) return;
  const explorer = explorers.get(root) ?? mountExplorer(root);
  explorers.set(root, explorer);
  explorer.trigger = setTriggerValue;
  const { header, array } = opened(data);
  const fresh = { ...header.frame };
  for (const [name, [at, kind, shape]] of Object.entries(header.arrays)) {
    const flat = array(at, kind, sizeOfAll(shape));
    fresh[name] = shape.length > 1 ? inRows(flat, shape.at(-1)) : flat;
  }
  take(explorer, header, fresh);
  show(explorer, header)
    .then(heardInputs)
    .then(() => goOn(explorer, header));
  return () => {
    if (root.isConnected) return;
    explorer.heights.disconnect();
    leave(explorer.board);
  };
}
