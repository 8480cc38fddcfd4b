import type { ExactArray } from '@bregma/core/contracts/dtypes';
import type { ElementType, Values } from '../container/container.ts';
import { arrayTypes } from '../hdf5/element-type.ts';
import { countOfDims, isVector, type MatScalar, type MatValue } from './value.ts';

/** The value of an element of a cell array, or of a field; undefined: nothing is there. */
export type Item = MatValue | undefined;
/** Items of one kind, one for each element, that are read in parts. */
export interface Column {
  type: ElementType;
  read(start: number, count: number): Promise<Values>;
}
type Numbers = Extract<MatValue, { kind: 'numbers' }>;

const isEmpty = (item: Item) => item === undefined || ('dims' in item && countOfDims(item.dims) === 0);
const isText = (item: Item) => item?.kind === 'text' && (item.dims[0] === 1 || isEmpty(item));
const isPlain = (item: Item): item is Numbers => item?.kind === 'numbers' && item.parts.length === 1;

/**
 * The column that items are: texts, single numbers, or lists of numbers. Empty ones are missing, an empty text and an empty list are
 * themselves. Undefined when they are of several kinds, or matrices.
 */
export function columnOf(items: Item[]): Column | undefined {
  const filled = items.filter((item) => !isEmpty(item));
  if (items.some(isText) && items.every((item) => isText(item) || (isEmpty(item) && item?.kind !== 'cells')))
    return textColumn(items);
  if (!items.every((item) => isEmpty(item) || (isPlain(item) && isVector(item.dims)))) return undefined;
  const numbers = filled.filter(isPlain);
  if (numbers.length === 0) return undefined;
  const scalar = commonScalar(numbers);
  if (!scalar) return undefined;
  const single = numbers.every(({ dims }) => countOfDims(dims) === 1);
  return single
    ? numberColumn(items, numbers.length < items.length ? 'f8' : scalar, scalar)
    : listColumn(items, scalar);
}

function textColumn(items: Item[]): Column {
  return {
    type: { kind: 'scalar', scalar: 'text' },
    async read(start, count) {
      const data: (string | null)[] = [];
      for (const item of items.slice(start, start + count))
        data.push(item?.kind === 'text' ? ((await item.rows())[0] ?? '') : null);
      return { kind: 'texts', data };
    },
  };
}

/** The one type of all, or double where it holds each of them. */
function commonScalar(numbers: Numbers[]): MatScalar | undefined {
  const [first] = numbers;
  if (numbers.every(({ scalar }) => scalar === first.scalar)) return first.scalar;
  return numbers.some(({ scalar }) => scalar === 'i8' || scalar === 'u8') ? undefined : 'f8';
}

/** Single numbers; where some are missing they are doubles, NaN there. Whole numbers of 64 bits with gaps are lists of one or none. */
function numberColumn(items: Item[], scalar: MatScalar, own: MatScalar): Column {
  if (scalar === 'f8' && (own === 'i8' || own === 'u8')) return listColumn(items, own);
  return {
    type: { kind: 'scalar', scalar },
    async read(start, count) {
      const part = items.slice(start, start + count);
      const data = new arrayTypes[scalar](part.length);
      for (const [i, item] of part.entries()) {
        const value = isPlain(item) && !isEmpty(item) ? (await item.rows(0, item.dims[0], 'real'))[0] : Number.NaN;
        data[i] = scalar === 'i8' || scalar === 'u8' ? value : Number(value);
      }
      return { kind: 'numbers', scalar, data };
    },
  };
}

function listColumn(items: Item[], scalar: MatScalar): Column {
  return {
    type: { kind: 'list', of: { kind: 'scalar', scalar } },
    async read(start, count) {
      const part = items.slice(start, start + count);
      const lengths = part.map((item) => (isPlain(item) ? countOfDims(item.dims) : 0));
      const offsets = new Float64Array(part.length + 1);
      for (const [i, length] of lengths.entries()) offsets[i + 1] = offsets[i] + length;
      const data = new arrayTypes[scalar](offsets[part.length]);
      for (const [i, item] of part.entries())
        if (isPlain(item) && lengths[i] > 0) put(data, await item.rows(0, item.dims[0], 'real'), offsets[i]);
      return { kind: 'lists', offsets, of: { kind: 'numbers', scalar, data } };
    },
  };
}

function put(into: ExactArray, values: ExactArray, at: number): void {
  const isWide = into instanceof BigInt64Array || into instanceof BigUint64Array;
  for (let i = 0; i < values.length; i++) into[at + i] = isWide ? values[i] : Number(values[i]);
}
