// Packets as ui/panel/wire.py writes them: a JSON header, then arrays of numbers that JSON could not hold.
const KINDS = { f8: Float64Array, f4: Float32Array, u1: Uint8Array, i4: Int32Array };

function opened(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return { header, array: (at, kind, size) => new KINDS[kind](buffer, 4 + length + at, size) };
}

// Rows of equal length, all on the same memory.
function inRows(flat, wide) {
  return Array.from({ length: flat.length / wide }, (_, row) => flat.subarray(row * wide, (row + 1) * wide));
}

function sizeOfAll(shape) {
  return shape.reduce((all, one) => all * one, 1);
}
