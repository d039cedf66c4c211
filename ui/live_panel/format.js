// Numbers in words, by the same rules as gradcore/numbers.py, and the temperature scale.
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function powerOfTen(exponent) {
  return "10" + [...String(exponent)].map(c => SUPERSCRIPTS[c]).join("");
}

// `fixed` keeps trailing zeros, so that a label does not change its width as it moves.
function readable(number, fixed = false) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  if (number === 0) return "exactly 0";
  const sign = number < 0 ? "−" : "", size = Math.abs(number);
  if (size > 1e-3 && size < 1e5) {
    const rounded = Number(size.toPrecision(3));
    const exponent = Number(size.toExponential(2).split("e")[1]);
    const text = rounded.toFixed(Math.max(0, 2 - exponent));
    return sign + (text.includes(".") && !fixed ? text.replace(/\.?0+$/, "") : text);
  }
  const [mantissa, exponent] = size.toExponential(2).split("e");
  const power = powerOfTen(Number(exponent)), digits = fixed ? mantissa : mantissa.replace(/\.?0+$/, "");
  return sign + (digits === "1" ? power : digits + "·" + power);
}

// A tick on a linear axis.
function tickText(value) {
  return value === 0 ? "0" : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4 ? String(Number(value.toPrecision(3))).replace("-", "−") : readable(value);
}

function percent(share) {
  return Number.isNaN(share) ? "NaN" : (100 * share).toFixed(1) + " %";
}

function mix(from, to, part) {
  const channel = (color, i) => parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  return "rgb(" + [0, 1, 2].map(i => Math.round(channel(from, i) + part * (channel(to, i) - channel(from, i)))).join() + ")";
}

// A ratio in powers of ten: cold has vanished, grey is alive, hot explodes; clipped at the ends.
function temperature(ratio) {
  const power = Math.log10(ratio) / THEME.range;
  const part = Math.min(1, Math.abs(power));
  return mix(THEME.alive, power < 0 ? THEME.cold : THEME.hot, part);
}

const channelCache = new Map();
function channels(color) {
  if (!channelCache.has(color)) {
    const probe = channels.probe ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    probe.fillStyle = color;
    probe.fillRect(0, 0, 1, 1);
    channelCache.set(color, [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  }
  return channelCache.get(color);
}

// The same scale as numbers, and the colours of what has no place on it.
const COLD = channels(THEME.cold), ALIVE = channels(THEME.alive), HOT = channels(THEME.hot), ZERO = channels(THEME.zero), UNREAL = channels(THEME.unreal);
function temperatureOf(ratio) {
  if (Number.isNaN(ratio)) return ALIVE;
  const power = Math.log10(ratio) / THEME.range, part = Math.min(1, Math.abs(power)), end = power < 0 ? COLD : HOT;
  return [0, 1, 2].map(i => ALIVE[i] + part * (end[i] - ALIVE[i]));
}
