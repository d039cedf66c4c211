// The gradient of every layer at one step, on a logarithmic axis that only ever widens, so that nothing jumps.
function drawGradients(area, track, record) {
  const left = 62, right = area.width - 8, top = 26, bottom = area.height - 26, { context } = area;
  const { layers, vanished, exploding } = track.meta, values = record.grad_rms, last = values[Math.max(0, layers - 2)];
  const finite = [...values].filter(v => v > 0 && Number.isFinite(v)).map(Math.log10);
  if (finite.length) {
    track.low = Math.min(track.low ?? 0, Math.floor(Math.min(...finite) - 0.3));
    track.high = Math.max(track.high ?? 0, Math.ceil(Math.max(...finite) + 0.3));
  }
  const low = track.low ?? -8, high = track.high ?? 0;
  const y = power => bottom - (power - low) / (high - low) * (bottom - top);
  const wanted = (high - low) / Math.max(2, Math.floor((bottom - top) / 40));
  const every = [1, 2, 3, 5, 10, 20, 50, 100].find(step => step >= wanted) ?? 200;
  for (let power = Math.floor(high / every) * every; power >= low; power -= every) grid(area, y(power), left, right, powerOfTen(power));

  const slot = (right - left) / layers, width = Math.max(1, slot * 0.72);
  const labelEvery = Math.ceil(34 / slot);
  values.forEach((value, layer) => {
    const x = left + layer * slot + (slot - width) / 2, middle = x + width / 2;
    if (value > 0 && Number.isFinite(value)) {
      const at = y(Math.log10(value));
      context.fillStyle = temperature(value / last);
      context.fillRect(x, at, width, bottom - at);
      context.fillStyle = area.ink;
      context.beginPath();
      context.arc(middle, at, Math.min(5, Math.max(2, width / 3)), 0, 7);
      context.fill();
    } else hatch(area, x, top, width, bottom - top, slot < 26 ? "" : value === 0 ? "0" : Number.isNaN(value) ? "NaN" : "∞");
    const output = layer === layers - 1;
    if (output || (layer % labelEvery === 0 && layers - 1 - layer >= labelEvery * (slot < 60 ? 1 : 0.5)))
      write(area, output ? (slot < 60 ? "out" : "output") : String(layer + 1), middle, bottom + 14, "center");
  });
  if (layers > 2 && last > 0 && Number.isFinite(last)) {
    for (const [ratio, name, color, side] of [[vanished, "vanished below ", THEME.cold, 1], [exploding, "exploding above ", THEME.hot, -1]]) {
      const at = y(Math.log10(last * ratio));
      if (at < top || at > bottom) continue;
      line(area, [[left, at], [right, at]], color, 1.5, [6, 4]);
      write(area, name + readable(ratio) + " of layer " + (layers - 1), left + 6, at + 11 * side, "left", color, true);
    }
  }
  if (slot >= 74) values.forEach((value, layer) => {
    if (value > 0 && Number.isFinite(value)) write(area, readable(value, true), left + (layer + 0.5) * slot, y(Math.log10(value)) - 14, "center", area.ink, true);
  });
}

// Courses over steps, each { color, width, faint, points: [[step, value]] }; the last one on top.
function drawCourses(area, courses, lowest, highest, ticks, format, reference) {
  const left = 56, right = area.width - 8, top = 8, bottom = area.height - 20;
  const all = courses.flatMap(course => course.points);
  const lastStep = Math.max(1, ...all.map(point => point[0]));
  const y = value => bottom - (Math.min(highest, value) - lowest) / (highest - lowest) * (bottom - top);
  const x = step => left + step / lastStep * (right - left);
  for (const tick of ticks) grid(area, y(tick), left, right, format(tick));
  if (reference && reference.value < highest) {
    line(area, [[left, y(reference.value)], [right, y(reference.value)]], area.ink, 1, [2, 4]);
    write(area, reference.name, right, y(reference.value) - 10, "right", area.ink, true);
  }
  for (const { points, color, width, faint } of courses) {
    area.context.globalAlpha = faint ? 0.55 : 1;
    line(area, points.map(([step, value]) => [x(step), y(value)]), color, width);
    area.context.globalAlpha = 1;
  }
  write(area, "step 0", left, bottom + 12);
  write(area, "step " + lastStep.toLocaleString("en"), right, bottom + 12, "right");
}

function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7.5, 10].find(step => step * power >= value) * power;
}
