// Asking a canvas for its size lays the page out anew, at 30 frames a second 2 ms each: so it is remembered until
// the panel changes its size.
let sizes = new WeakMap();
function forgetSizes() {
  sizes = new WeakMap();
}

function sizeOf(canvas) {
  if (!sizes.has(canvas)) sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);
  return sizes.get(canvas);
}

// What is not shown has no size, and some charts go on for ever without one.
const HIDDEN = [300, 150];

// A canvas made ready: sharp on every screen, cleared, with the page's own colour and font.
function surface(canvas, style) {
  const ratio = (devicePixelRatio || 1) * (canvas.currentCSSZoom ?? 1), known = sizeOf(canvas), [width, height] = known[0] && known[1] ? known : HIDDEN;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = THEME.font + "px " + style.fontFamily;
  context.textBaseline = "middle";
  return { context, width, height, ink: style.color, paper: style.getPropertyValue("--st-background-color") };
}

// `halo` keeps a text readable where it crosses bars and lines.
function write(area, text, x, y, align = "left", color = area.ink, halo = false) {
  area.context.textAlign = align;
  if (halo) {
    area.context.strokeStyle = area.paper;
    area.context.lineWidth = 5;
    area.context.lineJoin = "round";
    area.context.strokeText(text, x, y);
  }
  area.context.fillStyle = color;
  area.context.fillText(text, x, y);
}

function line(area, points, color, width = 1, dash = []) {
  const { context } = area;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
}

function grid(area, y, left, right, label) {
  area.context.globalAlpha = 0.15;
  line(area, [[left, y], [right, y]], area.ink);
  area.context.globalAlpha = 1;
  write(area, label, left - 8, y, "right");
}

// What has no place on a logarithmic axis gets a hatched column and its name.
function hatch(area, x, top, width, height, label) {
  const { context } = area;
  context.save();
  context.beginPath();
  context.rect(x, top, width, height);
  context.clip();
  context.globalAlpha = 0.45;
  for (let offset = -height; offset < width; offset += 7) line(area, [[x + offset, top + height], [x + offset + height, top]], area.ink);
  context.restore();
  write(area, label, x + width / 2, top + height - 12, "center");
}

// Written only where it changes.
function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

// A verdict that has once needed another line keeps it, so that what stands below does not jump back and forth; until
// its width changes, or its type. Called when the panel changes its size, which another line does.
function keepHeights(root) {
  for (const verdict of root.querySelectorAll(".verdict")) {
    const style = getComputedStyle(verdict), room = [verdict.clientWidth, style.fontSize, style.getPropertyValue("--gradcore-verdict")].join(" ");
    if (verdict.dataset.room !== room) verdict.style.minHeight = "";
    verdict.dataset.room = room;
    if (verdict.offsetHeight > parseFloat(style.minHeight)) verdict.style.minHeight = verdict.offsetHeight + "px";
  }
}
