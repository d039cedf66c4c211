// Charts of several variants on shared axes.
const TINY = 2 ** -126;

// Median and quartiles of what is a number.
function quartiles(values) {
  const sorted = [...values].filter(value => !Number.isNaN(value)).sort((a, b) => a - b), at = part => {
    const place = part * (sorted.length - 1), low = Math.floor(place), high = Math.ceil(place);
    return sorted[low] === sorted[high] ? sorted[low] : sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  };
  return sorted.length ? [at(0.25), at(0.5), at(0.75)] : [NaN, NaN, NaN];
}

function ofVariant(values, variant, size) {
  return values.subarray(variant * size, (variant + 1) * size);
}

function fitted(area, text, width) {
  if (area.context.measureText(text).width <= width) return text;
  while (text && area.context.measureText(text + "…").width > width) text = text.slice(0, -1);
  return text + "…";
}

// Which color a gradient has against the last hidden layer's, what has no place on the scale included.
function mapColor(value, last) {
  if (Number.isNaN(value) || value === Infinity) return UNREAL;
  if (value === 0) return ZERO;
  if (value < TINY) return UNDERFLOW;
  return temperatureOf(value / last);
}

// One picture a variant: layers upwards from the input, time to the right, all on one scale.
const MAP_COLUMNS = 160;
function drawMaps(area, track) {
  const { names, depths, layers } = track.meta, count = names.length, { context, width, height } = area;
  const left = 58, gap = 10, perRow = width < 700 ? Math.min(2, count) : count, rows = Math.ceil(count / perRow);
  const slot = (width - left - gap * (perRow - 1)) / perRow, tall = height / rows, odd = new Set();
  const verdict = verdictOf(track), every = Math.max(1, Math.ceil((track.at + 1) / MAP_COLUMNS)), columns = Math.floor(track.at / every) + 1;
  for (let variant = 0; variant < count; variant++) {
    const x = left + (variant % perRow) * (slot + gap), y = Math.floor(variant / perRow) * tall, top = y + 40, bottom = y + tall - 28;
    context.font = "600 " + THEME.font + "px " + area.font;
    write(area, fitted(area, names[variant], slot), x, y + 10, "left", THEME.variants[variant]);
    context.font = (THEME.font - 2) + "px " + area.font;
    write(area, fitted(area, track.meta.formulas[variant], slot), x, y + 28);
    context.font = THEME.font + "px " + area.font;
    const own = depths[variant] + 1, last = Math.max(0, own - 2), image = new ImageData(columns, own);
    for (let column = 0; column < columns; column++) {
      const values = ofVariant(track.history[column * every].gradient, variant, layers);
      for (let layer = 0; layer < own; layer++) {
        const color = mapColor(values[layer], values[last]), at = 4 * ((own - 1 - layer) * columns + column);
        if (color === ZERO) odd.add("violet: exactly 0");
        if (color === UNDERFLOW) odd.add("pink: underflow, below 10⁻³⁸");
        if (color === UNREAL) odd.add("crimson: ∞, NaN or diverged");
        image.data[at] = color[0]; image.data[at + 1] = color[1]; image.data[at + 2] = color[2]; image.data[at + 3] = 255;
      }
    }
    const small = drawMaps.small ??= document.createElement("canvas");
    small.width = columns; small.height = own;
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, x, top, slot, bottom - top);
    context.imageSmoothingEnabled = true;
    if ((bottom - top) / own > 9) for (let layer = 1; layer < own; layer++) line(area, [[x, top + layer * (bottom - top) / own], [x + slot, top + layer * (bottom - top) / own]], area.paper, 1.5);
    if (variant % perRow === 0) {
      write(area, "output", left - 8, top + 8, "right");
      write(area, "input", left - 8, bottom - 8, "right");
    }
    if (verdict) {
      const agreeing = verdict.agreeing[variant], all = track.meta.seeds;
      context.font = "600 " + THEME.font + "px " + area.font;
      write(area, fitted(area, capital(verdict.names[variant]) + (agreeing < all ? " (" + agreeing + " of " + all + ")" : ""), slot), x, bottom + 14, "left", THEME.verdict[verdict.names[variant]]);
      context.font = THEME.font + "px " + area.font;
    }
  }
  return [...odd];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Medians over seeds as lines, quartiles as bands, on demand every run; labels at the end where there is room.
