// The way of δ from the loss to the input: what each layer's weights and the rest multiply it by, on a log axis.
const FLOW_LEFT = 62, FLOW_RIGHT = 12;

function flowAxis(area, values, top, floor, least = 1) {
  const real = values.filter(Number.isFinite);
  let low = Math.floor(Math.min(...real) - 0.05), high = Math.ceil(Math.max(...real) + 0.05);
  if (!real.length) [low, high] = [-1, 1];
  if (high - low < least) low = high - least;
  const y = power => floor - (Math.min(high, Math.max(low, power)) - low) / (high - low) * (floor - top), every = Math.max(1, Math.ceil((high - low) / 6));
  for (let power = Math.ceil(low / every) * every; power <= high; power += every) grid(area, y(power), FLOW_LEFT, area.width - FLOW_RIGHT, powerOfTen(power));
  return { y, low, high };
}

function flowLabels(area, count, x, floor) {
  const every = Math.ceil(28 / (x(1) - x(0))), end = x(count - 1);
  for (let layer = 0; layer < count - 1 && end - x(layer) > 26; layer += every) write(area, String(layer + 1), x(layer), floor + 13, "center");
  write(area, "out", end, floor + 13, "center");
}

function drawWaterfall(area, packet) {
  const { context } = area, { depth, deltas, weights, others, lower, upper } = packet, top = 12, floor = area.height - 24, count = depth + 1;
  const slot = (area.width - FLOW_LEFT - FLOW_RIGHT) / count, x = layer => FLOW_LEFT + (layer + 0.5) * slot, wide = Math.min(26, slot * 0.42);
  const between = Array.from(weights, (power, layer) => deltas[layer + 1] + power);
  const { y } = flowAxis(area, [...deltas, ...between, ...lower, ...upper], top, floor);
  context.fillStyle = THEME.alive;
  context.globalAlpha = 0.25;
  context.beginPath();
  const real = Array.from(deltas, (_, layer) => layer).filter(layer => Number.isFinite(lower[layer]) && Number.isFinite(upper[layer]));
  for (const layer of real) context.lineTo(x(layer), y(upper[layer]));
  for (const layer of [...real].reverse()) context.lineTo(x(layer), y(lower[layer]));
  context.fill();
  context.globalAlpha = 1;
  // The gradient comes from the right: first the weights' part of a layer's factor, then the rest.
  for (let layer = depth - 1; layer >= 0; layer--) {
    if (!Number.isFinite(between[layer]) || !Number.isFinite(deltas[layer])) { write(area, deltas[layer] === -Infinity ? "0" : "?", x(layer), floor - 10, "center", THEME.zero, true); continue; }
    const start = x(layer) + slot / 2;
    flowBar(area, start - wide - 1, wide, y(deltas[layer + 1]), y(between[layer]), THEME.right, false);
    flowBar(area, x(layer) - slot / 2 + slot * 0.06, wide, y(between[layer]), y(deltas[layer]), THEME.saturated, slot > 14);
  }
  line(area, real.map(layer => [x(layer), y(deltas[layer])]), area.ink, 2);
  for (const layer of real) { context.fillStyle = area.ink; context.beginPath(); context.arc(x(layer), y(deltas[layer]), Math.min(4.5, Math.max(1.5, slot / 6)), 0, 7); context.fill(); }
  flowLabels(area, count, x, floor);
}

function flowBar(area, left, wide, from, to, color, hatched) {
  const { context } = area, top = Math.min(from, to), tall = Math.max(2, Math.abs(to - from));
  context.fillStyle = color;
  context.globalAlpha = hatched ? 0.55 : 0.85;
  context.fillRect(left, top, wide, tall);
  context.globalAlpha = 1;
  if (!hatched) return;
  context.save();
  context.beginPath();
  context.rect(left, top, wide, tall);
  context.clip();
  for (let at = -tall; at < wide; at += 6) line(area, [[left + at, top + tall], [left + at + tall, top]], color, 1.5);
  context.restore();
}

