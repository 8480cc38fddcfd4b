import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';

/** Most bytes that one part of a workbook may unpack to. Parts are read as a stream: this bounds time, not memory. */
const mostBytes = 6e9;

interface Entry {
  name: string;
  method: number;
  packed: number;
  offset: number;
}

/** The bytes of a file are no zip archive, or not a whole one. */
export class NoZip extends Error {}

/** The parts of a zip file, read when they are asked for. */
export class Zip {
  private readonly descriptor: number;
  private readonly entries = new Map<string, Entry>();
  private readonly file: string;

  /** Throws `NoZip` when the file is no zip. */
  constructor(file: string) {
    this.file = file;
    this.descriptor = openSync(file, 'r');
    try {
      for (const entry of directory(this.descriptor, statSync(file).size)) this.entries.set(entry.name, entry);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** The bytes of a part. Throws `corrupt` when it is damaged, `too-large` when it unpacks beyond all measure. */
  async *bytes(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw new BregmaError('corrupt', `${path.basename(this.file)} has no part ${name}.`);
    if (entry.method === 0) {
      yield* this.packed(entry);
      return;
    }
    if (entry.method !== 8)
      throw new BregmaError(
        'corrupt',
        `${path.basename(this.file)}: ${name} is packed in an unknown way (${entry.method}).`,
      );
    const inflate = createInflateRaw({ chunkSize: 1 << 18 });
    const feeding = pipeline(Readable.from(this.packed(entry)), inflate);
    // What fails in it fails the reading of what it gives.
    feeding.catch(() => {});
    let total = 0;
    // SAFETY: without an encoding a stream of zlib gives Buffers.
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > mostBytes)
        throw new BregmaError(
          'too-large',
          `${path.basename(this.file)}: ${name} unpacks to more than ${mostBytes / 1e9} GB.`,
        );
      yield chunk;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private *packed({ offset, packed, name }: Entry): Generator<Buffer> {
    const local = read(this.descriptor, offset, 30);
    if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50)
      throw new BregmaError('corrupt', `${path.basename(this.file)}: ${name} is not where the zip says.`);
    let at = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    for (const end = at + packed; at < end; ) {
      const chunk = read(this.descriptor, at, Math.min(1 << 18, end - at));
      if (chunk.length === 0) throw new BregmaError('corrupt', `${path.basename(this.file)} ends early.`);
      at += chunk.length;
      yield chunk;
    }
  }
}

function read(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}

/** The entries of a zip's central directory: APPNOTE.TXT 4.3.12 and, for large files, 4.3.14 and 4.5.3 (zip64). */
function directory(descriptor: number, size: number): Entry[] {
  const tailAt = Math.max(0, size - 65_557);
  const tail = read(descriptor, tailAt, size - tailAt);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new NoZip('it is no zip file');
  let [count, at] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 16)];
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
    const wide = read(descriptor, Number(tail.readBigUInt64LE(locator + 8)), 56);
    count = Number(wide.readBigUInt64LE(32));
    at = Number(wide.readBigUInt64LE(48));
  }
  if (count > 20_000) throw new Error('it has more parts than a workbook needs');
  const listing = read(descriptor, at, Math.max(0, Math.min(size - at, 1 << 26)));
  const entries: Entry[] = [];
  for (let i = 0, p = 0; i < count; i++) {
    if (p + 46 > listing.length || listing.readUInt32LE(p) !== 0x02014b50) throw new NoZip('its directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => listing.readUInt16LE(p + offset));
    const name = listing.toString('utf8', p + 46, p + 46 + nameLength);
    const extra = listing.subarray(p + 46 + nameLength, p + 46 + nameLength + extraLength);
    const [unpacked, packed, offset] = [24, 20, 42].map((field) => listing.readUInt32LE(p + field));
    entries.push({
      name: name.replace(/^\//, ''),
      method: listing.readUInt16LE(p + 10),
      ...wideSizes(extra, unpacked, packed, offset),
    });
    p += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** Sizes that no 32 bits hold stand in an extra field, in this order, each where the plain one is full. */
function wideSizes(extra: Buffer, unpacked: number, packed: number, offset: number) {
  const full = 0xffffffff;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let p = at + 4 + (unpacked === full ? 8 : 0);
    const next = (value: number) => {
      if (value !== full || p + 8 > extra.length) return value;
      p += 8;
      return Number(extra.readBigUInt64LE(p - 8));
    };
    return { packed: next(packed), offset: next(offset) };
  }
  return { packed, offset };
}
