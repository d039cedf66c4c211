// Charts: Plotly figures that are put up once and then fed with arrays, as the bindings of ui/figures/chart.py say.
const COURSE = 400;
const STACK = 80;
// How long the charts that take turns may take a frame, and how long a visitor waits for plotly.js in silence.
const BUDGET_MS = 24;
const FONT = 15;
const CONFIG = { displaylogo: false, responsive: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "toImage"] };
let loading;

function plotly() {
  loading ??= new Promise((ready, failed) => {
    if (window.Plotly) return ready(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL("app/static/plotly-cartesian.min.js", document.baseURI);
    // Where the file is missing, Streamlit answers with a page.
    script.onload = () => (window.Plotly ? ready(window.Plotly) : failed(new Error("no plotly.js")));
    script.onerror = () => failed(new Error("no plotly.js"));
    document.head.append(script);
  }).then(
    (library) => {
      // It takes bars' numbers on a color scale for colors, too, and tells the console so with a stack trace, at each drawing.
      library.setPlotConfig({ logging: 0 });
      return library;
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

// What is shown: the frames so far, the last of them now.
function latestOf(frames, at, name, constants) {
  if (constants && name in constants) return constants[name];
  for (let i = at; i >= 0; i--) if (name in frames[i]) return frames[i][name];
}

function thinned(list, most) {
  const every = Math.max(1, Math.ceil(list.length / most));
  if (every === 1) return list;
  const kept = list.filter((_, i) => i % every === 0);
  return (list.length - 1) % every ? [...kept, list.at(-1)] : kept;
}

function valueOf([, array, how, part, scale, otherwise], { frames, at, constants }) {
  if (how === "text") return told(array, (name) => latestOf(frames, at, name, constants));
  if (how === "course" || how === "stack") {
    const known = [];
    for (let i = 0; i <= at; i++) if (array in frames[i]) known.push(frames[i][array]);
    const kept = thinned(known, how === "course" ? COURSE : STACK);
    return part === null ? kept : kept.map((row) => partOf(row, part));
  }
  if (how === "curves") {
    const known = thinned(
      frames.slice(0, at + 1).filter((frame) => array in frame),
      COURSE,
    ).map((frame) => frame[array]);
    const joined = [];
    for (let i = part[0]; i < part[1]; i++) joined.push(...known.map((row) => (typeof row === "number" ? row : row[i])), null);
    return joined;
  }
  const found = how === "own" ? frames[at][array] : latestOf(frames, at, array, constants);
  if (found === undefined) return otherwise ?? undefined;
  const number = part === null ? found : partOf(found, part);
  return scale.length ? scaled(Number(number), scale) : number;
}

function partOf(row, part) {
  return Array.isArray(part) ? row.slice(...part) : row.at(part);
}

// What a number is on a scale: numbers and colours between two stops are mixed, beyond the last they stay.
function scaled(number, scale) {
  const value = Number.isNaN(number) ? scale[0][0] : number;
  let i = 1;
  while (i < scale.length - 1 && scale[i][0] <= value) i++;
  const [[low, start], [high, end]] = [scale[i - 1], scale[i]];
  const part = Math.min(1, Math.max(0, (value - low) / (high - low)));
  if (typeof start !== "string") return start + part * (end - start);
  const from = channels(start);
  const mixed = channels(end).map((channel, k) => from[k] + part * (channel - from[k]));
  return `rgba(${mixed.slice(0, 3).map(Math.round).join()},${Math.round(1000 * mixed[3]) / 1000})`;
}

function channels(color) {
  if (color.startsWith("#")) return [...[1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)), 1];
  return color
    .slice(color.indexOf("(") + 1, -1)
    .split(",")
    .map(Number);
}

function put(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  let place = object;
  keys.forEach((key, i) => {
    place[key] ??= /^\d+$/.test(keys[i + 1] ?? last) ? [] : {};
    place = place[key];
  });
  place[last] = value;
}

// The theme's colours in the places that ui/figures/colors.py names.
function themed(part, colors) {
  if (typeof part === "string") return colors[part] ?? part;
  if (Array.isArray(part)) return part.map((one) => themed(one, colors));
  if (part && typeof part === "object" && !ArrayBuffer.isView(part))
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, themed(one, colors)]));
  return part;
}