function drawBands(area, track, name, lowest, highest, ticks, format, singles, reference) {
  const { names, seeds } = track.meta, { context } = area, roomy = area.width > 440;
  const left = 58, right = area.width - (roomy ? 128 : 10), top = 10, bottom = area.height - 22;
  const every = Math.max(1, Math.floor(track.at / 300)), records = [];
  for (let i = 0; i <= track.at; i++) if ((i % every === 0 || i === track.at) && track.history[i][name].some(value => !Number.isNaN(value))) records.push(track.history[i]);
  const lastStep = Math.max(1, track.history[track.at].step), x = step => left + step / lastStep * (right - left);
  const y = value => bottom - (Math.min(highest, Math.max(lowest, value)) - lowest) / (highest - lowest) * (bottom - top);
  for (const tick of ticks) grid(area, y(tick), left, right, format(tick));
  if (reference && reference.value < highest) {
    line(area, [[left, y(reference.value)], [right, y(reference.value)]], area.ink, 1, [2, 4]);
    write(area, reference.name, right, y(reference.value) - 10, "right", area.ink, true);
  }
  const ends = [];
  names.forEach((label, variant) => {
    const color = THEME.variants[variant], points = records.map(record => [record.step, quartiles(ofVariant(record[name], variant, seeds))]).filter(([, three]) => Number.isFinite(three[1]));
    if (!points.length) return;
    context.fillStyle = color;
    context.globalAlpha = 0.16;
    context.beginPath();
    for (const [step, three] of points) context.lineTo(x(step), y(three[2]));
    for (const [step, three] of [...points].reverse()) context.lineTo(x(step), y(three[0]));
    context.fill();
    if (singles) {
      context.globalAlpha = 0.45;
      for (let seed = 0; seed < seeds; seed++) {
        const own = records.map(record => [x(record.step), record[name][variant * seeds + seed]]).filter(([, value]) => Number.isFinite(value));
        line(area, own.map(([at, value]) => [at, y(value)]), color, 1);
      }
    }
    context.globalAlpha = 1;
    line(area, points.map(([step, three]) => [x(step), y(three[1])]), color, 2.5, THEME.dashes[variant]);
    ends.push([y(points[points.length - 1][1][1]), label, color]);
  });
  if (roomy) spread(ends, top + 4, bottom, 17).forEach(([at, label, color]) => write(area, fitted(area, label, 118), right + 8, at, "left", color));
  write(area, "step 0", left, bottom + 13);
  write(area, "step " + lastStep.toLocaleString("en"), right, bottom + 13, "right");
}

// Labels moved apart, in their order.
function spread(labels, top, bottom, apart) {
  const sorted = [...labels].sort((a, b) => a[0] - b[0]);
  let from = top;
  for (const label of sorted) { label[0] = Math.max(label[0], from); from = label[0] + apart; }
  let to = bottom;
  for (const label of [...sorted].reverse()) { label[0] = Math.min(label[0], to); to = label[0] - apart; }
  return sorted;
}

// The spread of activations by layer on a logarithmic axis: at the start a thin line, now a bold one.
function drawSpread(area, track) {
  const { names, depths, layers } = track.meta, { context } = area, left = 58, right = area.width - 10, top = 10, bottom = area.height - 22;
  const both = [track.history[0], track.history[track.at]], deepest = Math.max(...depths);
  const powers = both.flatMap(record => [...record.activation_std].filter(value => value > 0 && Number.isFinite(value)).map(Math.log10));
  track.spreadLow = Math.max(-12, Math.min(track.spreadLow ?? -1, Math.floor(Math.min(0, ...powers))));
  track.spreadHigh = Math.min(12, Math.max(track.spreadHigh ?? 0, Math.ceil(Math.max(0, ...powers))));
  const low = track.spreadLow, high = track.spreadHigh, y = power => bottom - (Math.min(high, Math.max(low, power)) - low) / (high - low) * (bottom - top);
  const every = Math.max(1, Math.ceil((high - low) / 4));
  for (let power = high; power >= low; power -= every) grid(area, y(power), left, right, powerOfTen(power));
  const x = layer => left + 12 + (deepest > 1 ? layer / (deepest - 1) : 0.5) * (right - left - 24);
  names.forEach((_, variant) => both.forEach((record, now) => {
    const values = ofVariant(record.activation_std, variant, layers), points = [];
    for (let layer = 0; layer < depths[variant]; layer++) if (Number.isFinite(values[layer])) points.push([x(layer), values[layer] > 0 ? y(Math.log10(values[layer])) : bottom]);
    context.globalAlpha = now ? 1 : 0.6;
    line(area, points, THEME.variants[variant], now ? 2.5 : 1, now ? THEME.dashes[variant] : []);
    context.globalAlpha = 1;
  }));
  write(area, "layer 1", left, bottom + 13);
  write(area, "layer " + deepest, right, bottom + 13, "right");
}

// Activations of every layer of every variant, as shades on each variant's own axis.
function drawBars(area, track, picture) {
  const { names, depths, layers } = track.meta, { context, width, height } = area, count = names.length, rowsOf = Math.max(1, layers - 1);
  const left = 58, gap = 34, perRow = width < 700 ? Math.min(2, count) : count, rows = Math.ceil(count / perRow), slot = (width - left - gap * (perRow - 1)) / perRow, tall = height / rows;
  for (let variant = 0; variant < count; variant++) {
    const x = left + (variant % perRow) * (slot + gap), y = Math.floor(variant / perRow) * tall, top = y + 24, bottom = y + tall - 20, own = Math.max(1, depths[variant]);
    context.font = "600 " + THEME.font + "px " + area.font;
    write(area, fitted(area, names[variant], slot), x, y + 10, "left", THEME.variants[variant]);
    context.font = (THEME.font - 3) + "px " + area.font;
    write(area, tickText(picture.high[variant]), x - 5, top + 6, "right");
    write(area, tickText(picture.low[variant]), x - 5, bottom - 6, "right");
    context.font = THEME.font + "px " + area.font;
    context.fillStyle = THEME.variants[variant];
    const wide = slot / own, step = (bottom - top) / picture.bins;
    for (let layer = 0; layer < own; layer++) for (let bin = 0; bin < picture.bins; bin++) {
      context.globalAlpha = picture.histogram[(variant * rowsOf + layer) * picture.bins + bin] / 255;
      if (context.globalAlpha > 0.03) context.fillRect(x + layer * wide, bottom - (bin + 1) * step, wide + 0.4, step + 0.4);
    }
    context.globalAlpha = 1;
    write(area, "1", x + 2, bottom + 12);
    write(area, String(depths[variant]), x + slot - 2, bottom + 12, "right");
  }
}
