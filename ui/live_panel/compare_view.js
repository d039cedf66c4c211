// A comparison on the page: its conclusion, its charts on shared axes, its table of results.
const PARTS = ["maps", "accuracy", "loss", "train", "spread", "histogram", "maps-title", "accuracy-title", "loss-title", "train-title", "spread-title", "histogram-title"];
const HEADS = [
  ["Variant", ""], ["Verdict", "the most frequent over the seeds"], ["First ÷ last gradient at the start", "weight gradient's rms of the first hidden layer over the last's, median over seeds"],
  ["Steps to loss", "first step at which the mean of ten recorded mini-batches was there: median (quartiles)"], ["Test accuracy", "median (quartiles) over seeds"],
  ["Saturated", "share of the worst layer"], ["Dead", "share of the worst layer's units"], ["Equal layers", "hidden layers whose units all compute the same"], ["Diverged", "runs"],
];
const UNDERFLOW = channels(THEME.underflow);

function newView(root) {
  const copy = name => root.querySelector(name).content.firstElementChild.cloneNode(true);
  const verdict = root.querySelector(".verdicts").appendChild(copy(".verdict-template"));
  const body = root.querySelector(".tracks").appendChild(copy(".track-template"));
  const view = Object.fromEntries(PARTS.map(name => [name, body.querySelector("." + name)]));
  Object.assign(view, { verdict, headline: verdict.querySelector("h2"), why: verdict.querySelector(".why"), head: body.querySelector("thead tr"), rows: body.querySelector("tbody"), caption: body.querySelector("caption"), sort: { column: -1, down: false } });
  HEADS.forEach(([name, explanation], column) => {
    const cell = view.head.appendChild(document.createElement("th")), button = cell.appendChild(document.createElement("button"));
    cell.scope = "col";
    button.title = explanation;
    button.textContent = name;
    button.onclick = () => { view.sort = { column, down: view.sort.column === column && !view.sort.down }; view.resort?.(); };
  });
  view.singles = root.querySelector(".singles");
  view.singles.onchange = () => view.resort?.();
  return view;
}

function verdictOf(track) {
  return latest(track, record => record.verdict)?.verdict;
}

function drawTrack(view, track) {
  const record = shown(track), style = getComputedStyle(view.verdict);
  if (!record || !sizeOf(view.maps)[0]) return;
  const tall = 40 + 28 + 190, rows = sizeOf(view.maps)[0] < 700 ? Math.ceil(track.meta.names.length / 2) : 1;
  stretch(view.maps, rows * tall);
  stretch(view.histogram, rows * 150);
  view.resort = () => drawTrack(view, track);
  const area = name => Object.assign(surface(view[name], style), { font: style.fontFamily }), { classes, guessing, seeds, target } = track.meta, singles = view.singles.checked;
  const odd = drawMaps(area("maps"), track);
  text(view["maps-title"], ["Gradient of each layer's weights against the last hidden layer's, from the start to now (median of " + seeds + (seeds === 1 ? " seed)" : " seeds)"), "blue: vanishing", "orange: exploding", ...odd].join("; "));
  const percentTick = tick => 100 * tick + " %", lossTick = value => (value === 0 ? "0" : readable(value));
  const top = niceTop(track.history.slice(0, track.at + 1).reduce((most, one) => Math.max(most, Math.min(4 * (guessing ?? 1), ...[...one.loss].filter(Number.isFinite).slice(0, 1))), guessing ? 1.1 * guessing : 1));
  const goal = { value: target, name: "loss " + readable(target) };
  if (view.accuracy.hidden === classes) { for (const name of ["accuracy", "train"]) view[name].hidden = view[name + "-title"].hidden = !classes; forgetSizes(); }
  if (classes) {
    drawBands(area("accuracy"), track, "test_accuracy", 0, 1, [0, 0.5, 1], percentTick, singles);
    drawBands(area("train"), track, "accuracy", 0, 1, [0, 0.5, 1], percentTick, singles);
  }
  drawBands(area("loss"), track, "loss", 0, top, [0, top / 2, top], lossTick, singles, goal);
  text(view["accuracy-title"], "Test accuracy: median and quartiles over seeds");
  text(view["loss-title"], "Loss of the mini-batches: median and quartiles over seeds");
  text(view["train-title"], "Accuracy on the mini-batches: median and quartiles over seeds");
  drawSpread(area("spread"), track);
  text(view["spread-title"], "Spread (std) of each layer's activations: thin at the start, bold now");
  const picture = latest(track, one => one.snapshot)?.snapshot;
  if (picture) drawBars(area("histogram"), track, picture);
  text(view["histogram-title"], "Activations of each layer, first to last, of one seed" + (picture && picture.step !== record.step ? " (step " + picture.step.toLocaleString("en") + ")" : ""));
  const verdict = verdictOf(track);
  if (verdict && verdict !== view.said) {
    view.said = verdict;
    view.verdict.style.setProperty("--verdict", THEME.verdict[verdict.color]);
    text(view.headline, verdict.headline);
    text(view.why, verdict.detail);
  }
  results(view, track, record);
}

// A canvas as tall as its rows of small pictures.
function stretch(canvas, height) {
  if (canvas.style.height !== height + "px") { canvas.style.height = height + "px"; forgetSizes(); }
}

