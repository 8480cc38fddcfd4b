import { crc32, inflateRawSync } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';
import type { Entry } from 'yauzl';
import type { OpenedFile } from '../regular-file.ts';

/** A file inside a zip. */
export interface ZippedFile {
  name: string;
  /** Bytes unpacked. Throws `corrupt` when they do not have the length or checksum that the directory gives. */
  read(): Uint8Array;
}

/** Limits that honest sets of files stay below. */
const mostEntries = 200_000;
const mostUnpacked = 4e9;
/** A file may unpack to this many times its size, and a megabyte. */
const mostRatio = 1000;

/**
 * The files of a zip, in the order of its directory; folders are left out. Nothing is unpacked yet. Throws `corrupt` when it is no
 * zip or its files overlap, `too-large` when they claim more than honest files hold.
 */
export async function openZip(
  file: OpenedFile,
  name: string,
  wanted: (entry: string) => boolean,
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
    if (total > mostUnpacked || uncompressedSize > mostRatio * compressedSize + 1e6)
      throw new BregmaError(
        'too-large',
        `${name} unpacks to more than its files can hold (at ${fileName.slice(0, 80)}).`,
        {
          next: 'Make the zip of the files that are needed alone, or give the folder.',
        },
      );
  }
  return {
    files: chosen.map((entry) => ({ name: entry.fileName, read: () => unpack(entry, file, name) })),
    others: inside.filter(({ fileName }) => !wanted(fileName)).map(({ fileName }) => fileName),
  };
}

async function directoryOf(file: OpenedFile): Promise<Entry[]> {
  // By its default: a CommonJS module that is bundled into a file of its own has no other name.
  const { default: yauzl } = await import('yauzl');
  const { Readable } = await import('node:stream');
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

function unpack(entry: Entry, file: OpenedFile, zip: string): Uint8Array {
  const { fileName, compressionMethod, uncompressedSize, compressedSize, relativeOffsetOfLocalHeader: at } = entry;
  const fail = (why: string) => damaged(zip, `${fileName.slice(0, 80)} ${why}`);
  if (entry.isEncrypted()) throw fail('is encrypted');
  const local = file.read(at, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw fail('has no header');
  const packed = file.read(at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), compressedSize);
  let bytes: Buffer = packed;
  if (compressionMethod === 8)
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: uncompressedSize + 1 });
    } catch {
      throw fail('cannot be unpacked');
    }
  else if (compressionMethod !== 0)
    throw fail(`is packed by method ${compressionMethod}; deflated and stored files are read`);
  if (bytes.length !== uncompressedSize) throw fail('is not as long as the directory says');
  if (crc32(bytes) !== entry.crc32) throw fail('does not have the checksum that the directory gives');
  return bytes;
}

const damaged = (name: string, why: string) =>
  new BregmaError('corrupt', `${name} is no readable zip: ${why}.`, { next: 'Make the zip again.' });