// The weight gradients, and where number formats end.
function drawGradients(area, packet) {
  const { gradients, depth, formats } = packet, top = 12, floor = area.height - 24, count = depth + 1, powers = Array.from(gradients, Math.log10);
  const real = powers.filter(Number.isFinite), least = Math.min(...real), shownLines = Object.entries(formats).filter(([, [, tiny]]) => Math.log10(tiny) > least - 8);
  const { y, low } = flowAxis(area, [...powers, ...shownLines.map(([, [, tiny]]) => Math.log10(tiny))], top, floor), slot = (area.width - FLOW_LEFT - FLOW_RIGHT) / count, x = layer => FLOW_LEFT + (layer + 0.5) * slot;
  powers.forEach((power, layer) => {
    if (!Number.isFinite(power)) return write(area, power === -Infinity ? "0" : "?", x(layer), floor - 10, "center", THEME.zero, true);
    area.context.fillStyle = temperature(gradients[layer] / gradients[Math.max(0, depth - 1)]);
    area.context.fillRect(x(layer) - slot * 0.36, y(power), slot * 0.72, floor - y(power));
  });
  for (const [name, [, tiny]] of shownLines) {
    const power = Math.log10(tiny);
    if (power < low) continue;
    line(area, [[FLOW_LEFT, y(power)], [area.width - FLOW_RIGHT, y(power)]], THEME.underflow, 2, [6, 4]);
    write(area, "0 in " + name + " below", FLOW_LEFT + 4, y(power) - 11, "left", THEME.underflow, true);
  }
  flowLabels(area, count, x, floor);
}

function drawCurves(area, names, curves) {
  const top = 12, floor = area.height - 24, count = curves[0].length, right = area.width - 110, { y } = flowAxis(area, curves.flatMap(curve => [...curve]), top, floor);
  const slot = (right - FLOW_LEFT) / count, x = layer => FLOW_LEFT + (layer + 0.5) * slot, ends = [];
  curves.forEach((curve, i) => {
    const points = Array.from(curve, (power, layer) => [x(layer), y(power)]).filter((_, layer) => Number.isFinite(curve[layer]));
    line(area, points, THEME.variants[i], 3, THEME.dashes[i]);
    ends.push([Number.isFinite(curve[0]) ? y(curve[0]) : floor, names[i], THEME.variants[i], Number.isFinite(curve[0])]);
  });
  // Names at the right, in the order of the curves at layer 1, kept apart.
  let last = -Infinity;
  for (const [at, name, color, known] of ends.sort((a, b) => a[0] - b[0])) {
    last = Math.max(last + 18, Math.min(at, floor - 18 * ends.length));
    write(area, name + (known ? "" : ": exactly 0"), right + 8, last, "left", color, true);
  }
  flowLabels(area, count, x, floor);
}

// Singular values, largest first: of one layer's Jacobian (dashed) and of the product of all.
function drawStretched(area, names, ones, products) {
  const top = 12, floor = area.height - 24, floorPower = Math.max(...products.flatMap(values => [...values]).filter(Number.isFinite), 0) - 20;
  const clip = values => Array.from(values, power => Math.max(floorPower, power)), all = [...ones, ...products].flatMap(clip), { y } = flowAxis(area, all, top, floor);
  const right = area.width - FLOW_RIGHT, x = (at, size) => FLOW_LEFT + at / Math.max(1, size - 1) * (right - FLOW_LEFT);
  names.forEach((name, i) => {
    const points = values => clip(values).map((power, at) => [x(at, values.length), y(power)]);
    line(area, points(ones[i]), THEME.variants[i], 2, [4, 4]);
    line(area, points(products[i]), THEME.variants[i], 3.5);
    write(area, name, FLOW_LEFT + 6, floor - 14 - 20 * (names.length - 1 - i), "left", THEME.variants[i], true);
  });
  write(area, "largest", FLOW_LEFT, floor + 13);
  write(area, "smallest", right, floor + 13, "right");
}
