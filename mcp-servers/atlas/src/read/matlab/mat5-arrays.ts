import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { eachOf } from '../container/container.ts';
import { arrayTypes } from '../hdf5/element-type.ts';
import { DamagedMat } from './bytes.ts';
import { dataTypes, type Element, lengthOf, numbersAt } from './elements.ts';
import { countOfDims, type MatScalar, type MatValue } from './value.ts';

/** Numbers that lie behind one another are read one by one only when they are this many bytes. */
const shortestRun = 4096;
/** Columns are read together up to this many bytes. */
const blockBytes = 2 ** 24;
/** Entries and letters that are read. */
const mostEntries = 2 ** 27;
const mostLetters = 2 ** 26;

/** Numbers as the type of their class: MATLAB stores them in the smallest that holds them. Throws `DamagedMat` where they do not fit. */
export function asScalar(data: ExactArray, scalar: MatScalar): ExactArray {
  const Kind = arrayTypes[scalar];
  if (data instanceof Kind && scalar !== 'b1') return data;
  // SAFETY: the elements of any of these arrays can be gone through one by one.
  if (scalar === 'b1') return Uint8Array.from(data as ArrayLike<number>, (value) => (Number(value) === 0 ? 0 : 1));
  if (scalar === 'i8' || scalar === 'u8') {
    const make = scalar === 'i8' ? BigInt64Array : BigUint64Array;
    return make.from(eachOf(data, (value) => BigInt(typeof value === 'bigint' ? value : Math.trunc(value))));
  }
  // SAFETY: i8 and u8 are dealt with above; the others are made of numbers.
  const out = new (Kind as Float64ArrayConstructor)(data.length);
  for (let i = 0; i < data.length; i++) out[i] = Number(data[i]);
  // SAFETY: `out` was made by the class of this scalar, which is one of them.
  return out as unknown as ExactArray;
}

/** An array of numbers that lie in a file of level 5, by column. */
export function numbersOf({
  dims,
  scalar,
  isBig,
  real,
  imag,
}: {
  dims: number[];
  scalar: MatScalar;
  isBig: boolean;
  real: Element;
  imag?: Element;
}): MatValue {
  const count = countOfDims(dims);
  for (const element of [real, ...(imag ? [imag] : [])])
    if (lengthOf(element) < count) throw new DamagedMat(`an array of [${dims}] has ${lengthOf(element)} values`);
  return {
    kind: 'numbers',
    dims,
    scalar,
    parts: imag ? ['real', 'imag'] : ['real'],
    async rows(start, rows, part) {
      const element = part === 'imag' && imag ? imag : real;
      return asScalar(rowsOf(element, isBig, dims, start, rows), scalar);
    },
  };
}

/** Rows [start, start + count) of an array that lies by column, in C order. */
function rowsOf(element: Element, isBig: boolean, dims: number[], start: number, count: number): ExactArray {
  const [height, ...others] = dims;
  const columns = countOfDims(others);
  if (columns === 1) return numbersAt(element, isBig, start, count);
  const width = element.size / Math.max(1, lengthOf(element));
  const isRun = count * width >= shortestRun;
  const together = isRun ? 1 : Math.max(1, Math.floor(blockBytes / Math.max(1, height * width)));
  const places = placesOfColumns(others);
  let out: ExactArray | undefined;
  for (let first = 0; first < columns; first += together) {
    const some = Math.min(together, columns - first);
    const block = isRun
      ? numbersAt(element, isBig, first * height + start, count)
      : numbersAt(element, isBig, first * height, some * height);
    // SAFETY: every typed array has its own class as constructor, which takes a length.
    out ??= new (block.constructor as { new (length: number): ExactArray })(count * columns);
    for (let column = 0; column < some; column++) {
      const from = isRun ? 0 : column * height + start;
      const to = places[first + column];
      for (let row = 0; row < count; row++) out[row * columns + to] = block[from + row];
    }
  }
  return out ?? numbersAt(element, isBig, 0, 0);
}

/** Where each column, as they are stored, lies in a row of C order. dims: all but the first. */
export function placesOfColumns(dims: number[]): Float64Array {
  const places = new Float64Array(countOfDims(dims));
  const strides = dims.map((_, axis) => countOfDims(dims.slice(axis + 1)));
  const index = dims.map(() => 0);
  for (let i = 0; i < places.length; i++) {
    places[i] = index.reduce((sum, at, axis) => sum + at * strides[axis], 0);
    for (let axis = 0; axis < dims.length; axis++) {
      if (++index[axis] < dims[axis]) break;
      index[axis] = 0;
    }
  }
  return places;
}

