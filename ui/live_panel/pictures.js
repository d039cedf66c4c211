// What the network says of its data: a plane with its boundary, or some test samples with their probabilities.
const CODES = 64;

function drawBoundary(area, snapshot, still) {
  const side = Math.min(area.width, area.height), { context } = area, cells = snapshot.rows;
  const x0 = 0, place = value => (value + still.reach) / (2 * still.reach) * side;
  const image = new ImageData(cells, cells), paper = channels(area.paper);
  snapshot.picture.forEach((code, i) => {
    const color = channels(THEME.classes[Math.floor(code / CODES) % THEME.classes.length]), part = 0.12 + 0.6 * (code % CODES) / (CODES - 1);
    const at = 4 * ((cells - 1 - Math.floor(i / cells)) * cells + i % cells);
    for (let c = 0; c < 3; c++) image.data[at + c] = paper[c] + part * (color[c] - paper[c]);
    image.data[at + 3] = 255;
  });
  const small = drawBoundary.small ??= document.createElement("canvas");
  small.width = small.height = cells;
  small.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(small, x0, 0, side, side);
  for (const [x, y, kind] of still.points) {
    context.beginPath();
    context.arc(x0 + place(x), side - place(y), 2.6, 0, 7);
    context.fillStyle = THEME.classes[Number(kind) % THEME.classes.length];
    context.fill();
    context.strokeStyle = area.paper;
    context.lineWidth = 0.8;
    context.stroke();
  }
}

function drawSamples(area, snapshot, still) {
  const { context } = area, count = still.truth.length, outputs = snapshot.columns, tall = area.height / count;
  const digits = still.pixels.length > 0, size = digits ? Math.min(tall - 8, 46) : 0, left = digits ? size + 12 : 74, right = area.width - 4;
  for (let i = 0; i < count; i++) {
    const top = i * tall, bottom = top + tall - 18, chances = [...snapshot.picture.slice(i * outputs, (i + 1) * outputs)].map(value => value / 255);
    const both = outputs === 1 ? [1 - chances[0], chances[0]] : chances, best = both.indexOf(Math.max(...both));
    if (digits) {
      const pixel = size / 8;
      still.pixels[i].forEach((value, at) => {
        context.fillStyle = area.ink;
        context.globalAlpha = value / 255;
        context.fillRect((at % 8) * pixel, top + Math.floor(at / 8) * pixel, pixel, pixel);
      });
      context.globalAlpha = 1;
    } else write(area, "is " + still.truth[i], 0, (top + bottom) / 2);
    const slot = (right - left) / both.length;
    both.forEach((chance, kind) => {
      const x = left + kind * slot, high = chance * (bottom - top - 4);
      context.fillStyle = kind === still.truth[i] ? THEME.right : THEME.alive;
      context.fillRect(x + 1, bottom - high, Math.max(1, slot - 2), Math.max(1, high));
      write(area, String(kind), x + slot / 2, bottom + 9, "center");
    });
    write(area, (best === still.truth[i] ? "✓ " : "✗ ") + Math.round(100 * both[best]) + " %", right, top + 8, "right", area.ink, true);
  }
}
