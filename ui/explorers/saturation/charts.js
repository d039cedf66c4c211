// The activation's plane: φ and φ′ over z, the inputs' distribution below, the outputs' at the side.
const PLANE_RIGHT = 150, PLANE_LEFT = 62;

function planeX(area, packet) {
  return z => PLANE_LEFT + (z + packet.reach) / (2 * packet.reach) * (area.width - PLANE_RIGHT - PLANE_LEFT);
}

function drawPlane(area, packet) {
  const { context } = area, { reach, low, high, bins } = packet, x = planeX(area, packet), right = x(reach);
  const top = 12, floor = area.height - 24, axis = top + (floor - top) * 0.66, y = value => axis - (value - low) / (high - low) * (axis - top);
  for (const [from, to] of [[-reach, Math.max(-reach, packet.saturation[0])], [Math.min(reach, packet.saturation[1]), reach]]) {
    if (to - from < 1e-9) continue;
    context.globalAlpha = 0.13;
    context.fillStyle = THEME.saturated;
    context.fillRect(x(from), top, x(to) - x(from), floor - top);
    context.globalAlpha = 1;
    if (x(to) - x(from) > 90) write(area, "saturated", (x(from) + x(to)) / 2, axis - 12, "center", THEME.saturated, true);
  }
  for (const tick of planeTicks(low, high)) grid(area, y(tick), PLANE_LEFT, right, tickText(tick));
  for (let z = -reach; z <= reach; z += 2) write(area, tickText(z), x(z), floor + 13, "center");
  const points = values => Array.from(values, (value, i) => [x(-reach + 2 * reach * i / (values.length - 1)), y(Math.min(high, Math.max(low, value)))]);
  line(area, points(packet.curve), THEME.quantity.accuracy, 3.5);
  line(area, points(packet.slope), THEME.quantity.loss, 3.5, [10, 5]);
  write(area, "φ", PLANE_LEFT + 10, y(packet.curve[4]) - 14, "left", THEME.quantity.accuracy, true);
  const peak = packet.slope.indexOf(Math.max(...packet.slope));
  write(area, "φ′, at most " + readable(packet.largest), points(packet.slope)[Math.min(packet.slope.length - 40, Math.max(40, peak))][0] + 8, y(Math.min(high, packet.largest)) - 12, "left", THEME.quantity.loss, true);
  drawInputs(area, packet, x, axis + 14, floor);
  drawOutputs(area, packet, right + 10, y);
}

function planeTicks(low, high) {
  return high - low > 6 ? [-4, -2, 0, 2, 4].filter(tick => tick >= low && tick <= high) : [-2, -1, -0.5, 0, 0.5, 1, 1.5].filter(tick => tick >= low - 1e-9 && tick <= high + 1e-9);
}

function drawInputs(area, packet, x, top, floor) {
  const { context } = area, { inputs, bins, reach } = packet, most = Math.max(...inputs), wide = 2 * reach / bins;
  for (let bin = 0; bin < bins; bin++) {
    const z = -reach + (bin + 0.5) * wide, tall = inputs[bin + 1] / most * (floor - top);
    context.fillStyle = z < packet.saturation[0] || z > packet.saturation[1] ? THEME.saturated : THEME.alive;
    context.fillRect(x(z - wide / 2) + 0.5, floor - tall, x(wide) - x(0) - 1, tall);
  }
  for (const [share, side] of [[inputs[0], -1], [inputs[bins + 1], 1]]) {
    if (share < 0.0005) continue;
    write(area, percent(share) + (side < 0 ? " below " : " beyond ") + tickText(side * reach), x(side * reach) - side * 6, top + 10, side < 0 ? "left" : "right", THEME.saturated, true);
  }
  line(area, [[x(-reach), floor], [x(reach), floor]], area.ink);
}

function drawOutputs(area, packet, left, y) {
  const { outputs, bins, low, high } = packet, { context } = area, right = area.width - 6, most = Math.max(...outputs), tall = (high - low) / bins;
  context.fillStyle = THEME.quantity.accuracy;
  for (let bin = -1; bin <= bins; bin++) {
    const share = outputs[bin + 1], at = y(low + (Math.min(bins - 1, Math.max(0, bin)) + 1) * tall);
    if (share > 0) context.fillRect(left, at, share / most * (right - left), Math.max(1, y(0) - y(tall) - 0.5));
  }
  line(area, [[left, y(low)], [left, y(high)]], area.ink);
  write(area, "φ of the inputs", left, y(low) + 14, "left");
}

// What share of the units lets how much of the gradient through, on a logarithmic axis.
function drawSlopes(area, packet) {
  const { context } = area, { slopes, decades, perDecade } = packet, left = 12, right = area.width - 12, top = 26, floor = area.height - 24;
  const gap = 10, zero = 34, count = decades * perDecade + 1, slot = (right - left - zero - gap) / count, most = Math.max(...slopes);
  const x = bin => bin === 0 ? left : left + zero + gap + (bin - 1) * slot, edge = power => x(2) + (power + decades) * perDecade * slot;
  slopes.forEach((share, bin) => {
    const tall = share / most * (floor - top);
    context.fillStyle = bin < 2 + (decades - 2) * perDecade ? THEME.saturated : bin < 2 + (decades - 1) * perDecade ? mix(THEME.saturated, THEME.alive, 0.5) : THEME.alive;
    context.fillRect(x(bin) + 0.5, floor - tall, (bin ? slot : zero) - 1, tall);
  });
  if (slopes[0] > 0) write(area, percent(slopes[0]), left, floor - slopes[0] / most * (floor - top) - 10, "left", THEME.saturated, true);
  line(area, [[left, floor], [right, floor]], area.ink);
  write(area, "0", left + zero / 2, floor + 13, "center");
  for (const power of [-8, -6, -4, -2, 0]) write(area, power === 0 ? "1" : powerOfTen(power), Math.min(right - 4, edge(power)), floor + 13, "center");
  for (const [power, name] of [[-2, "1 %"], [-1, "10 %"]]) {
    line(area, [[edge(power), top - 4], [edge(power), floor]], area.ink, 1.5, [4, 3]);
    write(area, name, edge(power), top - 14, "center");
  }
}

