// What the browser keeps of each run: one track a run, all at the same step.
const KEEP_BYTES = 3e6, KEEP_RECENT = 600;
const KINDS = { f8: Float64Array, f4: Float32Array, u1: Uint8Array, i4: Int32Array };

function parse(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const length = new DataView(buffer).getUint32(0, true), base = 4 + length;
  const packets = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  for (const packet of packets) {
    const columns = Object.entries(packet.columns).map(([name, [at, kind, size]]) => [name, size, new KINDS[kind](buffer, base + at, packet.records * (size || 1))]);
    const byStep = list => new Map(list.map(one => [one.step, one]));
    const verdicts = byStep(packet.verdicts), snapshots = byStep(packet.snapshots);
    for (const one of packet.snapshots) {
      one.histogram = new Uint8Array(buffer, base + one.histogram, one.rowsOfBins * one.bins).slice();
      one.picture = new Uint8Array(buffer, base + one.picture, one.rows * one.columns).slice();
    }
    packet.list = Array.from({ length: packet.records }, (_, i) => {
      const record = {};
      for (const [name, size, values] of columns) record[name] = size ? values.slice(i * size, (i + 1) * size) : values[i];
      record.verdict = verdicts.get(record.step);
      record.snapshot = snapshots.get(record.step);
      return record;
    });
    packet.recordBytes = 300 + columns.reduce((sum, [, size, values]) => sum + (size || 1) * values.BYTES_PER_ELEMENT, 0);
  }
  return packets;
}

function newTrack(packet) {
  return { run: packet.run, meta: packet, queue: [], history: [], received: -1, at: -1, cut: Infinity, finished: false, low: undefined, high: undefined };
}

// Returns whether anything new arrived.
function receive(track, packet) {
  // It was sent before the server heard that the visitor wants no more of the recording.
  if (packet.recorded > track.cut) return false;
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

// Frames in the queue: records with pictures.
function frames(track) {
  return track.queue.reduce((count, record) => count + (record.snapshot ? 1 : 0), 0);
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
  const keep = Math.max(2 * KEEP_RECENT, KEEP_BYTES / track.meta.recordBytes);
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
