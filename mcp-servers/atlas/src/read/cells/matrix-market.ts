import { BregmaError } from '@bregma/core/errors';
import type { Batch } from '@bregma/readers/duck-batches';
import { storedBytes } from '../space/stored-bytes.ts';

/** What the first lines of a file say of its matrix (Matrix Market exchange formats, NIST, 1996). */
export interface MatrixMarket {
  rows: number;
  columns: number;
  entries: number;
  /** integer, real, or pattern: every entry is 1. */
  field: 'integer' | 'real' | 'pattern';
  /** The other half of a symmetric matrix: what an entry is below the diagonal, mirrored. 0: there is none. */
  mirrored: 0 | 1 | -1;
}

/** Entries of one batch. */
const batchEntries = 2 ** 17;
/** Rows and columns, and entries, that are read at most. */
const largestSide = 2 ** 31 - 1;
const mostEntries = 2 ** 40;
/** Bytes that one entry takes at least: "1 1\n". */
const leastEntry = 4;

/**
 * Opens a sparse matrix, gzip or not. `batches` gives row, column (both from 0) and value of every entry, in the order of the file; what
 * repeats is not added up. Throws `bad-input` when it is no such file, `corrupt` when an entry is outside or missing, naming its line.
 */
export async function openMatrixMarket(file: string, signal: AbortSignal) {
  const bytes = storedBytes(file, signal);
  const { name } = bytes;
  const lines = linesOf(bytes.from(0));
  const { head, line } = await headOf(lines, name);
  if (head.entries * leastEntry > bytes.most + 16)
    throw damaged(name, `claims ${head.entries} entries, which it cannot hold`);
  return { head, batches: () => batchesOf(lines, head, name, line) };
}

async function headOf(lines: AsyncGenerator<string>, name: string): Promise<{ head: MatrixMarket; line: number }> {
  const first = (await lines.next()).value ?? '';
  const [, format, field, symmetry] =
    /^%%MatrixMarket\s+matrix\s+(\w+)\s+(\w+)\s+([\w-]+)\s*$/i.exec(String(first))?.map((word) => word.toLowerCase()) ??
    [];
  if (format === undefined) throw refused(name, 'does not begin with %%MatrixMarket matrix');
  if (format !== 'coordinate') throw refused(name, `is ${format}; matrices by coordinate are read`);
  if (!['integer', 'real', 'double', 'pattern'].includes(field)) throw refused(name, `holds ${field} numbers`);
  const signs: Record<string, 0 | 1 | -1> = { general: 0, symmetric: 1, 'skew-symmetric': -1 };
  const mirrored = signs[symmetry];
  if (mirrored === undefined) throw refused(name, `is ${symmetry}`);
  for (let line = 2; ; line++) {
    const { value, done } = await lines.next();
    if (done) throw damaged(name, 'ends before its size');
    if (/^\s*(%.*)?$/.test(value)) continue;
    const sizes = value.trim().split(/\s+/).map(Number);
    const [rows, columns, entries] = sizes;
    const areSizes = sizes.length === 3 && sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!areSizes || rows > largestSide || columns > largestSide || entries > mostEntries)
      throw damaged(name, `says '${value.slice(0, 60)}' where rows, columns and entries belong, in line ${line}`);
    const kind = field === 'double' ? 'real' : field;
    // SAFETY: the field is one of the list above.
    return { head: { rows, columns, entries, field: kind as MatrixMarket['field'], mirrored }, line };
  }
}

async function* batchesOf(
  lines: AsyncGenerator<string>,
  { rows, columns, entries, field, mirrored }: MatrixMarket,
  name: string,
  headLine: number,
): AsyncGenerator<Batch> {
  let [at, seen, line] = [0, 0, headLine];
  const room = batchEntries * 2;
  let [row, column, value] = [new Int32Array(room), new Int32Array(room), new Float64Array(room)];
  const parts = field === 'pattern' ? 2 : 3;
  for await (const text of lines) {
    line++;
    const words = text.trim().split(/\s+/);
    if (words[0] === '' || words[0][0] === '%') continue;
    const [i, j] = [Number(words[0]) - 1, Number(words[1]) - 1];
    const number = parts === 2 ? 1 : Number(words[2]);
    const isInside = i >= 0 && i < rows && j >= 0 && j < columns && Number.isInteger(i) && Number.isInteger(j);
    const isNumber =
      parts === 2 || (words[2] !== undefined && !(Number.isNaN(number) && !/^[+-]?nan$/i.test(words[2])));
    if (words.length !== parts || !isInside || !isNumber)
      throw damaged(
        name,
        `says '${text.slice(0, 60)}' in line ${line}, which is no entry of ${rows} rows and ${columns} columns`,
      );
    if (field === 'integer' && !Number.isSafeInteger(number))
      throw damaged(name, `has the whole number ${words[2].slice(0, 40)} in line ${line}, which is none of 53 bits`);
    if (++seen > entries) break;
    [row[at], column[at], value[at++]] = [i, j, number];
    if (mirrored !== 0 && i !== j) [row[at], column[at], value[at++]] = [j, i, number * mirrored];
    if (at < batchEntries) continue;
    yield [row.subarray(0, at), column.subarray(0, at), value.subarray(0, at)];
    at = 0;
    [row, column, value] = [new Int32Array(room), new Int32Array(room), new Float64Array(room)];
  }
  if (seen !== entries)
    throw damaged(name, `says that it has ${entries} entries, and has ${seen < entries ? seen : 'more'}`);
  if (at > 0) yield [row.subarray(0, at), column.subarray(0, at), value.subarray(0, at)];
}

/** Longest line that an entry, or a comment, needs. */
const longestLine = 1_000_000;

async function* linesOf(pieces: AsyncGenerator<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece.toString('latin1')).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) break;
    yield* lines;
  }
  if (rest !== '') yield rest.slice(0, longestLine);
}

const refused = (name: string, why: string) =>
  new BregmaError('bad-input', `${name} ${why}: it is no sparse matrix of Matrix Market that is read.`, {
    next: 'Write it with scipy.io.mmwrite, as real or integer numbers.',
  });

const damaged = (name: string, why: string) =>
  new BregmaError('corrupt', `${name} ${why}.`, { next: 'Copy the file again; nothing was added.' });
