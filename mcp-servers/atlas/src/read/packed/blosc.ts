import { copyBack, Damaged, lz4Block } from './lz4.ts';
import { unpackZlib, unpackZstd } from './zlib.ts';

/** Flags of the header (c-blosc, README_CHUNK_FORMAT.rst). */
const flag = { shuffled: 1, stored: 2, bitShuffled: 4, unsplit: 16 };
/** Blocks of this many types of bytes at most are split into as many streams, each of this many bytes at least (c-blosc, blosc.c). */
const mostSplits = 16;
const leastSplit = 128;

/** The bytes that a buffer of Blosc 1 says it unpacks to. Throws `Damaged` when it is none. */
export function bloscSize(packed: Uint8Array): number {
  if (packed.length < 16) throw new Damaged('ends inside the header of Blosc');
  return viewOf(packed).getUint32(4, true);
}

/**
 * Unpacks a buffer of Blosc 1 into exactly `size` bytes: every codec but Snappy, bytes or bits shuffled. Throws `Damaged`. Blosc 2
 * has another format.
 */
export function unpackBlosc(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  if (bloscSize(packed) !== size) throw new Damaged(`holds ${bloscSize(packed)} bytes where ${size} belong`);
  const [version, , flags, typeSize] = packed;
  if (version > 2) throw new Damaged(`is of the version ${version} of Blosc; 1 and 2 are read`);
  const view = viewOf(packed);
  const out = new Uint8Array(size);
  if (flags & flag.stored) {
    if (packed.length < 16 + size) throw new Damaged('ends early');
    out.set(packed.subarray(16, 16 + size));
    return out;
  }
  const blockSize = view.getUint32(8, true);
  const blocks = blockSize === 0 ? 0 : Math.ceil(size / blockSize);
  if ((blocks === 0 && size > 0) || 16 + blocks * 4 > packed.length)
    throw new Damaged('ends inside its list of blocks');
  for (let block = 0; block < blocks; block++) {
    const from = block * blockSize;
    const length = Math.min(blockSize, size - from);
    const isLeftOver = length < blockSize;
    const splits =
      !(flags & flag.unsplit) && typeSize <= mostSplits && blockSize / typeSize >= leastSplit && !isLeftOver
        ? typeSize
        : 1;
    const bytes = blockOf(packed, view.getUint32(16 + block * 4, true), length, splits, flags >> 5);
    out.set(unshuffled(bytes, typeSize, flags), from);
  }
  return out;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The streams of one block, one behind the other. */
function blockOf(packed: Uint8Array, start: number, length: number, splits: number, codec: number): Uint8Array {
  const out = new Uint8Array(length);
  const each = length / splits;
  if (!Number.isInteger(each)) throw new Damaged('has blocks that cannot be split');
  let at = start;
  for (let split = 0; split < splits; split++) {
    if (at + 4 > packed.length) throw new Damaged('ends early');
    const taken = viewOf(packed).getUint32(at, true);
    const stream = packed.subarray(at + 4, at + 4 + taken);
    if (stream.length < taken) throw new Damaged('ends early');
    out.set(taken === each ? stream : streamOf(stream, each, codec), split * each);
    at += 4 + taken;
  }
  return out;
}

function streamOf(stream: Uint8Array, size: number, codec: number): Uint8Array {
  const unpack = [bloscLz, lz4Block, undefined, unpackZlib, unpackZstd][codec];
  if (!unpack)
    throw new Damaged(codec === 2 ? 'is packed with Snappy, which is not read' : 'is packed in no known way');
  const bytes = unpack(stream, size);
  if (bytes.length !== size) throw new Damaged('holds fewer bytes than it says');
  return bytes;
}

/** BloscLZ, the codec of c-blosc's own (blosclz.c), after FastLZ's level 2. */
function bloscLz(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  let to = 0;
  const next = () => {
    if (at >= packed.length) throw new Damaged('ends early');
    return packed[at++];
  };
  for (let first = true; at < packed.length; first = false) {
    const control = first ? next() & 31 : next();
    if (control < 32) {
      const literals = control + 1;
      if (at + literals > packed.length) throw new Damaged('ends early');
      if (to + literals > size) throw new Damaged('holds more bytes than it says');
      out.set(packed.subarray(at, at + literals), to);
      at += literals;
      to += literals;
      continue;
    }
    let length = (control >> 5) - 1;
    let back = (control & 31) << 8;
    if (length === 6) {
      let byte = 255;
      while (byte === 255) {
        byte = next();
        length += byte;
      }
    }
    const low = next();
    back += low;
    // A distance that does not fit stands in two bytes of its own.
    if (low === 255 && (control & 31) === 31) back = ((next() << 8) | next()) + 8191;
    to = copyBack(out, to, back + 1, length + 3);
  }
  return out.subarray(0, to);
}

function unshuffled(bytes: Uint8Array, typeSize: number, flags: number): Uint8Array {
  if (flags & flag.shuffled && typeSize > 1) return unshuffle(bytes, typeSize);
  return flags & flag.bitShuffled ? unshuffleBits(bytes, typeSize) : bytes;
}

/** Puts byte k of every element, which lay together, back into its element; what is left over stays. */
export function unshuffle(bytes: Uint8Array, typeSize: number): Uint8Array {
  const count = Math.floor(bytes.length / typeSize);
  const out = new Uint8Array(bytes.length);
  for (let k = 0, from = 0; k < typeSize; k++)
    for (let i = 0, to = k; i < count; i++, to += typeSize) out[to] = bytes[from++];
  out.set(bytes.subarray(count * typeSize), count * typeSize);
  return out;
}

/** Puts bit k of every element, which lay together, back. A block that has no whole groups of eight elements was not shuffled (shuffle.c). */
function unshuffleBits(bytes: Uint8Array, typeSize: number): Uint8Array {
  const count = Math.floor(bytes.length / typeSize);
  if (count % 8 !== 0) return bytes;
  const out = new Uint8Array(bytes.length);
  const row = count / 8;
  for (let bit = 0; bit < typeSize * 8; bit++) {
    const [byte, mask] = [bit >> 3, 1 << (bit & 7)];
    for (let i = 0; i < row; i++) {
      const packed = bytes[bit * row + i];
      for (let k = 0, to = i * 8 * typeSize + byte; k < 8; k++, to += typeSize) if ((packed >> k) & 1) out[to] |= mask;
    }
  }
  out.set(bytes.subarray(count * typeSize), count * typeSize);
  return out;
}
