// The saturation explorer: what is drawn of an answer, and training as a chain of questions.
const MAX_COURSE = 300;

function newExplorer(explorer) {
  const { root } = explorer, names = ["headline", "detail", "whole-way", "curve-title", "slopes-title", "shades-title", "path-title", "means-title", "status", "train", "reset"];
  explorer.parts = Object.fromEntries(names.map(name => [name, root.querySelector("." + name)]));
  explorer.canvases = Object.fromEntries(["curve", "slopes", "shades", "path", "means"].map(name => [name, root.querySelector("canvas." + name)]));
  explorer.course = [];
  explorer.parts.train.onclick = () => train(explorer, !explorer.training);
  explorer.parts.reset.onclick = () => { train(explorer, false); request(explorer, { reset: true }); };
  root.querySelector(".keep").onclick = () => { train(explorer, false); request(explorer, { keep: true, settled: true }); };
}

function train(explorer, on) {
  explorer.training = on;
  text(explorer.parts.train, on ? "Pause" : "Train");
  if (on) request(explorer, { train: true });
}

function drawExplorer(explorer) {
  const { packet, parts, root, canvases } = explorer, style = getComputedStyle(root);
  if (!packet.step || packet.step < (explorer.course.at(-1)?.[0] ?? 0)) explorer.course = [];
  if (explorer.course.at(-1)?.[0] !== packet.step) explorer.course.push([packet.step, packet.means]);
  if (explorer.course.length > MAX_COURSE) explorer.course = explorer.course.filter((_, i) => i % 2 === 0);
  const layer = root.querySelector("[data-drag=layer]");
  layer.max = packet.depth;
  for (const label of root.querySelectorAll(".of-layer")) label.hidden = packet.values.source !== "layer" && label.contains(layer);
  for (const label of root.querySelectorAll(".of-normal")) label.hidden = packet.values.source !== "normal";
  root.style.setProperty("--verdict", THEME.saturated);
  text(parts.headline, packet.headline);
  text(parts.detail, packet.detail);
  text(parts["whole-way"], packet.wholeWay);
  const whose = packet.values.source === "layer" ? "layer " + packet.layer + "'s real inputs" : "normal inputs";
  text(parts["curve-title"], packet.activation + ": φ(z) = " + packet.formula + ", its slope φ′ (dashed), and " + whose + " below");
  text(parts["slopes-title"], "What these units let through: φ′ ÷ largest φ′");
  text(parts["shades-title"], "All layers: where each one's z lies (input at the bottom), and one input's way through them");
  text(parts["path-title"], "Along that way: ∏φ′ (dashed) and ∏φ′·|w|");
  text(parts["means-title"], explorer.course.length > 1 ? "Mean activation of each layer as it trains" : "Mean activation of each layer");
  if (!sizeOf(canvases.curve)[0]) return;
  const area = name => surface(canvases[name], style);
  drawPlane(area("curve"), packet);
  drawSlopes(area("slopes"), packet);
  drawShades(area("shades"), packet);
  drawPath(area("path"), packet);
  drawMeans(area("means"), explorer);
  describeExplorer(explorer);
  text(parts.status, packet.ended ? "Training diverged at step " + packet.step + "." : packet.step ? "Trained for " + packet.step.toLocaleString("en") + " mini-batches of 10; loss " + readable(Number(packet.loss), true) + "." : "");
  parts.reset.disabled = !packet.step;
  if (explorer.training && packet.ended) train(explorer, false);
  if (explorer.training) explorer.again = { ...explorer.again, train: true };
}

function describeExplorer({ packet, root, canvases }) {
  canvases.curve.setAttribute("aria-label", packet.headline + " " + packet.detail);
  canvases.slopes.setAttribute("aria-label", "Exactly 0: " + percent(packet.slopes[0]) + ". " + packet.detail);
  canvases.shades.setAttribute("aria-label", "Saturated, from layer 1 on: " + Array.from(packet.nothing, percent).join(", "));
  canvases.path.setAttribute("aria-label", "At layer 1 the product of slopes is " + ofPower(packet.without[0]) + ", with the weights " + ofPower(packet.withWeights[0]));
  canvases.means.setAttribute("aria-label", "Mean activations from layer 1 on: " + Array.from(packet.means, mean => readable(mean)).join(", "));
  fillRows(root.querySelector(".numbers tbody"), packet.numbers);
  if (root.querySelector("details").open) fillRows(root.querySelector(".layers tbody"), Array.from(packet.means, (mean, i) => [
    String(i + 1), readable(mean), readable(packet.factors[i]), percent(packet.nothing[i]), readable(packet.pathZ[i]), readable(packet.pathSlopes[i]), ofPower(packet.without[i]), ofPower(packet.withWeights[i]),
  ]));
}
