import type { ExactArray } from '@bregma/core/contracts/dtypes';
import type { arrayTypes } from '../hdf5/element-type.ts';

/** A type of numbers that MATLAB has; `b1` is its logical. */
export type MatScalar = keyof typeof arrayTypes;

/** A part of complex numbers. */
export type Part = 'real' | 'imag';

/** A value of MATLAB's, wherever it is stored. dims: as MATLAB shows them, rows first; never fewer than two. */
export type MatValue =
  | {
      kind: 'numbers';
      dims: number[];
      scalar: MatScalar;
      parts: Part[];
      /** Elements of rows [start, start + count), in C order. */
      rows(start: number, count: number, part: Part): Promise<ExactArray>;
    }
  /** rows: one text for each row of the matrix. */
  | { kind: 'text'; dims: number[]; rows(): Promise<string[]> }
  | {
      kind: 'sparse';
      dims: number[];
      scalar: MatScalar;
      parts: Part[];
      /** Of entries. */
      count: number;
      /** Entries by column; rows and columns from 0. */
      entries(): Promise<{ row: Int32Array; column: Int32Array; real: ExactArray; imag?: ExactArray }>;
    }
  /** items: in the order of C. */
  | { kind: 'cells'; dims: number[]; items: MatValue[] }
  /** items: for each element, in the order of C, the values of its fields. */
  | { kind: 'structs'; dims: number[]; fields: string[]; items: MatValue[][] }
  /** why: "holds a function handle". */
  | { kind: 'refused'; why: string };

/** How many elements an array of this size has. */
export const countOfDims = (dims: number[]): number => dims.reduce((product, size) => product * size, 1);

/** Whether at most one axis is longer than one: what MATLAB calls a vector, a scalar or empty. */
export const isVector = (dims: number[]): boolean =>
  dims.filter((size) => size !== 1).length <= 1 || countOfDims(dims) === 0;

/** The places of elements in the order of C, as MATLAB stores them: by column. */
export function placesInC(dims: number[]): number[] {
  const strides = dims.map((_, axis) => countOfDims(dims.slice(0, axis)));
  const index = dims.map(() => 0);
  return Array.from({ length: countOfDims(dims) }, () => {
    const place = index.reduce((sum, at, axis) => sum + at * strides[axis], 0);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (++index[axis] < dims[axis]) break;
      index[axis] = 0;
    }
    return place;
  });
}

/** A table, datetime, string, containers.Map or anything else of a class: what to do about it. */
export const refusedClass = (name: string): MatValue => ({
  kind: 'refused',
  why: `is a MATLAB object${name ? ` of the class ${name.slice(0, 60)}` : ''}, whose parts only MATLAB knows; save it as numbers, text, cells or a struct (table2struct, cellstr, posixtime)`,
});
