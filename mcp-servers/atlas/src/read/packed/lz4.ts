/** What is wrong with packed bytes, in words that follow the name of what holds them. */
export class Damaged extends Error {}

/** The magic number of a frame (LZ4 Frame Format 1.6.4, "General structure"). */
const frameMagic = 0x184d2204;

/**
 * Unpacks one block of LZ4 (LZ4 Block Format Description) into exactly `size` bytes. Throws `Damaged` where it holds more, fewer, or
 * copies what was not yet written.
 */
export function lz4Block(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  if (unpackBlock(packed, out, 0) !== size) throw new Damaged('holds fewer bytes than it says');
  return out;
}

/** Unpacks a frame of LZ4 into exactly `size` bytes: blocks may be stored, and may copy from those before them. */
export function lz4Frame(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 7 || view.getUint32(0, true) !== frameMagic) throw new Damaged('is no frame of LZ4');
  const flags = packed[4];
  if (flags >> 6 !== 1) throw new Damaged('is a frame of LZ4 of another version');
  if (flags & 1) throw new Damaged('was packed with a dictionary');
  const [hasBlockSums, hasSize] = [(flags & 16) !== 0, (flags & 8) !== 0];
  const out = new Uint8Array(size);
  let at = 7 + (hasSize ? 8 : 0);
  let to = 0;
  for (;;) {
    if (at + 4 > packed.length) throw new Damaged('ends early');
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) break;
    const length = head & 0x7fffffff;
    const block = packed.subarray(at, at + length);
    if (block.length < length) throw new Damaged('ends early');
    if (head >>> 31 === 1) {
      if (to + length > size) throw new Damaged('holds more bytes than it says');
      out.set(block, to);
      to += length;
    } else to = unpackBlock(block, out, to);
    at += length + (hasBlockSums ? 4 : 0);
  }
  if (to !== size) throw new Damaged('holds fewer bytes than it says');
  return out;
}

/** Writes what a block holds from `start` on. Returns where it ends. */
function unpackBlock(packed: Uint8Array, out: Uint8Array, start: number): number {
  let at = 0;
  let to = start;
  /** A length that goes on while its bytes are full. */
  const more = (length: number) => {
    if (length < 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= packed.length) throw new Damaged('ends early');
      byte = packed[at++];
    }
    return length;
  };
  while (at < packed.length) {
    const token = packed[at++];
    const literals = more(token >> 4);
    if (at + literals > packed.length) throw new Damaged('ends early');
    if (to + literals > out.length) throw new Damaged('holds more bytes than it says');
    out.set(packed.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === packed.length) break;
    if (at + 2 > packed.length) throw new Damaged('ends early');
    const back = packed[at] | (packed[at + 1] << 8);
    at += 2;
    const length = more(token & 15) + 4;
    to = copyBack(out, to, back, length);
  }
  return to;
}

/** Repeats `length` bytes that lie `back` bytes before `to`, which may run into what it writes. Returns where it ends. */
export function copyBack(out: Uint8Array, to: number, back: number, length: number): number {
  if (back === 0 || back > to) throw new Damaged('copies what is not there');
  if (to + length > out.length) throw new Damaged('holds more bytes than it says');
  if (back >= length) out.copyWithin(to, to - back, to - back + length);
  else for (let i = 0; i < length; i++) out[to + i] = out[to + i - back];
  return to + length;
}
