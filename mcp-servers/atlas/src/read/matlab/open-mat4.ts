import type { OpenedFile } from '../regular-file.ts';
import { DamagedMat, fileBytes, type MatBytes } from './bytes.ts';
import { dataTypes, type Element, numbersAt } from './elements.ts';
import { charsOf, numbersOf } from './mat5-arrays.ts';
import { countOfDims, type MatScalar, type MatValue } from './value.ts';

/** What numbers are stored as, by the third digit of the type ("MAT-File Format", level 4, table 2-1). */
const stored: Record<number, { type: number; scalar: MatScalar; width: number }> = {
  0: { type: dataTypes.double, scalar: 'f8', width: 8 },
  1: { type: dataTypes.single, scalar: 'f4', width: 4 },
  2: { type: dataTypes.int32, scalar: 'i4', width: 4 },
  3: { type: dataTypes.int16, scalar: 'i2', width: 2 },
  4: { type: dataTypes.uint16, scalar: 'u2', width: 2 },
  5: { type: dataTypes.uint8, scalar: 'u1', width: 1 },
};
const kinds = { numbers: 0, text: 1, sparse: 2 };
const headBytes = 20;
const longestName = 4096;
const mostVariables = 500_000;
/** Entries of a sparse matrix that are read. */
const mostEntries = 2 ** 27;

/** Whether a file begins with a variable of level 4: a type of four digits MOPT, in which O is 0, and sizes. */
export function isMat4(head: Buffer): boolean {
  return head.length >= headBytes && [false, true].some((isBig) => headOf(head, isBig) !== undefined);
}

/** What a head of level 4 says; undefined where it says nothing that can be. Other machines than of IEEE 754 are none. */
function headOf(head: Buffer, isBig: boolean) {
  const word = (at: number) => (isBig ? head.readUInt32BE(at) : head.readUInt32LE(at));
  const type = word(0);
  const [machine, zero, precision, kind] = [1000, 100, 10, 1].map((digit) => Math.floor(type / digit) % 10);
  const isOne = type < 5000 && machine === Number(isBig) && zero === 0 && kind <= 2 && Object.hasOwn(stored, precision);
  const [rows, columns, imaginary, length] = [4, 8, 12, 16].map(word);
  if (!isOne || imaginary > 1 || length < 1 || length > longestName) return undefined;
  return { kind, precision, dims: [rows, columns], isComplex: imaginary === 1, length };
}

/** The variables of a file of level 4, by name. Throws `DamagedMat`. */
export function variablesOfMat4(file: OpenedFile): Map<string, MatValue> {
  const bytes = fileBytes(file);
  const found = new Map<string, MatValue>();
  for (let at = 0, count = 0; at < bytes.size; count++) {
    if (count > mostVariables) throw new DamagedMat(`it has more than ${mostVariables} variables`);
    const { name, value, next } = variableAt(bytes, at);
    found.set(name, value);
    at = next;
  }
  return found;
}

function variableAt(bytes: MatBytes, at: number): { name: string; value: MatValue; next: number } {
  const written = bytes.read(at, headBytes);
  const isBig = headOf(written, false) === undefined;
  const head = headOf(written, isBig);
  if (!head) throw new DamagedMat(`at byte ${at} stands no variable`);
  const { kind, precision, dims, isComplex, length } = head;
  const name = bytes
    .read(at + headBytes, length)
    .toString('latin1')
    .replace(/\0.*$/s, '');
  const { type, scalar, width } = stored[precision];
  const size = countOfDims(dims) * width;
  const from = at + headBytes + length;
  const next = from + size * (isComplex ? 2 : 1);
  if (!(next <= bytes.size)) throw new DamagedMat(`${name.slice(0, 60)} claims [${dims}], which is not there`);
  const part = (begin: number): Element => ({ bytes, type, at: begin, size, next: begin + size });
  const real = part(from);
  if (kind === kinds.text) return { name, value: charsOf(dims, real, isBig), next };
  if (kind === kinds.sparse) return { name, value: sparseOf(real, dims, isBig, name), next };
  const imag = isComplex ? part(from + size) : undefined;
  return { name, value: numbersOf({ dims, scalar, isBig, real, imag }), next };
}

/**
 * A sparse matrix: a row for each entry with its row and column from 1 and its value, which for complex numbers takes two columns; the
 * last row says the size.
 */
function sparseOf(element: Element, [height, width]: number[], isBig: boolean, name: string): MatValue {
  const count = height - 1;
  if (!(count >= 0 && count <= mostEntries) || (width !== 3 && width !== 4))
    throw new DamagedMat(`the sparse matrix ${name.slice(0, 60)} is stored as [${height}, ${width}]`);
  const column = (at: number) => Float64Array.from(numbersAt(element, isBig, at * height, height), Number);
  const [rows, columns] = [column(0), column(1)];
  const dims = [rows[count], columns[count]];
  const fits = (place: number, size: number) => Number.isInteger(place) && place >= 1 && place <= size;
  for (let at = 0; at < count; at++)
    if (!fits(rows[at], dims[0]) || !fits(columns[at], dims[1]))
      throw new DamagedMat(`entry ${at + 1} of the sparse matrix ${name.slice(0, 60)} lies outside of it`);
  // By column, as every other version has them.
  const order = Array.from({ length: count }, (_, at) => at).sort(
    (a, b) => columns[a] - columns[b] || rows[a] - rows[b],
  );
  const ordered = (values: Float64Array) => Float64Array.from(order, (at) => values[at]);
  return {
    kind: 'sparse',
    dims,
    scalar: 'f8',
    parts: width === 4 ? ['real', 'imag'] : ['real'],
    count,
    entries: async () => ({
      row: Int32Array.from(order, (at) => rows[at] - 1),
      column: Int32Array.from(order, (at) => columns[at] - 1),
      real: ordered(column(2)),
      imag: width === 4 ? ordered(column(3)) : undefined,
    }),
  };
}
