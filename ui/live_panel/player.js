// The player: keeps what it was sent, plays it at its own pace, asks for more before it runs out.
const FRAME_MS = 1000 / 30, LOW_FRAMES = 6, KEEP = 3000, KEEP_RECENT = 600, MARKS = 100000, ASK_AGAIN_MS = 3000;
const panels = new WeakMap();
let marks = 0;

function parse(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const length = new DataView(buffer).getUint32(0, true), base = 4 + length;
  const packet = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const column = (name, width = 1) => new Float64Array(buffer, base + packet.columns[name], packet.records * width);
  const scalars = ["step", "loss", "accuracy", "test_loss", "test_accuracy"].map(name => [name, column(name)]);
  const gradients = column("grad_rms", packet.layers), verdicts = new Map(packet.verdicts.map(v => [v.step, v]));
  packet.list = Array.from({ length: packet.records }, (_, i) => {
    const record = Object.fromEntries(scalars.map(([name, values]) => [name, values[i]]));
    record.grad_rms = gradients.slice(i * packet.layers, (i + 1) * packet.layers);
    record.verdict = verdicts.get(record.step);
    return record;
  });
  return packet;
}

function newRun(panel, packet) {
  Object.assign(panel, { run: packet.run, meta: packet, queue: [], history: [], received: -1, at: -1, asked: -Infinity, held: -Infinity, playing: true, finished: false });
}

function receive(panel, packet) {
  if (packet.run !== panel.run) newRun(panel, packet);
  panel.meta = Object.assign(packet, { low: panel.meta.low, high: panel.meta.high });
  const fresh = packet.list.filter(record => record.step > panel.received);
  if (!fresh.length && !packet.finished) return;
  panel.asked = -Infinity;
  panel.finished = packet.finished;
  const returning = panel.received < 0 && packet.shown >= 0;
  for (const record of fresh) (returning && record.step <= packet.shown ? panel.history : panel.queue).push(record);
  if (fresh.length) panel.received = fresh[fresh.length - 1].step;
  if (returning && panel.history.length) show(panel, panel.history.length - 1);
}

function speed(panel) {
  return Number(panel.parts.speed.value);
}

function ask(panel, now) {
  const low = panel.queue.length <= LOW_FRAMES * speed(panel);
  if (panel.finished || !low || now - Math.max(panel.asked, panel.held) < ASK_AGAIN_MS) return;
  panel.asked = now;
  panel.trigger("tick", { run: panel.run, shown: shownStep(panel), speed: speed(panel), at: now });
}

function shownStep(panel) {
  return panel.at < 0 ? -1 : panel.history[panel.at].step;
}

function next(panel, steps) {
  for (let i = 0; i < steps && panel.queue.length; i++) panel.history.push(panel.queue.shift());
  if (panel.history.length > KEEP) panel.history = panel.history.filter((_, i) => i % 2 === 0 || i >= KEEP - KEEP_RECENT);
  show(panel, panel.history.length - 1);
}

