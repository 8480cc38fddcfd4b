import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { FormatKit } from '../../formats/format.ts';
import { roomFor, widthOf } from './elements.ts';
import type { NrrdHeader } from './nrrd-header.ts';
import { inflated, mostInflated, skipping, storedBytes } from './stored-bytes.ts';
import { checkLayout, fillVoxels, type Voxels } from './voxels.ts';

/** Reads the values behind a header, or from the file that holds them. Throws `corrupt` when they end early, `too-large`, `not-allowed`. */
export async function nrrdValues(file: string, header: NrrdHeader, kit: FormatKit): Promise<Voxels & { file: string }> {
  const place = header.dataFile === undefined ? file : detached(file, header.dataFile, kit);
  const bytes = storedBytes(place, kit.signal, { asStored: true });
  const start = header.dataFile === undefined ? header.length : 0;
  const { element, bigEndian, sizes, encoding } = header;
  const layout = { element, bigEndian, sizes };
  const factor = encoding === 'gzip' ? mostInflated : 1;
  const needed = checkLayout(layout, Math.max(0, bytes.most - start) * factor, bytes.name);
  if (encoding === 'text' || encoding === 'hex')
    return { ...(await written(header, bytes.from(start), bytes.name)), file: place };
  const after = afterLines(bytes.from(start), header.lineSkip);
  const plain = encoding === 'gzip' ? inflated(after, bytes.name, kit.signal) : after;
  const skip = header.byteSkip >= 0 ? header.byteSkip : Math.max(0, bytes.most - start - needed);
  if (header.byteSkip < 0 && encoding !== 'raw')
    throw new BregmaError(
      'bad-input',
      `${bytes.name} has a byte skip of −1 in compressed values, which NRRD does not define.`,
      {
        next: 'Write the file again.',
      },
    );
  return { ...(await fillVoxels(layout, skipping(skip, plain), bytes.name)), file: place };
}

/**
 * The one file of values that a header names, if it lies in the header's folder or below it and the reading policy lets it through:
 * a header that came from elsewhere names no other file of the person's.
 */
function detached(file: string, named: string, kit: FormatKit): string {
  const name = path.basename(file);
  if (/^LIST\b/.test(named) || /%\d*d/.test(named))
    throw new BregmaError('bad-input', `${name} has its values in a series of files, which is not read.`, {
      next: 'Join them to one: unu save -f nrrd -e gzip.',
    });
  const folder = path.dirname(file);
  const place = path.resolve(folder, named);
  const below = path.relative(folder, place);
  if (path.isAbsolute(named) || below.startsWith('..') || path.isAbsolute(below))
    throw new BregmaError(
      'not-allowed',
      `${name} has its values in ${named.slice(0, 200)}, outside its own folder: it is not read.`,
      {
        next: 'Put the file of values beside the header, and name it there without a folder.',
      },
    );
  return kit.resolve(place);
}

async function* afterLines(chunks: AsyncGenerator<Buffer>, lines: number): AsyncGenerator<Buffer> {
  let left = lines;
  for await (const piece of chunks) {
    let at = 0;
    for (; left > 0; left--) {
      const end = piece.indexOf(10, at);
      if (end < 0) break;
      at = end + 1;
    }
    if (left === 0 && at < piece.length) yield piece.subarray(at);
  }
}

/** Values that are written out: numbers between blanks or commas, or two hexadecimal digits a byte. */
async function written(header: NrrdHeader, chunks: AsyncGenerator<Buffer>, name: string): Promise<Voxels> {
  const { element, bigEndian, sizes } = header;
  const count = sizes.reduce((product, size) => product * size, 1);
  const plain = skipping(Math.max(0, header.byteSkip), afterLines(chunks, header.lineSkip));
  const bytes = header.encoding === 'hex' ? hexBytes(plain, name) : textNumbers(plain, header, count, name);
  return fillVoxels({ element, bigEndian: header.encoding === 'hex' && bigEndian, sizes }, bytes, name);
}

async function* hexBytes(chunks: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Buffer> {
  let rest = '';
  for await (const piece of chunks) {
    const digits = rest + piece.toString('latin1').replace(/\s+/g, '');
    if (/[^0-9a-f]/i.test(digits)) throw notNumbers(name);
    const even = digits.length - (digits.length % 2);
    yield Buffer.from(digits.slice(0, even), 'hex');
    rest = digits.slice(even);
  }
}

async function* textNumbers(
  chunks: AsyncGenerator<Buffer>,
  { element }: NrrdHeader,
  count: number,
  name: string,
): AsyncGenerator<Buffer> {
  let [rest, done] = ['', 0];
  const encode = (words: string[]) => {
    const room = roomFor(element, words.length);
    words.forEach((word, at) => {
      if (!(element.startsWith('f') ? realNumber : wholeNumber).test(word)) throw notNumbers(name);
      const value = /inf/i.test(word) ? (word.startsWith('-') ? -1 : 1) * Number.POSITIVE_INFINITY : Number(word);
      if (room instanceof BigInt64Array || room instanceof BigUint64Array) room[at] = BigInt(word);
      else room[at] = value;
    });
    return Buffer.from(room.buffer, room.byteOffset, words.length * widthOf(element));
  };
  for await (const piece of chunks) {
    const words = (rest + piece.toString('latin1')).split(/[\s,]+/);
    rest = words.pop() ?? '';
    const taken = words.filter(Boolean).slice(0, count - done);
    done += taken.length;
    yield encode(taken);
  }
  if (rest !== '' && done < count) yield encode([rest]);
}

const wholeNumber = /^[+-]?\d+$/;
const realNumber = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf|infinity))$/i;

const notNumbers = (name: string) =>
  new BregmaError('corrupt', `${name} holds something other than numbers where its values are.`, {
    next: 'Copy the file again; nothing was added.',
  });
