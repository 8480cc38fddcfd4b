import { type NumberArray, numbersOf, unpack, wordsOf } from '../kit/numbers.ts';
import type { MatrixModel } from './model.ts';

/** The lines along one side of a matrix. */
export interface Side {
  of: string;
  names: string[];
  ids: string[] | undefined;
  types: string[] | undefined;
}

/** A matrix, dense or sparse. */
export interface Cells {
  rows: Side;
  columns: Side;
  /** [rows × columns], or the cells that are there. */
  dense: NumberArray | undefined;
  sparse: { row: NumberArray; column: NumberArray; values: NumberArray } | undefined;
  /** What a cell is that is not in `sparse`. */
  absent: 'zero' | 'not measured';
}

/** The cells of a model. Throws when names, shape and places do not fit each other. */
export function cellsOf({ rows, columns, dense, sparse }: MatrixModel): Cells {
  const [down, across] = [sideOf(rows), sideOf(columns)];
  const [r, c] = [down.names.length, across.names.length];
  if (dense) {
    if (dense.shape[0] !== r || dense.shape[1] !== c)
      throw new Error(`The matrix is ${dense.shape.join(' × ')}; there are ${r} rows and ${c} columns.`);
    return { rows: down, columns: across, dense: unpack(dense), sparse: undefined, absent: 'not measured' };
  }
  if (!sparse) throw new Error('A matrix needs `dense` or `sparse`.');
  const [row, column, values] = [numbersOf(sparse.row), numbersOf(sparse.column), numbersOf(sparse.values)];
  if (row.length !== values.length || column.length !== values.length)
    throw new Error(`There are ${row.length} rows and ${column.length} columns for ${values.length} cells.`);
  for (let i = 0; i < values.length; i++) {
    if (!(row[i] >= 0 && row[i] < r && column[i] >= 0 && column[i] < c))
      throw new Error(`Cell ${i} lies at row ${row[i]}, column ${column[i]} of a matrix of ${r} × ${c}.`);
  }
  return { rows: down, columns: across, dense: undefined, sparse: { row, column, values }, absent: sparse.absent };
}

function sideOf({ of, names, ids, types }: MatrixModel['rows']): Side {
  const side = { of, names: wordsOf(names), ids: ids && wordsOf(ids), types: types && wordsOf(types) };
  for (const list of [side.ids, side.types])
    if (list && list.length !== side.names.length)
      throw new Error(`There are ${list.length} ids or types for ${side.names.length} names (${of}).`);
  return side;
}

/** What is on one side of the picture: lines of one cell each, or of all cells of a type. */
export interface Lines {
  /** Line of each row or column of the matrix. */
  lineOf: Int32Array;
  names: string[];
  /** Cells on each line. */
  sizes: Uint32Array;
  /** Stretches of lines of one type, where lines are single cells. */
  types: { name: string; from: number; to: number }[];
}

/** How lines are put in order. */
export type Order = 'type' | 'given' | 'name';

/** One line a cell. By type: types as they are named, cells as given. */
export function singleLines({ names, types }: Side, order: Order): Lines {
  const places = names.map((_, i) => i);
  const collator = new Intl.Collator('en', { numeric: true });
  if (order === 'name') places.sort((a, b) => collator.compare(names[a], names[b]) || a - b);
  if (order === 'type' && types) places.sort((a, b) => collator.compare(types[a], types[b]) || a - b);
  const lineOf = new Int32Array(names.length);
  const stretches: Lines['types'] = [];
  places.forEach((cell, line) => {
    lineOf[cell] = line;
    if (order !== 'type' || !types) return;
    const last = stretches.at(-1);
    if (last?.name === types[cell]) last.to = line + 1;
    else stretches.push({ name: types[cell], from: line, to: line + 1 });
  });
  return {
    lineOf,
    names: places.map((cell) => names[cell]),
    sizes: new Uint32Array(names.length).fill(1),
    types: stretches,
  };
}

/** One line a type. */
export function typeLines({ types = [] }: Side): Lines {
  const names = [...new Set(types)].sort(new Intl.Collator('en', { numeric: true }).compare);
  const place = new Map(names.map((name, i) => [name, i]));
  const sizes = new Uint32Array(names.length);
  const lineOf = Int32Array.from(types, (name) => {
    const line = place.get(name)!;
    sizes[line]++;
    return line;
  });
  return { lineOf, names, sizes, types: [] };
}
