// What the browser keeps of each run: one track a run, all at the same step.
const KEEP_BYTES = 3e6, KEEP_RECENT = 600;
const SCALARS = ["step", "loss", "accuracy", "test_loss", "test_accuracy"];
const BY_LAYER = { grad_rms: Float64Array, saturated_fraction: Float32Array, dead_fraction: Float32Array, update_ratio: Float32Array };

function parse(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const length = new DataView(buffer).getUint32(0, true), base = 4 + length;
  const packets = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  for (const packet of packets) {
    const { layers, records } = packet, at = name => base + packet.columns[name];
    const scalars = SCALARS.map(name => [name, new Float64Array(buffer, at(name), records)]);
    const columns = Object.entries(BY_LAYER).map(([name, kind]) => [name, new kind(buffer, at(name), records * layers)]);
    const verdicts = new Map(packet.verdicts.map(verdict => [verdict.step, verdict]));
    const snapshots = new Map(packet.snapshots.map(one => [one.step, one]));
    for (const one of packet.snapshots) {
      const rows = Math.max(1, layers - 1), bins = new Uint8Array(buffer, base + one.histogram, rows * one.bins);
      one.histogram = bins.slice();
      one.picture = new Uint8Array(buffer, base + one.picture, one.rows * one.columns).slice();
    }
    packet.list = Array.from({ length: records }, (_, i) => {
      const record = Object.fromEntries(scalars.map(([name, values]) => [name, values[i]]));
      for (const [name, values] of columns) record[name] = values.slice(i * layers, (i + 1) * layers);
      record.verdict = verdicts.get(record.step);
      record.snapshot = snapshots.get(record.step);
      return record;
    });
  }
  return packets;
}

function newTrack(packet) {
  return { run: packet.run, meta: packet, queue: [], history: [], received: -1, at: -1, finished: false, low: undefined, high: undefined };
}

// Returns whether anything new arrived.
function receive(track, packet) {
  track.meta = { still: track.meta.still, ...packet };
  const fresh = packet.list.filter(record => record.step > track.received);
  for (const verdict of packet.verdicts) {
    const known = packet.list.every(record => record.step !== verdict.step) && track.history.find(record => record.step === verdict.step);
    if (known) known.verdict = verdict;
  }
  if (!fresh.length && !packet.finished) return false;
  track.finished = packet.finished;
  const returning = track.received < 0 && packet.shown >= 0;
  for (const record of fresh) (returning && record.step <= packet.shown ? track.history : track.queue).push(record);
  if (fresh.length) track.received = fresh[fresh.length - 1].step;
  if (returning && track.history.length) track.at = track.history.length - 1;
  return true;
}

// Whether there is a frame to play: up to a record with pictures, or what is left of a finished run.
function ready(track) {
  return track.finished || track.queue.some(record => record.snapshot);
}

// Take up to `steps` records from the queue; a record with pictures is a good place to stop.
function take(track, steps) {
  for (let i = 0; i < steps && track.queue.length; i++) {
    track.history.push(track.queue.shift());
    if (track.history[track.history.length - 1].snapshot) break;
  }
  const keep = Math.max(2 * KEEP_RECENT, KEEP_BYTES / (300 + 28 * track.meta.layers));
  if (track.history.length > keep) {
    track.history = track.history.filter((_, i) => i % 2 === 0 || i >= track.history.length - KEEP_RECENT);
    track.thinned = true;
  }
  track.at = track.history.length - 1;
}

function shown(track) {
  return track.history[track.at];
}

// The latest of something that not every record has.
function latest(track, has) {
  for (let i = track.at; i >= 0; i--) if (has(track.history[i])) return track.history[i];
}
