// The gradient-flow explorer: what is drawn of an answer. What takes longer comes once nothing is dragged any more.
const FLOW_COLORS = { vanished: "cold", exploding: "hot", diverged: "unreal", healthy: "right" };

function newExplorer(explorer) {
  const { root } = explorer, names = ["headline", "detail", "ratio", "precision", "clipping", "status", "waterfall-title", "gradients-title", "curves-title", "stretched-title"];
  explorer.parts = Object.fromEntries(names.map(name => [name, root.querySelector("." + name)]));
  explorer.canvases = Object.fromEntries(["waterfall", "gradients", "curves", "stretched"].map(name => [name, root.querySelector("canvas." + name)]));
  root.querySelector(".keep").onclick = () => request(explorer, { keep: true, settled: true });
}

function drawExplorer(explorer) {
  const { packet, parts, root, canvases } = explorer, style = getComputedStyle(root), color = THEME[FLOW_COLORS[packet.verdict]];
  root.style.setProperty("--verdict", color);
  text(parts.headline, packet.headline);
  text(parts.detail, [packet.blame, packet.disagreement].filter(Boolean).join(" "));
  text(parts.ratio, readable(Number(packet.ratio)));
  text(parts.precision, packet.precision);
  text(parts["waterfall-title"], "δ from the loss (right) to the input: × weights (green), × " + packet.rest + " (violet)");
  text(parts["gradients-title"], "Each layer's weight gradient (rms)");
  if (packet.extras) explorer.extras = packet;
  if (!sizeOf(canvases.waterfall)[0]) return;
  const area = name => Object.assign(surface(canvases[name], style), { name });
  drawWaterfall(area("waterfall"), packet);
  drawGradients(area("gradients"), packet);
  if (explorer.extras) drawExtras(explorer, area);
  canvases.waterfall.setAttribute("aria-label", packet.headline + " " + packet.blame + " " + packet.spread);
  canvases.gradients.setAttribute("aria-label", "From layer 1 on: " + Array.from(packet.gradients, value => readable(value)).join(", ") + ". " + packet.precision);
  text(parts.status, packet.spread);
  if (root.querySelector("details").open) layerRows(explorer);
  root.querySelector("details").ontoggle = () => layerRows(explorer);
}

// Of the latest values that were left alone; what is being dragged goes on before them.
function drawExtras({ extras, packet, parts, root, canvases }, area) {
  const more = extras.extras, old = packet.extras ? "" : " (before this drag)", many = (name, count) => Array.from({ length: count }, (_, i) => extras[name + i]);
  const curves = many("curve", more.curves.length);
  text(parts["curves-title"], "The same matrices with other activations: ‖δ‖, first seed" + old);
  drawCurves(area("curves"), more.curves, curves);
  text(parts["stretched-title"], more.why || "Singular values: all layers, one layer (dashed)" + old);
  const [ones, products] = ["one", "product"].map(name => many(name, more.stretched.length)), board = area("stretched");
  if (more.stretched.length) drawStretched(board, more.stretched, ones, products);
  canvases.curves.setAttribute("aria-label", "‖δ‖ at layer 1: " + more.curves.map((name, i) => name + " " + ofPower(curves[i][0])).join(", "));
  canvases.stretched.setAttribute("aria-label", more.why || "Largest and smallest singular value of the product: " + more.stretched.map((name, i) => name + " " + ofPower(products[i][0]) + " and " + ofPower(products[i].at(-1))).join("; "));
  fillRows(root.querySelector(".cures tbody"), more.cures);
  text(parts.clipping, more.clipping);
}

function layerRows({ packet, root }) {
  const { deltas, weights, others, gradients, depth } = packet;
  fillRows(root.querySelector(".layers tbody"), Array.from(deltas, (power, layer) => [
    layer < depth ? String(layer + 1) : "output", ofPower(power), ...(layer < depth ? [ofPower(weights[layer]), ofPower(others[layer]), ofPower(weights[layer] + others[layer])] : ["", "", ""]), readable(gradients[layer]),
  ]));
}
