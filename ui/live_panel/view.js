// One track on the page: its verdict, its charts, its table.
const PARTS = [
  "gradients", "course", "loss", "accuracy", "histogram", "shares", "update", "picture", "name",
  "gradient-title", "loss-title", "accuracy-title", "histogram-title", "shares-title", "update-title", "picture-title", "picture-figure",
];
const MAX_POINTS = 400;

function newView(root, onRemedy) {
  const copy = name => root.querySelector(name).content.firstElementChild.cloneNode(true);
  const verdict = root.querySelector(".verdicts").appendChild(copy(".verdict-template"));
  const body = root.querySelector(".tracks").appendChild(copy(".track-template"));
  const view = Object.fromEntries(PARTS.map(name => [name, body.querySelector("." + name)]));
  Object.assign(view, {
    verdict, headline: verdict.querySelector("h2"), why: verdict.querySelector(".why"), judged: verdict.querySelector(".judged"),
    remedy: verdict.querySelector(".remedy"), details: body.querySelector("details"), rows: body.querySelector("tbody"),
  });
  view.remedy.onclick = () => onRemedy(view.said.remedy);
  return view;
}

function verdictOf(track) {
  return latest(track, record => record.verdict)?.verdict;
}

function drawTrack(view, track, full) {
  const record = shown(track), style = getComputedStyle(view.verdict);
  if (!record || !sizeOf(view.gradients)[0]) return;
  const area = name => surface(view[name], style);
  view.name.textContent = track.meta.name;
  drawGradients(area("gradients"), track, record);
  const odd = drawCourse(area("course"), track), title = full ? "Gradient of each layer's weights (root mean square), from the input (left) to the output" : "Gradient of each layer's weights (rms), input to output";
  text(view["gradient-title"], [title, odd.zero && "violet: exactly 0", odd.unreal && "crimson: ∞ or NaN"].filter(Boolean).join("; "));
  drawLoss(view, area, track);
  drawAccuracy(view, area, track);
  if (full) drawDeep(view, area, track, record);
  words(view, track);
  if (view.details.open) table(view, track, record);
}

function drawDeep(view, area, track, record) {
  const hidden = track.meta.layers - 1, snapshot = latest(track, one => one.snapshot)?.snapshot, of = snapshot && snapshot.step !== record.step ? " (step " + snapshot.step.toLocaleString("en") + ")" : "";
  text(view["histogram-title"], "Activations of each layer" + of);
  if (snapshot) drawHistograms(area("histogram"), snapshot, Math.max(1, hidden));
  text(view["shares-title"], "Saturated, and dead (grey)");
  drawShares(area("shares"), record, hidden);
  text(view["update-title"], "Update ÷ weight of each layer");
  drawUpdates(area("update"), record);
  const still = track.meta.still ?? { kind: "none" }, pictured = latest(track, one => one.snapshot?.picture.length)?.snapshot;
  if (view["picture-figure"].hidden !== (still.kind === "none")) {
    view["picture-figure"].hidden = still.kind === "none";
    forgetSizes();
  }
  if (!pictured || still.kind === "none") return;
  const when = pictured.step !== record.step && pictured.step !== snapshot.step ? " (step " + pictured.step.toLocaleString("en") + ")" : "";
  text(view["picture-title"], (still.kind === "boundary" ? "What it says of the plane" : "What it says of test samples") + when);
  (still.kind === "boundary" ? drawBoundary : drawSamples)(area("picture"), pictured, still);
}

// The mini-batches' course, faint, and the test part's on top of it.
function courses(track, batch, test) {
  const every = Math.max(1, Math.floor(track.at / MAX_POINTS));
  const known = name => {
    const points = [];
    for (let i = 0; i <= track.at; i++) {
      const value = track.history[i][name];
      if (Number.isFinite(value) && (name === test || i % every === 0 || i === track.at)) points.push([track.history[i].step, value]);
    }
    return points;
  };
  return [batch, test].map(name => ({ color: THEME.quantity[name], width: name === test ? 3 : 1.5, faint: name === batch, points: known(name) }));
}