// Every layer's pre-activations as shades, the input below; one input's way through them; the chosen layer framed.
function drawShades(area, packet) {
  const { context } = area, { depth, bins, shades, reach } = packet, x = planeX(area, packet), top = 8, floor = area.height - 24, tall = (floor - top) / depth;
  const small = drawShades.small ??= document.createElement("canvas"), image = new ImageData(bins, depth);
  small.width = bins; small.height = depth;
  const light = channels(THEME.cold), dark = channels(THEME.saturated);
  for (let layer = 0; layer < depth; layer++) for (let bin = 0; bin < bins; bin++) {
    const z = -reach + (bin + 0.5) / bins * 2 * reach, color = z < packet.saturation[0] || z > packet.saturation[1] ? dark : light, at = 4 * ((depth - 1 - layer) * bins + bin);
    image.data.set([...color, shades[layer * bins + bin]], at);
  }
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x(-reach), top, x(reach) - x(-reach), floor - top);
  context.imageSmoothingEnabled = true;
  const row = layer => floor - (layer + 0.5) * tall, every = Math.ceil(18 / tall);
  for (let layer = 0; layer < depth; layer += every) {
    write(area, String(layer + 1), PLANE_LEFT - 8, row(layer), "right");
    write(area, percent(packet.nothing[layer]), x(reach) + 10, row(layer), "left", packet.nothing[layer] > 0.005 ? THEME.saturated : area.ink);
  }
  for (let z = -reach; z <= reach; z += 2) write(area, tickText(z), x(z), floor + 13, "center");
  write(area, "saturated", x(reach) + 10, floor + 13);
  line(area, Array.from(packet.pathZ, (z, layer) => [x(Math.min(reach, Math.max(-reach, z))), row(layer)]), THEME.hot, 2);
  packet.pathZ.forEach((z, layer) => {
    context.fillStyle = THEME.hot;
    context.beginPath();
    context.arc(x(Math.min(reach, Math.max(-reach, z))), row(layer), Math.min(5, Math.max(2, tall / 3)), 0, 7);
    context.fill();
  });
  context.strokeStyle = area.ink;
  context.lineWidth = 2;
  context.strokeRect(x(-reach) - 1, floor - packet.layer * tall, x(reach) - x(-reach) + 2, tall);
}

// What is left of a gradient of 1 on its way down along the followed path, with and without the weights.
function drawPath(area, packet) {
  const left = 62, right = area.width - 12, top = 12, floor = area.height - 24, { depth, without, withWeights } = packet;
  const real = [...without, ...withWeights].filter(Number.isFinite), low = Math.min(-1, Math.floor(Math.min(...real, 0))), high = Math.max(0, Math.ceil(Math.max(...real, 0)));
  const y = power => floor - (Math.min(high, Math.max(low, power)) - low) / (high - low) * (floor - top), x = layer => left + 8 + (depth > 1 ? layer / (depth - 1) : 0.5) * (right - left - 16);
  const every = Math.max(1, Math.ceil((high - low) / 4));
  for (let power = high; power >= low; power -= every) grid(area, y(power), left, right, powerOfTen(power));
  line(area, Array.from(without, (power, layer) => [x(layer), y(power)]), THEME.quantity.loss, 3, [10, 5]);
  line(area, Array.from(withWeights, (power, layer) => [x(layer), y(power)]), area.ink, 3);
  write(area, "layer 1", left, floor + 13);
  write(area, "layer " + depth, right, floor + 13, "right");
}

// Mean activation of every layer: now, or over training.
function drawMeans(area, explorer) {
  const { packet, course } = explorer, left = 62, right = area.width - 12, top = 10, floor = area.height - 24;
  const all = course.flatMap(([, means]) => [...means]).filter(Number.isFinite), low = Math.min(0, ...all), high = Math.max(low + 1e-9, ...all, packet.high > 2 ? 0 : Math.min(1, packet.high));
  const y = value => floor - (value - low) / (high - low) * (floor - top);
  for (const tick of [low, (low + high) / 2, high]) grid(area, y(tick), left, right, tickText(Number(tick.toPrecision(2))));
  const last = course[course.length - 1][0], color = layer => mix(THEME.cold, THEME.hot, packet.depth > 1 ? layer / (packet.depth - 1) : 1);
  if (course.length < 2) {
    const slot = (right - left) / packet.depth;
    packet.means.forEach((mean, layer) => {
      area.context.fillStyle = color(layer);
      if (Number.isFinite(mean)) area.context.fillRect(left + layer * slot + 1, Math.min(y(mean), y(0)), Math.max(1, slot - 2), Math.max(1, Math.abs(y(mean) - y(0))));
    });
    write(area, "layer 1", left, floor + 13);
    write(area, "layer " + packet.depth, right, floor + 13, "right");
    return;
  }
  const x = step => left + step / last * (right - left - 22);
  for (let layer = 0; layer < packet.depth; layer++) {
    const points = course.map(([step, means]) => [x(step), y(means[layer])]);
    line(area, points, color(layer), layer === packet.depth - 1 ? 3.5 : 2);
    if (packet.depth <= 6) write(area, String(layer + 1), right - 14, points[points.length - 1][1], "left", color(layer), true);
  }
  write(area, "step 0", left, floor + 13);
  write(area, "step " + last.toLocaleString("en"), right, floor + 13, "right");
}