// One row a variant: what is sorted by, and what is shown.
function resultsOf(track, record) {
  const { names, seeds, depths, layers, reached, ratios, steps } = track.meta, verdict = verdictOf(track), tested = latest(track, one => one.test_accuracy.some(value => !Number.isNaN(value)));
  return names.map((name, variant) => {
    const own = reached.length ? reached[variant].map(step => (step >= 0 && step <= record.step ? step : Infinity)) : [], there = own.filter(Number.isFinite).length;
    const three = quartiles(own), accuracy = quartiles(tested ? ofVariant(tested.test_accuracy, variant, seeds) : []);
    const worst = kind => Math.max(0, ...ofVariant(record[kind], variant, layers).subarray(0, Math.max(1, depths[variant])));
    const equal = [...ofVariant(record.distinct, variant, layers).subarray(0, depths[variant])].filter(count => count <= 1).length;
    const diverged = ofVariant(record.diverged, variant, seeds).reduce((sum, one) => sum + one, 0), whole = step => Math.round(step).toLocaleString("en");
    const time = !there ? "never yet" : (Number.isFinite(three[1]) ? whole(three[1]) + " (" + whole(three[0]) + "–" + (Number.isFinite(three[2]) ? whole(three[2]) : "never") + ")" : "most never") + (there < seeds ? ", " + (seeds - there) + " of " + seeds + " never" : "");
    const share = value => (Number.isNaN(value) ? "–" : percent(value));
    return { variant, cells: [
      [name, name], [verdict?.names[variant] ?? "", capital(verdict?.names[variant] ?? "–") + (verdict && verdict.agreeing[variant] < seeds ? " (" + verdict.agreeing[variant] + " of " + seeds + ")" : "")],
      [Number(ratios[variant]), !depths[variant] ? "–" : Number.isNaN(Number(ratios[variant])) ? "no gradient" : readable(Number(ratios[variant]))], [there ? (Number.isFinite(three[1]) ? three[1] : steps) : Infinity, time.replace("never yet", record.step >= steps - 1 ? "never" : "not yet")],
      [accuracy[1], Number.isNaN(accuracy[1]) ? "–" : share(accuracy[1]) + " (" + (100 * accuracy[0]).toFixed(1) + "–" + (100 * accuracy[2]).toFixed(1) + ")"],
      [worst("saturated"), share(worst("saturated"))], [worst("dead"), share(worst("dead"))], [equal, equal + " of " + depths[variant]], [diverged, diverged + " of " + seeds],
    ] };
  });
}

function results(view, track, record) {
  const rows = resultsOf(track, record), { column, down } = view.sort;
  if (column >= 0) rows.sort((a, b) => {
    const [one, other] = [a.cells[column][0], b.cells[column][0]];
    return (one < other ? -1 : one > other ? 1 : 0) * (down ? -1 : 1);
  });
  [...view.head.cells].forEach((cell, i) => cell.setAttribute("aria-sort", i !== column ? "none" : down ? "descending" : "ascending"));
  text(view.head.cells[3].firstChild, "Steps to loss " + readable(track.meta.target));
  text(view.caption, "Results at step " + record.step.toLocaleString("en") + "; a click on a heading sorts");
  while (view.rows.rows.length > rows.length) view.rows.deleteRow(-1);
  while (view.rows.rows.length < rows.length) {
    const row = view.rows.insertRow(), head = row.appendChild(document.createElement("th"));
    head.scope = "row";
    for (let i = 1; i < HEADS.length; i++) row.insertCell();
  }
  rows.forEach(({ variant, cells }, i) => cells.forEach(([, shownAs], at) => {
    const cell = view.rows.rows[i].cells[at];
    text(cell, shownAs);
    if (at === 0 && cell.dataset.variant !== String(variant)) { cell.dataset.variant = variant; cell.style.color = THEME.variants[variant]; }
  }));
}

// What the pictures show, for those who do not see them: at rest only.
function describe(view, track) {
  const record = shown(track), { names, layers, depths, seeds } = track.meta, label = (name, value) => view[name].setAttribute("aria-label", value);
  const first = variant => { const own = ofVariant(record.gradient, variant, layers); return readable(own[0] / own[Math.max(0, depths[variant] - 1)]); };
  label("maps", "First against last hidden layer's gradient at step " + record.step + ": " + names.map((name, i) => name + " " + first(i)).join("; "));
  const middle = name => names.map((own, i) => own + " " + readable(quartiles(ofVariant(record[name], i, seeds))[1])).join("; ");
  label("loss", "Median loss: " + middle("loss"));
  const tested = latest(track, one => one.test_accuracy.some(value => !Number.isNaN(value)));
  label("accuracy", "Median test accuracy: " + (tested ? names.map((own, i) => own + " " + percent(quartiles(ofVariant(tested.test_accuracy, i, seeds))[1])).join("; ") : "not yet"));
  label("train", "Median accuracy on mini-batches: " + middle("accuracy"));
  label("spread", "Spread of activations in the last hidden layer: " + names.map((own, i) => own + " " + readable(ofVariant(record.activation_std, i, layers)[Math.max(0, depths[i] - 1)])).join("; "));
  label("histogram", "Histograms of the activations of " + names.length + " variants");
}