/** A matrix of letters: UTF-16 unless its element says otherwise. */
export function charsOf(dims: number[], element: Element, isBig: boolean): MatValue {
  if (dims.length > 2 && countOfDims(dims.slice(2)) > 1)
    return { kind: 'refused', why: `holds text of ${dims.length} axes` };
  const count = countOfDims(dims);
  if (count > mostLetters) return { kind: 'refused', why: `holds text of ${count} letters; ${mostLetters} are read` };
  const [height, width] = dims;
  return {
    kind: 'text',
    dims,
    async rows() {
      const letters = lettersOf(element, isBig, count);
      return Array.from({ length: height }, (_, row) =>
        Array.from({ length: width }, (_, column) => letters[column * height + row] ?? '').join(''),
      );
    },
  };
}

/** The letters, one for each place: parts of a pair of UTF-16 stay apart until they are joined. */
function lettersOf(element: Element, isBig: boolean, count: number): string[] {
  if (element.type === dataTypes.utf8) {
    const text = new TextDecoder().decode(element.bytes.read(element.at, element.size));
    const units = text.split('');
    return units.length > count ? [...text] : units;
  }
  const codes = numbersAt(element, isBig, 0, Math.min(count, lengthOf(element)));
  return eachOf(codes, (code) => letterOf(Number(code)));
}

const letterOf = (code: number) => String.fromCodePoint(Math.min(0x10ffff, Math.max(0, Math.trunc(code))));

/** A sparse matrix (compressed columns): rows of entries, where columns begin, values. */
export function sparseOf({
  dims,
  isBig,
  ir,
  jc,
  real: given,
  imag,
  isLogical,
}: {
  dims: number[];
  isBig: boolean;
  ir: Element;
  jc: Element;
  real: Element;
  imag?: Element;
  isLogical: boolean;
}): MatValue {
  const [, columns] = dims;
  if (lengthOf(jc) < columns + 1)
    throw new DamagedMat(`a sparse matrix of ${columns} columns says where ${lengthOf(jc)} begin`);
  const scalar = isLogical ? 'b1' : 'f8';
  const count = Number(numbersAt(jc, isBig, columns, 1)[0]);
  // MATLAB 7.4 stores the bytes of sparse truth values and calls them doubles.
  const isBytes = isLogical && lengthOf(given) < count;
  const real = isBytes ? { ...given, type: dataTypes.uint8 } : given;
  if (!(count >= 0 && count <= Math.min(mostEntries, lengthOf(ir), lengthOf(real))))
    throw new DamagedMat(`a sparse matrix claims ${count} entries, which are not there`);
  return {
    kind: 'sparse',
    dims,
    scalar,
    parts: imag ? ['real', 'imag'] : ['real'],
    count,
    async entries() {
      // SAFETY: places are of at most 32 bits in this format: they are numbers.
      const begins = Float64Array.from(numbersAt(jc, isBig, 0, columns + 1) as ArrayLike<number>);
      const take = (element: Element) => asScalar(numbersAt(element, isBig, 0, count), scalar);
      // SAFETY: as above.
      const row = Int32Array.from(numbersAt(ir, isBig, 0, count) as ArrayLike<number>);
      return {
        ...checkedEntries(dims, row, begins),
        real: take(real),
        imag: imag && take(imag),
      };
    },
  };
}

/** Rows and columns of entries. Throws `DamagedMat` when they lie outside of the matrix or columns go back. */
export function checkedEntries([height, columns]: number[], row: Int32Array, begins: Float64Array) {
  const column = new Int32Array(row.length);
  for (let i = 0; i < columns; i++) {
    if (!(begins[i] >= 0 && begins[i] <= begins[i + 1] && begins[i + 1] <= row.length))
      throw new DamagedMat('the columns of a sparse matrix are not in order');
    column.fill(i, begins[i], begins[i + 1]);
  }
  if (begins[0] !== 0 || row.some((at) => !(at >= 0 && at < height)))
    throw new DamagedMat('a sparse matrix has an entry outside of it');
  return { row, column };
}
