// Numbers in words, by the same rules as gradcore/numbers.py.
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const PLACE = /\{(\w+)(?:\.(-?\d+))?(?::([%\w]+))?\}/g;

function powerOfTen(exponent) {
  return `10${[...String(exponent)].map((digit) => SUPERSCRIPTS[digit]).join("")}`;
}

// `fixed` keeps trailing zeros, so that a number does not change its width as it moves.
function readable(number, fixed = false) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  if (number === 0) return "exactly 0";
  const sign = number < 0 ? "−" : "";
  const size = Math.abs(number);
  const [mantissa, exponent] = size.toExponential(2).split("e");
  if (size > 1e-3 && size < 1e5) {
    const digits = Number(size.toPrecision(3)).toFixed(Math.max(0, 2 - Number(exponent)));
    return sign + (digits.includes(".") && !fixed ? digits.replace(/\.?0+$/, "") : digits);
  }
  const power = powerOfTen(Number(exponent));
  const digits = fixed ? mantissa : mantissa.replace(/\.?0+$/, "");
  return sign + (digits === "1" ? power : `${digits}·${power}`);
}

function percent(share, digits = undefined) {
  if (Number.isNaN(share)) return "NaN";
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "under 0.1 %";
  if (value > 99.9 && value < 100) return "over 99.9 %";
  return `${value.toFixed(digits ?? (value === Math.round(value) || (value >= 1 && value <= 99) ? 0 : 1))} %`;
}

const FORMS = {
  "%": (share) => percent(share),
  "%1": (share) => percent(share, 1),
  d: (number) => number.toLocaleString("en", { maximumFractionDigits: 0 }),
  power: (power) => readable(10 ** power),
};

// A template with the latest numbers in it: "layer 1 gets {grad_rms.0}, {dead.2:%} of it is dead".
function told(template, find) {
  return template.replace(PLACE, (_, name, part, form) => {
    let value = find(name);
    if (value === undefined) return "–";
    if (part !== undefined) value = value.at(Number(part));
    return typeof value === "string" ? value : (FORMS[form] ?? readable)(Number(value));
  });
}

// Written only where it changes.
function write(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

// A verdict that has once needed another line keeps it, so that what stands below does not jump back and forth; until
// its width changes, or its type. Called when the panel changes its size, which another line does.
function keepHeights(root) {
  for (const verdict of root.querySelectorAll(".verdict")) {
    const style = getComputedStyle(verdict);
    const room = [verdict.clientWidth, style.fontSize, style.getPropertyValue("--gradcore-verdict")].join(" ");
    if (verdict.dataset.room !== room) verdict.style.minHeight = "";
    verdict.dataset.room = room;
    if (verdict.offsetHeight > Number.parseFloat(style.minHeight)) verdict.style.minHeight = `${verdict.offsetHeight}px`;
  }
}
