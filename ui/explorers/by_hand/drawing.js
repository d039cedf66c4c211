// The network as an SVG: the input left, the bias as the weight of a constant 1, numbers as far as the step has come.
const SVG = "http://www.w3.org/2000/svg", COLUMN = 230, ROW = 128, RADIUS = 38;

function shape(parent, name, attributes, content) {
  const element = parent.appendChild(document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (content !== undefined) element.textContent = content;
  return element;
}

// Short enough for a circle; the tables have all digits.
function brief(value) {
  if (!Number.isFinite(value)) return readable(value);
  return value === 0 ? "0" : Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4 ? readable(Number(value.toPrecision(2))) : String(Number(value.toPrecision(3))).replace("-", "−");
}

function placesOf(sizes) {
  const tallest = Math.max(...sizes.map((size, layer) => size + (layer < sizes.length - 1 ? 1 : 0)));
  const place = (layer, unit) => {
    const count = sizes[layer] + (layer < sizes.length - 1 ? 1 : 0);
    return [70 + layer * COLUMN, RADIUS + 14 + (unit + (tallest - count) / 2) * ROW * 0.82];
  };
  return { place, width: 140 + (sizes.length - 1) * COLUMN + 90, height: 2 * RADIUS + 40 + (tallest - 1) * ROW * 0.82 };
}

function drawNetwork(svg, packet, now, ink, paper) {
  const { sizes, values, moments } = packet, { place, width, height } = placesOf(sizes), moment = moments[now];
  const done = new Set(moments.slice(0, now + 1).map(one => one.phase + one.layer + "," + one.unit + "," + one.weight));
  svg.replaceChildren();
  svg.setAttribute("viewBox", "0 0 " + width + " " + height);
  svg.style.aspectRatio = width + "/" + height;
  svg.style.maxWidth = width * 1.1 + "px";
  let at = 0;
  const edges = [], labels = [];
  for (let layer = 1; layer < sizes.length; layer++) for (let unit = 0; unit < sizes[layer]; unit++) for (let source = 0; source <= sizes[layer - 1]; source++, at++) {
    const [x1, y1] = place(layer - 1, source), [x2, y2] = place(layer, unit), here = moment.weight === at;
    const lit = here || moment.weight < 0 && moment.layer === layer - 1 && moment.unit === unit && moment.phase === "Guess" || moment.phase === "Propagate" && moment.layer === layer - 2 && moment.unit === source;
    edges.push([x1, y1, x2, y2, lit, here]);
    // Beside its own end, so that the numbers of one unit stand in a column; apart from each other.
    const part = sizes[layer - 1] > 2 ? 0.56 + 0.1 * ((source + unit) % 3) : 0.6, changed = done.has("Correct" + (layer - 1) + "," + unit + "," + at);
    labels.push([x1 + part * (x2 - x1), y1 + part * (y2 - y1), changed ? brief(packet.next[at]) : brief(values.w[at]), lit, changed]);
  }
  for (const [x1, y1, x2, y2, lit] of edges) shape(svg, "line", { x1, y1, x2, y2, stroke: lit ? THEME.hot : ink, "stroke-width": lit ? 4 : 1.5, "stroke-opacity": lit ? 1 : 0.35 });
  // In larger networks only those that are looked at: the table has them all.
  for (const [x, y, content, lit, changed] of labels.sort((a, b) => a[3] - b[3])) if (lit || sizes[0] * sizes[1] <= 4) weightLabel(svg, x, y, content, lit, changed, ink, paper);
  sizes.forEach((size, layer) => {
    for (let unit = 0; unit < size + (layer < sizes.length - 1 ? 1 : 0); unit++) node(svg, packet, now, done, place(layer, unit), layer, unit, ink, paper);
  });
}

function weightLabel(svg, x, y, content, lit, changed, ink, paper) {
  shape(svg, "text", { x, y, "text-anchor": "middle", "dominant-baseline": "middle", "font-size": lit ? 17 : 14, "font-weight": lit || changed ? 700 : 400, fill: changed ? THEME.right : ink, stroke: paper, "stroke-width": 5, "paint-order": "stroke" }, content);
}

function node(svg, packet, now, done, [x, y], layer, unit, ink, paper) {
  const { sizes, values, moments } = packet, moment = moments[now], bias = unit === sizes[layer], input = layer === 0, before = sizes.slice(1, layer).reduce((sum, one) => sum + one, 0) + unit;
  const lit = !input && !bias && moment.layer === layer - 1 && moment.unit === unit, known = done.has("Guess" + (layer - 1) + "," + unit + ",-1"), blamed = done.has("Propagate" + (layer - 1) + "," + unit + ",-1");
  shape(svg, "circle", { cx: x, cy: y, r: RADIUS, fill: paper, stroke: lit ? THEME.hot : ink, "stroke-width": lit ? 5 : 2, "stroke-dasharray": bias ? "5 4" : "" });
  const line = (dy, content, size = 16, weight = 400, fill = ink) => shape(svg, "text", { x, y: y + dy, "text-anchor": "middle", "dominant-baseline": "middle", "font-size": size, "font-weight": weight, fill }, content);
  if (bias) return line(0, "1", 18);
  if (input) return line(0, brief(values.x[unit]), 18, 600);
  if (known) { line(-13, "z " + brief(packet.z[before]), 13); line(6, brief(packet.a[before]), 18, 600); }
  else line(0, "?", 18);
  if (blamed) line(RADIUS + 13, "δ " + brief(packet.delta[before]), 15, 700, THEME.hot);
  if (layer === sizes.length - 1) shape(svg, "text", { x: x + RADIUS + 10, y, "dominant-baseline": "middle", "font-size": 15, fill: ink }, "target " + brief(values.t[unit]));
}