function themeOf(root) {
  const [red, green, blue] = (getComputedStyle(root).color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  return red + green + blue > 382 ? "dark" : "light";
}

// Type and margins grow with the page's: all that a figure says in pixels.
function sized(part, factor) {
  if (Array.isArray(part)) return part.map((one) => sized(one, factor));
  if (!part || typeof part !== "object" || ArrayBuffer.isView(part)) return part;
  const scaled = Object.entries(part).map(([key, one]) => {
    if (/font$/.test(key) && one?.size) return [key, { ...one, size: one.size * factor }];
    if (key === "margin") return [key, Object.fromEntries(Object.entries(one).map(([side, wide]) => [side, wide * factor]))];
    return [key, sized(one, factor)];
  });
  return Object.fromEntries(scaled);
}

function newBoard(root, colors) {
  const board = { root, colors, charts: [], form: undefined, next: 0, drawn: 0, frames: [], at: -1, constants: {} };
  board.observer = new ResizeObserver(() => resize(board));
  board.sight = new IntersectionObserver((entries) => look(board, entries), { rootMargin: "100px" });
  root.addEventListener("transitionend", (event) => event.propertyName === "color" && event.target === root && dress(board));
  return board;
}

// Put up the charts of a form, once; whatever the same form already shows stays as it is.
async function putUp(board, form, specs) {
  if (board.form === form) return;
  board.form = form;
  const { root } = board;
  let library;
  try {
    library = await plotly();
  } catch {
    return refuse(board, form, specs);
  }
  root.querySelector(".no-plotly")?.remove();
  if (board.form !== form || !root.isConnected) return;
  takeDown(board);
  board.library = library;
  Object.assign(board, { theme: themeOf(root), factor: typeFactor(root) });
  for (const spec of specs) {
    const place = root.querySelector(`[data-chart="${spec.name}"]`) ?? newPlace(root, spec);
    const chart = { spec, place, ...partsOf(place) };
    Object.assign(chart.caption, { textContent: spec.caption, title: spec.hint });
    chart.plot.setAttribute("aria-label", spec.sentence || spec.caption);
    dressChart(board, chart);
    board.charts.push(chart);
  }
  board.up = true;
  for (const { plot } of board.charts) board.sight.observe(plot);
  root.dataset.drawn = form;
  drawAll(board);
}

function refuse(board, form, specs) {
  const { root } = board;
  if (root.querySelector(".no-plotly")) return;
  const notice = Object.assign(document.createElement("p"), { className: "no-plotly" });
  notice.setAttribute("role", "alert");
  const again = Object.assign(document.createElement("button"), { textContent: "Try again" });
  notice.append("The charts' library, plotly.js, could not be loaded from this server. Sentences, tables and verdicts work without it. ", again);
  again.onclick = () => {
    notice.remove();
    board.form = undefined;
    putUp(board, form, specs);
  };
  root.prepend(notice);
}

function newPlace(root, { name, place }) {
  const figure = document.createElement("figure");
  figure.dataset.chart = name;
  figure.className = place;
  root.querySelector(".charts").append(figure);
  return figure;
}

function partsOf(place) {
  place.replaceChildren();
  const caption = place.appendChild(document.createElement("figcaption"));
  const plot = place.appendChild(document.createElement("div"));
  plot.className = "plot";
  // Not "img": the chart's own buttons are inside of it.
  plot.setAttribute("role", "figure");
  return { caption, plot };
}

function typeFactor(root) {
  return Number.parseFloat(getComputedStyle(root).getPropertyValue("--gradcore-type")) || 1;
}

function isNarrow({ spec, place }) {
  return Boolean(spec.narrow) && place.clientWidth < spec.narrow.below;
}

function dressChart(board, chart) {
  const colors = board.colors[board.theme];
  const { spec, layout: kept = {} } = chart;
  chart.isNarrow = isNarrow(chart);
  const tall = chart.isNarrow ? spec.narrow.tall : spec.tall;
  if (tall) chart.plot.style.setProperty("--tall", `${tall}px`);
  chart.data = sized(themed(spec.data, colors), board.factor);
  const own = chart.isNarrow ? { ...spec.layout, ...spec.narrow.layout } : spec.layout;
  chart.layout = sized(themed(own, colors), board.factor);
  // What the visitor has zoomed into stays (uirevision), and so does what is bound.
  chart.layout.datarevision = kept.datarevision ?? 0;
  chart.layout.uirevision = "kept";
  // Plotly would look up its place's size at each drawing, and the browser lay out the page for it.
  Object.assign(chart.layout, { autosize: false }, sizeOf(chart.plot));
  chart.fresh = true;
}

function sizeOf(plot) {
  const { width, height } = getComputedStyle(plot);
  return { width: Number.parseFloat(width) || undefined, height: Number.parseFloat(height) || undefined };
}

function dress(board) {
  const theme = themeOf(board.root);
  const factor = typeFactor(board.root);
  const sameWidths = board.charts.every((chart) => chart.isNarrow === isNarrow(chart));
  if (!board.up || (theme === board.theme && factor === board.factor && sameWidths)) return;
  Object.assign(board, { theme, factor });
  for (const chart of board.charts) dressChart(board, chart);
  drawAll(board);
}

function resize(board) {
  if (!board.up || !board.root.isConnected) return;
  dress(board);
  for (const { plot, layout, isUp } of board.charts) {
    const size = sizeOf(plot);
    if (!isUp || !size.width || !size.height || (size.width === layout.width && size.height === layout.height)) continue;
    Object.assign(layout, size);
    board.library.relayout(plot, size);
  }
}

// Charts that are out of sight are not drawn while it plays; those that come into it are at once.
function look(board, entries) {
  for (const { target, isIntersecting } of entries) {
    const chart = board.charts.find(({ plot }) => plot === target);
    if (!chart) continue;
    const comes = isIntersecting && chart.isSeen === false;
    chart.isSeen = isIntersecting;
    if (comes && board.at >= 0) feed(board, chart);
  }
}

function takeDown(board) {
  board.up = false;
  for (const { plot, isUp } of board.charts) {
    board.observer.unobserve(plot);
    board.sight.unobserve(plot);
    if (isUp) board.library.purge(plot);
  }
  board.charts = [];
}

// What is only a line's colour or width is restyled, in half the time of a whole drawing.
function isRestyled(chart) {
  return chart.isUp && !chart.fresh && chart.spec.bindings.every(([target, , how]) => how === "text" || /^data\.\d+\.(line\.|opacity)/.test(target));
}

// The title and the sentence.
function tellTexts(board, chart) {
  for (const binding of chart.spec.bindings) {
    if (binding[0] === "caption") write(chart.caption, valueOf(binding, board));
    else if (binding[0] === "sentence") chart.sentence = valueOf(binding, board);
  }
}

function feed(board, chart) {
  const { library } = board;
  tellTexts(board, chart);
  const restyled = isRestyled(chart);
  const styles = {};
  const traces = [...new Set(chart.spec.bindings.filter(([, , how]) => how !== "text").map(([target]) => Number(target.split(".")[1])))];
  for (const binding of chart.spec.bindings) {
    const [target] = binding;
    if (target === "caption" || target === "sentence") continue;
    const value = valueOf(binding, board);
    if (value === undefined) continue;
    put(chart, target, typeof value === "string" || typeof value[0] === "string" ? themed(value, board.colors[board.theme]) : value);
    if (restyled) {
      const [, trace, ...attribute] = target.split(".");
      styles[attribute.join(".")] ??= [];
      styles[attribute.join(".")][traces.indexOf(Number(trace))] = value;
    }
  }
  chart.fresh = false;
  // Put up with its first numbers: texts that come later to a figure without any are not drawn at once (plotly.js 4.1).
  if (!chart.isUp) return putUpOne(board, chart);
  if (restyled) return library.restyle(chart.plot, styles, traces);
  chart.layout.datarevision = ++board.drawn;
  return library.react(chart.plot, chart.data, chart.layout);
}

async function putUpOne(board, chart) {
  chart.isUp = true;
  await board.library.newPlot(chart.plot, chart.data, chart.layout, { ...CONFIG, modeBarButtonsToAdd: [savingButton(board, chart)] });
  board.observer.observe(chart.plot);
}

function canBeSeen(chart) {
  return chart.plot.clientWidth > 0 && chart.plot.checkVisibility();
}

// Show frame `at`: the first chart now, and if it is this board's turn, others as far as there is time.
async function draw(board, frames, at, isTurn) {
  Object.assign(board, { frames, at });
  if (!board.up || at < 0) return;
  const began = performance.now();
  const first = board.charts.find(({ isSeen }) => isSeen !== false);
  const others = board.charts.filter((chart) => chart !== first);
  if (first) await feed(board, first);
  for (let left = isTurn ? others.length : 0, drawn = 0; left && (!drawn || performance.now() - began < BUDGET_MS); left--) {
    const chart = others[board.next++ % others.length];
    if (chart.isSeen === false) tellTexts(board, chart);
    else {
      drawn += 1;
      await feed(board, chart);
    }
  }
}

// Show all charts as they are at frame `at`, with their sentences: at rest.
async function drawAll(board, frames = board.frames, at = board.at) {
  Object.assign(board, { frames, at });
  if (!board.up || at < 0) return;
  for (const chart of board.charts) {
    if (canBeSeen(chart)) await feed(board, chart);
    else chart.fresh = true;
  }
  describe(board);
}

function describe(board) {
  for (const { plot, sentence } of board.charts) if (sentence && plot.getAttribute("aria-label") !== sentence) plot.setAttribute("aria-label", sentence);
}

function leave(board) {
  board.observer.disconnect();
  board.sight.disconnect();
  if (board.up) takeDown(board);
}