function loop(panel) {
  if (panel.turning) return;
  panel.turning = true;
  let last = 0;
  const turn = now => {
    if (!panel.root.isConnected || !panel.playing) { panel.turning = false; return; }
    if (panel.queue.length && now - last >= FRAME_MS - 4) {
      last = now;
      next(panel, Math.min(speed(panel), panel.queue.length));
    }
    ask(panel, now);
    if (panel.finished && !panel.queue.length) pause(panel);
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
}

function pause(panel) {
  panel.playing = false;
  label(panel);
  settle(panel);
}

function play(panel) {
  if (panel.finished && !panel.queue.length) return;
  panel.playing = true;
  panel.at = panel.history.length - 1;
  label(panel);
  loop(panel);
}

// Tell the server where the visitor stopped, so that the figures below show the same.
function settle(panel) {
  if (panel.at >= 0) panel.trigger("paused", { step: shownStep(panel), at: performance.now() });
  say(panel);
}

function label(panel) {
  const over = panel.finished && !panel.queue.length;
  panel.parts.play.textContent = panel.playing ? "Pause" : over ? "Finished" : "Play";
  panel.parts.play.disabled = over && !panel.playing;
  panel.parts.one.disabled = over;
}

function verdictAt(panel) {
  for (let i = panel.at; i >= 0; i--) if (panel.history[i].verdict) return panel.history[i].verdict;
}

function say(panel) {
  const verdict = verdictAt(panel), record = panel.history[panel.at];
  if (verdict && record) panel.parts.status.textContent = "Step " + record.step + ". " + verdict.headline;
}

function show(panel, at) {
  panel.at = at;
  draw(panel);
  if (marks++ < MARKS) performance.mark("gradcore-frame", { detail: { step: panel.history[at].step } });
}

function draw(panel) {
  const { parts, meta, history, at } = panel, record = history[at], style = getComputedStyle(panel.root);
  if (!record || !parts.gradients.clientWidth) return;
  drawGradients(surface(parts.gradients, style), meta, record);
  drawLoss(panel, style);
  drawAccuracy(panel, style);
  parts.clock.textContent = "step " + record.step.toLocaleString("en") + " · epoch " + Math.floor(record.step / meta.stepsPerEpoch + 1);
  parts.scrub.max = history.length - 1;
  parts.scrub.value = at;
  parts.scrub.setAttribute("aria-valuetext", "step " + record.step);
  words(panel, record);
}

// The mini-batches' course, faint, and the test part's on top of it.
function courses(panel, batch, test) {
  const shown = panel.history.slice(0, panel.at + 1);
  return [batch, test].map(name => ({
    color: THEME.quantity[name], width: name === test ? 3 : 1.5, faint: name === batch,
    points: shown.map(record => [record.step, record[name]]).filter(point => Number.isFinite(point[1])),
  }));
}

function latest(panel, name) {
  for (let i = panel.at; i >= 0; i--) if (!Number.isNaN(panel.history[i][name])) return panel.history[i][name];
  return NaN;
}

function drawLoss(panel, style) {
  const { parts, meta } = panel;
  const both = courses(panel, "loss", "test_loss");
  const top = niceTop(both.flatMap(one => one.points).reduce((most, point) => Math.max(most, point[1]), meta.guessing ?? 1e-9));
  drawCourses(surface(parts.loss, style), both, 0, top, [0, top / 2, top], readable0, meta.guessing && { value: meta.guessing, name: "guessing" });
  parts.lossTitle.textContent = "Loss: mini-batch " + readable(panel.history[panel.at].loss, true) + ", test " + readable(latest(panel, "test_loss"), true) + " (thick)";
}

function drawAccuracy(panel, style) {
  const { parts, meta } = panel;
  parts.accuracy.parentElement.hidden = !meta.classes;
  if (!meta.classes) return;
  drawCourses(surface(parts.accuracy, style), courses(panel, "accuracy", "test_accuracy"), 0, 1, [0, 0.5, 1], tick => 100 * tick + " %");
  parts.accuracyTitle.textContent = "Accuracy: mini-batch " + percent(panel.history[panel.at].accuracy) + ", test " + percent(latest(panel, "test_accuracy")) + " (thick)";
}

function readable0(tick) {
  return tick === 0 ? "0" : readable(tick);
}

function words(panel, record) {
  const { parts, meta } = panel, verdict = verdictAt(panel), values = record.grad_rms;
  parts.gradientTitle.textContent = "Gradient of each layer's weights (root mean square), from the input (left) to the output";
  parts.gradients.setAttribute("aria-label", "Gradient per weight: layer 1 " + readable(values[0]) + ", output " + readable(values[meta.layers - 1]));
  if (verdict && verdict !== panel.verdict) {
    panel.verdict = verdict;
    parts.verdict.style.setProperty("--verdict", THEME.verdict[verdict.name]);
    parts.headline.textContent = verdict.headline;
    parts.why.textContent = verdict.explanation;
    parts.judged.textContent = verdict.judged;
    parts.remedy.hidden = !verdict.remedyLabel;
    parts.remedy.textContent = verdict.remedyLabel;
  }
  if (parts.details.open) table(panel, record);
}

function table(panel, record) {
  const { parts, meta } = panel, last = record.grad_rms[Math.max(0, meta.layers - 2)], body = parts.rows;
  while (body.rows.length > meta.layers) body.deleteRow(-1);
  while (body.rows.length < meta.layers) for (let row = body.insertRow(), i = 0; i < 4; i++) row.insertCell();
  record.grad_rms.forEach((value, layer) => {
    const cells = [layer === meta.layers - 1 ? "output" : layer + 1, ...[value, value * Math.sqrt(meta.weights[layer]), value / last].map(number => readable(number, true))];
    cells.forEach((text, i) => { body.rows[layer].cells[i].textContent = text; });
  });
}

function mount(root) {
  const find = name => root.querySelector(name);
  const parts = {
    verdict: find(".verdict"), headline: find(".verdict h2"), why: find(".why"), judged: find(".judged"), remedy: find(".remedy"),
    play: find(".play"), one: find(".one"), restart: find(".restart"), speed: find(".speed"), scrub: find(".scrub"), clock: find(".clock"),
    gradients: find(".gradients"), loss: find(".loss"), accuracy: find(".accuracy"), gradientTitle: find(".gradient-title"),
    lossTitle: find(".loss-title"), accuracyTitle: find(".accuracy-title"), details: find("details"), rows: find("tbody"), status: find(".status"),
  };
  const panel = { root, parts };
  parts.play.onclick = () => (panel.playing ? pause(panel) : play(panel));
  parts.one.onclick = () => {
    panel.playing = false;
    label(panel);
    if (panel.at < panel.history.length - 1) show(panel, panel.at + 1);
    else if (panel.queue.length) next(panel, 1);
    ask(panel, performance.now());
    settle(panel);
  };
  parts.restart.onclick = () => panel.trigger("restart", { run: panel.run, at: performance.now() });
  parts.remedy.onclick = () => {
    // Nothing may follow this message before the answer: it would carry the controls' old values and undo the remedy.
    panel.held = performance.now();
    panel.trigger("remedy", panel.verdict.remedy);
  };
  parts.scrub.oninput = () => { panel.playing = false; label(panel); show(panel, Number(parts.scrub.value)); };
  parts.scrub.onchange = () => settle(panel);
  parts.details.ontoggle = () => draw(panel);
  panel.observer = new ResizeObserver(() => panel.at >= 0 && draw(panel));
  panel.observer.observe(root);
  return panel;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  if (!root || !data) return;
  const panel = panels.get(root) ?? mount(root);
  panels.set(root, panel);
  panel.trigger = setTriggerValue;
  receive(panel, parse(data));
  label(panel);
  loop(panel);
  if (panel.at >= 0) draw(panel);
  return () => { if (!root.isConnected) panel.observer.disconnect(); };
}
