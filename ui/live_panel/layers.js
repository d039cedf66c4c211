// Charts of all layers at once, beside the gradient's own.

// Every layer's gradient over time as temperatures, the start on top, under the bars of the same layers.
const COURSE_ROWS = 80;
function drawCourse(area, track) {
  const left = 62, right = area.width - 8, layers = track.meta.layers, { context } = area;
  const every = Math.max(1, Math.ceil((track.at + 1) / COURSE_ROWS)), rows = Math.floor(track.at / every) + 1;
  const pixels = track.pixels?.width === layers ? track.pixels : (track.pixels = Object.assign(document.createElement("canvas"), { width: layers, height: COURSE_ROWS }));
  const image = new ImageData(layers, rows), last = Math.max(0, layers - 2);
  const odd = { zero: false, unreal: false };
  for (let row = 0; row < rows; row++) {
    const values = track.history[row * every].grad_rms;
    for (let layer = 0; layer < layers; layer++) {
      const value = values[layer], real = Number.isFinite(value);
      if (!real) odd.unreal = true;
      else if (value === 0) odd.zero = true;
      const color = !real ? UNREAL : value === 0 ? ZERO : temperatureOf(value / values[last]);
      const at = 4 * (row * layers + layer);
      image.data[at] = color[0]; image.data[at + 1] = color[1]; image.data[at + 2] = color[2]; image.data[at + 3] = 255;
    }
  }
  pixels.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels, 0, 0, layers, rows, left, 0, right - left, area.height);
  context.imageSmoothingEnabled = true;
  const slot = (right - left) / layers;
  if (slot > 12) for (let layer = 1; layer < layers; layer++) line(area, [[left + layer * slot, 0], [left + layer * slot, area.height]], area.paper, 2);
  write(area, "start", left - 8, 9, "right");
  write(area, "now", left - 8, area.height - 9, "right");
  return odd;
}

function layerLabels(area, layers, left, slot, y) {
  const every = Math.max(1, Math.ceil(30 / slot));
  for (let layer = 0; layer < layers; layer += every) write(area, String(layer + 1), left + (layer + 0.5) * slot, y, "center");
}

// Activations of the hidden layers, one upright histogram each; where they are many, as shades.
function drawHistograms(area, snapshot, layers) {
  const left = 48, right = area.width - 4, top = 8, bottom = area.height - 22, { context } = area;
  const slot = (right - left) / layers, { bins, histogram } = snapshot, tall = (bottom - top) / bins;
  const low = snapshot.low, high = snapshot.high;
  for (const [value, y] of [[high, top], [(low + high) / 2, (top + bottom) / 2], [low, bottom]]) grid(area, y, left, right, tickText(value));
  context.fillStyle = THEME.alive;
  for (let layer = 0; layer < layers; layer++) {
    const x = left + layer * slot;
    if (slot >= 12) {
      context.beginPath();
      context.moveTo(x + 1, bottom);
      for (let bin = 0; bin < bins; bin++) {
        const wide = 1 + histogram[layer * bins + bin] / 255 * (slot - 4);
        context.lineTo(x + wide, bottom - bin * tall);
        context.lineTo(x + wide, bottom - (bin + 1) * tall);
      }
      context.lineTo(x + 1, top);
      context.fill();
    } else for (let bin = 0; bin < bins; bin++) {
      context.globalAlpha = histogram[layer * bins + bin] / 255;
      if (context.globalAlpha > 0.02) context.fillRect(x, bottom - (bin + 1) * tall, slot + 0.5, tall + 0.5);
    }
    context.globalAlpha = 1;
  }
  layerLabels(area, layers, left, slot, bottom + 13);
}

// Shares of each hidden layer: saturated units × samples, and of it units that are so for every sample.
function drawShares(area, record, layers) {
  const left = 48, right = area.width - 4, top = 8, bottom = area.height - 20, { context } = area, slot = (right - left) / layers;
  for (const share of [0, 1]) grid(area, bottom - share * (bottom - top), left, right, 100 * share + " %");
  for (let layer = 0; layer < layers; layer++) {
    const wide = Math.max(1, slot * 0.72), x = left + layer * slot + (slot - wide) / 2;
    for (const [share, color] of [[record.saturated_fraction[layer], THEME.saturated], [record.dead_fraction[layer], THEME.dead]]) {
      context.fillStyle = color;
      if (share > 0) context.fillRect(x, bottom - share * (bottom - top), wide, share * (bottom - top));
    }
  }
  layerLabels(area, layers, left, slot, bottom + 12);
}

// std(update) ÷ std(weight) of each layer on a logarithmic axis, with the 1e-3 that practice calls healthy.
const UPDATE_LOW = -10, UPDATE_HIGH = 1, UPDATE_RULE = -3;
function drawUpdates(area, record) {
  const left = 48, right = area.width - 4, top = 8, bottom = area.height - 20, { context } = area, layers = record.update_ratio.length;
  const slot = (right - left) / layers, y = power => bottom - (Math.min(UPDATE_HIGH, Math.max(UPDATE_LOW, power)) - UPDATE_LOW) / (UPDATE_HIGH - UPDATE_LOW) * (bottom - top);
  for (const power of [UPDATE_LOW, UPDATE_HIGH]) grid(area, y(power), left, right, powerOfTen(power));
  line(area, [[left, y(UPDATE_RULE)], [right, y(UPDATE_RULE)]], area.ink, 1, [2, 4]);
  write(area, powerOfTen(UPDATE_RULE), left - 8, y(UPDATE_RULE), "right");
  record.update_ratio.forEach((value, layer) => {
    const x = left + (layer + 0.5) * slot;
    if (value > 0 && Number.isFinite(value)) {
      context.fillStyle = THEME.cold;
      context.beginPath();
      context.arc(x, y(Math.log10(value)), Math.min(5, Math.max(1.5, slot / 3)), 0, 7);
      context.fill();
    } else if (slot >= 12) write(area, value === 0 ? "0" : Number.isNaN(value) ? "–" : "∞", x, value > 0 ? top + 6 : bottom - 8, "center");
  });
  layerLabels(area, layers, left, slot, bottom + 12);
}