function tested(track, name) {
  return latest(track, record => !Number.isNaN(record[name]))?.[name] ?? NaN;
}

function drawLoss(view, area, track) {
  const { guessing } = track.meta, both = courses(track, "loss", "test_loss");
  const top = niceTop(both.flatMap(one => one.points).reduce((most, point) => Math.max(most, point[1]), guessing ?? 1e-9));
  drawCourses(area("loss"), both, 0, top, [0, top / 2, top], value => (value === 0 ? "0" : readable(value)), guessing && { value: guessing, name: "guessing" });
  text(view["loss-title"], "Loss " + readable(shown(track).loss, true) + ", test " + readable(tested(track, "test_loss"), true) + " (thick)");
}

function drawAccuracy(view, area, track) {
  if (view.accuracy.hidden === track.meta.classes) {
    view.accuracy.hidden = view["accuracy-title"].hidden = !track.meta.classes;
    forgetSizes();
  }
  if (!track.meta.classes) return;
  drawCourses(area("accuracy"), courses(track, "accuracy", "test_accuracy"), 0, 1, [0, 0.5, 1], tick => 100 * tick + " %");
  text(view["accuracy-title"], "Accuracy " + percent(shown(track).accuracy) + ", test " + percent(tested(track, "test_accuracy")) + " (thick)");
}

function words(view, track) {
  const verdict = verdictOf(track);
  if (!verdict || verdict === view.said) return;
  view.said = verdict;
  view.verdict.style.setProperty("--verdict", THEME.verdict[verdict.name]);
  text(view.headline, verdict.headline);
  text(view.why, verdict.explanation);
  text(view.judged, verdict.judged + " " + verdict.fix);
  view.remedy.hidden = !verdict.remedyLabel;
  text(view.remedy, verdict.remedyLabel);
}

// What the pictures show, for those who do not see them: at rest only, since nobody can listen to thirty a second.
function describe(view, track) {
  const record = shown(track), values = record.grad_rms, layers = track.meta.layers, hidden = Math.max(1, layers - 1);
  const label = (name, value) => view[name].setAttribute("aria-label", value);
  label("gradients", "Gradient per weight: layer 1 " + readable(values[0]) + ", last hidden layer " + readable(values[Math.max(0, layers - 2)]) + ", output " + readable(values[layers - 1]));
  label("course", "Gradient of every layer against the last hidden layer's over steps 0 to " + record.step);
  label("loss", view["loss-title"].textContent);
  label("accuracy", view["accuracy-title"].textContent);
  label("histogram", "Histograms of the activations of " + hidden + " layers");
  const most = kind => percent(Math.max(0, ...record[kind].slice(0, hidden)));
  label("shares", "Most saturated layer " + most("saturated_fraction") + ", most dead layer " + most("dead_fraction"));
  label("update", "Update over weight: layer 1 " + readable(record.update_ratio[0]) + ", output " + readable(record.update_ratio[layers - 1]));
  label("picture", view["picture-title"].textContent);
}

function table(view, track, record) {
  const { meta } = track, last = record.grad_rms[Math.max(0, meta.layers - 2)], body = view.rows;
  while (body.rows.length > meta.layers) body.deleteRow(-1);
  while (body.rows.length < meta.layers) for (let row = body.insertRow(), i = 0; i < 7; i++) row.insertCell();
  record.grad_rms.forEach((value, layer) => {
    const numbers = [value, value * Math.sqrt(meta.weights[layer]), value / last].map(number => readable(number, true));
    const shares = [record.saturated_fraction[layer], record.dead_fraction[layer]].map(percent);
    const cells = [layer === meta.layers - 1 ? "output" : layer + 1, ...numbers, ...shares, readable(record.update_ratio[layer], true)];
    cells.forEach((value, i) => text(body.rows[layer].cells[i], String(value)));
  });
}
