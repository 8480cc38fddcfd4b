import type { DataArray, DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { doublesOf, parseNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { Cell, Columns } from '@bregma/core/questions/sample';
import { readColumns } from './parquet.ts';
import { tableOf } from './release.ts';
import { withheldFile } from './withheld.ts';

/** Rows of a table that a question is asked of. */
export const mostRows = 2_000_000;

/** The table of a release that a question means. Throws `bad-input` where it names none and there are several. */
export function tableAsked(release: DatasetRelease, name: string | undefined): Table {
  const all = rowsOf(release);
  if (name !== undefined) return all.find((table) => table.name === name) ?? tableOf(release, name);
  if (release.tables.length === 1) return release.tables[0];
  if (all.length === 1) return all[0];
  throw new BregmaError('bad-input', `${datasetRef(release)} has ${all.length} tables and arrays.`, {
    next: `Name one as table: ${all.map((table) => table.name).join(', ')}.`,
  });
}

/** All that a release holds as tables; an array is one of a row a value, with its place along each axis. A table has the name first. */
export const rowsOf = ({ tables, arrays }: DatasetRelease): Table[] => [
  ...tables,
  ...arrays.filter(({ name }) => !tables.some((table) => table.name === name)).map(arrayAsTable),
];

function arrayAsTable({ name, object, shape, axes, unit, description }: DataArray): Table {
  const places = axes.map((axis) => ({ name: axis, type: 'INTEGER' }));
  const rows = shape.reduce((product, size) => product * size, 1);
  return { name, object, rows, description, columns: [...places, { name: 'value', type: 'DOUBLE', unit }] };
}

/** All columns of a table of a release, in the open. Throws `too-large` beyond two million rows. */
export async function columnsOfTable(table: Table, objects: ObjectStore): Promise<Columns> {
  return columnsOfParquet(objects.get(table.object), table);
}

/** All columns of the part of a table that was withheld: for a test of a frozen hypothesis, and nothing else. */
export async function columnsWithheld(table: Table, part: string, bregma: string): Promise<Columns> {
  return columnsOfParquet(withheldFile(bregma, part), table);
}

async function columnsOfParquet(file: Uint8Array, { columns, rows, name }: Table): Promise<Columns> {
  if (rows > mostRows)
    throw new BregmaError('too-large', `Table ${name} has ${rows} rows; a question is asked of ${mostRows}.`, {
      next: 'Average it in SQL, add the result, and ask that.',
    });
  const names = columns.map((column) => column.name);
  if (Buffer.from(file.subarray(0, 6)).toString('latin1') === '\x93NUMPY') return columnsOfArray(file, names);
  const decimal = columns.map(({ type }) => type.startsWith('DECIMAL'));
  const lists = await readColumns(file, names);
  return Object.fromEntries(
    names.map((column, i) => [
      column,
      lists[i].map((value) => (decimal[i] && value !== null ? Number(value) : cellOf(value))),
    ]),
  );
}

/** The values of an array that were measured, each with its place along the axes. */
function columnsOfArray(file: Uint8Array, names: string[]): Columns {
  const { data, shape } = parseNpy(file);
  const values = doublesOf(data);
  const measured = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
  const places = shape.map((length, axis) => {
    const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    return measured.map((i) => Math.floor(i / stride) % length);
  });
  const lists = [...places, measured.map((i) => values[i])];
  return Object.fromEntries(names.map((name, i) => [name, lists[i]]));
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  // A whole number that a double cannot hold stays text: it is a name.
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
}
