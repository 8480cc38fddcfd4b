import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { turn } from '@bregma/core/in-slices';
import type { Entry } from 'yauzl';
import type { OpenedFile } from '../regular-file.ts';

/** A file inside a zip. */
export interface ZippedFile {
  name: string;
  /** Bytes unpacked. Throws `corrupt` when they do not have the length or checksum that the directory gives. */
  read(): Uint8Array;
  /** How many bytes it unpacks to, as the directory says. */
  size: number;
  /** The same bytes piece by piece, never all of them in memory; length and checksum are looked at behind the last. */
  pieces(signal: AbortSignal): AsyncGenerator<Buffer>;
}

const mostEntries = 200_000;
/** Limits that honest sets of files stay below: bytes of all together, and how many times its size, and a megabyte, a file unpacks to. */
const ofSets = { unpacked: 4e9, ratio: 1000 };
/** Bytes of a packed file that are read at once. */
const pieceBytes = 1 << 20;

/**
 * The files of a zip, in the order of its directory; folders are left out. Nothing is unpacked yet. Throws `corrupt` when it is no
 * zip or its files overlap, `too-large` when they claim more than honest files hold.
 */
export async function openZip(
  file: OpenedFile,
  name: string,
  wanted: (entry: string) => boolean,
  limits = ofSets,
): Promise<{ files: ZippedFile[]; others: string[] }> {
  const entries = await directoryOf(file).catch((error) => {
    throw error instanceof BregmaError ? error : damaged(name, error instanceof Error ? error.message : String(error));
  });
  checkOverlaps(entries, name);
  const inside = entries.filter(({ fileName }) => !fileName.endsWith('/'));
  const chosen = inside.filter(({ fileName }) => wanted(fileName));
  let total = 0;
  for (const { fileName, uncompressedSize, compressedSize } of chosen) {
    total += uncompressedSize;
    if (total > limits.unpacked || uncompressedSize > limits.ratio * compressedSize + 1e6)
      throw new BregmaError(
        'too-large',
        `${name} unpacks to more than its files can hold (at ${fileName.slice(0, 80)}).`,
        {
          next: 'Make the zip of the files that are needed alone, or give the folder.',
        },
      );
  }
  return {
    files: chosen.map((entry) => ({
      name: entry.fileName,
      size: entry.uncompressedSize,
      read: () => unpack(entry, file, name),
      pieces: (signal) => unpackPieces(entry, file, name, signal),
    })),
    others: inside.filter(({ fileName }) => !wanted(fileName)).map(({ fileName }) => fileName),
  };
}

async function directoryOf(file: OpenedFile): Promise<Entry[]> {
  // By its default: a CommonJS module that is bundled into a file of its own has no other name.
  const { default: yauzl } = await import('yauzl');
  class Reader extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number) {
      return Readable.from([file.read(start, end - start)]);
    }
  }
  return new Promise((resolve, reject) => {
    yauzl.fromRandomAccessReader(new Reader(), file.size, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) return reject(error);
      if (zip.entryCount > mostEntries)
        return reject(new BregmaError('too-large', `The zip holds ${zip.entryCount} files; ${mostEntries} are read.`));
      const entries: Entry[] = [];
      zip.on('error', reject);
      zip.on('end', () => resolve(entries));
      zip.on('entry', (entry: Entry) => {
        entries.push(entry);
        zip.readEntry();
      });
      zip.readEntry();
    });
  });
}

/** Files of an honest zip lie one after the other: shared bytes are a bomb or damage. */
function checkOverlaps(entries: Entry[], name: string): void {
  const ordered = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [i, entry] of ordered.entries()) {
    const next = ordered[i + 1];
    const end = entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize;
    if (next && end > next.relativeOffsetOfLocalHeader)
      throw damaged(name, `${entry.fileName.slice(0, 80)} and ${next.fileName.slice(0, 80)} share bytes`);
  }
}

/** Where the packed bytes of a file begin. Throws `corrupt` for one that cannot be unpacked. */
function beginOf(entry: Entry, file: OpenedFile, fail: (why: string) => BregmaError): number {
  const { compressionMethod, relativeOffsetOfLocalHeader: at } = entry;
  if (entry.isEncrypted()) throw fail('is encrypted');
  const local = file.read(at, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw fail('has no header');
  if (compressionMethod !== 0 && compressionMethod !== 8)
    throw fail(`is packed by method ${compressionMethod}; deflated and stored files are read`);
  return at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
}

const failing = (zip: string, entry: Entry) => (why: string) => damaged(zip, `${entry.fileName.slice(0, 80)} ${why}`);

function unpack(entry: Entry, file: OpenedFile, zip: string): Uint8Array {
  const fail = failing(zip, entry);
  const packed = file.read(beginOf(entry, file, fail), entry.compressedSize);
  let bytes: Buffer = packed;
  if (entry.compressionMethod === 8)
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: entry.uncompressedSize + 1 });
    } catch {
      throw fail('cannot be unpacked');
    }
  if (bytes.length !== entry.uncompressedSize) throw fail('is not as long as the directory says');
  if (crc32(bytes) !== entry.crc32) throw fail('does not have the checksum that the directory gives');
  return bytes;
}

async function* unpackPieces(entry: Entry, file: OpenedFile, zip: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const fail = failing(zip, entry);
  const packed = packedPieces(file, beginOf(entry, file, fail), entry.compressedSize, signal);
  let length = 0;
  let sum = 0;
  for await (const piece of entry.compressionMethod === 8 ? inflatedRaw(packed, fail, signal) : packed) {
    length += piece.length;
    if (length > entry.uncompressedSize) break;
    sum = crc32(piece, sum);
    yield piece;
  }
  if (length !== entry.uncompressedSize) throw fail('is not as long as the directory says');
  if (sum !== entry.crc32) throw fail('does not have the checksum that the directory gives');
}

async function* packedPieces(file: OpenedFile, at: number, length: number, signal: AbortSignal) {
  for (let done = 0; done < length; done += pieceBytes) {
    throwIfCancelled(signal);
    const piece = file.read(at + done, Math.min(pieceBytes, length - done));
    yield piece;
    if (piece.length === 0) return;
    await turn();
  }
}

async function* inflatedRaw(packed: AsyncGenerator<Buffer>, fail: (why: string) => BregmaError, signal: AbortSignal) {
  const source = Readable.from(packed);
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  source.on('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    // SAFETY: a stream of zlib gives Buffers as long as no encoding is set.
    for await (const piece of inflate) yield piece as Buffer;
  } catch (error) {
    throwIfCancelled(signal);
    throw error instanceof BregmaError ? error : fail('cannot be unpacked');
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

const damaged = (name: string, why: string) =>
  new BregmaError('corrupt', `${name} is no readable zip: ${why}.`, { next: 'Make the zip again.' });
