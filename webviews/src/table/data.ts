import { type DataType, type Table, Type, tableFromIPC } from '@uwdata/flechette';
import { bytesOf } from '../kit/numbers.ts';
import type { TableModel } from './model.ts';

/** How values of a column are ordered and filtered. `integer` and `decimal` never become JavaScript numbers. */
export type Order = 'integer' | 'decimal' | 'number' | 'text';

/** A column of a table that is shown. */
export interface DataColumn {
  name: string;
  type: string;
  unit?: string;
  description?: string;
  order: Order;
  /** Digits after the point of a decimal. */
  digits: number;
  /** null, undefined and NaN are "not measured". */
  cell(row: number): unknown;
}

/** A table that is shown, column by column. */
export interface TableData {
  columns: DataColumn[];
  length: number;
}

/** The table of a model, from its rows or from Arrow. Throws when a row has not as many cells as there are columns. */
export function tableData(model: TableModel): TableData {
  if (model.arrow !== undefined) return fromArrow(model);
  const { columns, rows = [] } = model;
  const bad = rows.findIndex((row) => row.length !== columns.length);
  if (bad >= 0) throw new Error(`Row ${bad + 1} has ${rows[bad].length} cells; there are ${columns.length} columns.`);
  return {
    length: rows.length,
    columns: columns.map((column, i) => ({
      ...column,
      ...orderOf(column.type, () => rows.map((row) => row[i])),
      cell: (row) => rows[row][i],
    })),
  };
}

const integerType = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|U?INT\d*)$/i;

function orderOf(type: string, values: () => Iterable<unknown>): { order: Order; digits: number } {
  const decimal = /^DECIMAL\(\d+,\s*(\d+)\)$/i.exec(type);
  if (decimal) return { order: 'decimal', digits: Number(decimal[1]) };
  if (integerType.test(type)) return { order: 'integer', digits: 0 };
  if (/^(FLOAT|DOUBLE|REAL)/i.test(type)) return { order: 'number', digits: 0 };
  return { order: /^(VARCHAR|UTF8|LARGEUTF8)$/i.test(type) && allIntegers(values()) ? 'integer' : 'text', digits: 0 };
}

/** Ids are text that counts: when every value of a text column is a whole number, it is ordered as one. */
function allIntegers(values: Iterable<unknown>): boolean {
  let some = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (typeof value !== 'string' || !/^(0|-?[1-9]\d{0,38})$/.test(value)) return false;
    some = true;
  }
  return some;
}

function fromArrow({ arrow, columns: described }: TableModel): TableData {
  const table = read(bytesOf(arrow!));
  return {
    length: table.numRows,
    columns: table.schema.fields.map(({ name, type }, i) => {
      const column = table.getChildAt(i);
      const known = described.find((one) => one.name === name);
      const cell = reader(type, (row) => column.at(row));
      const values = function* () {
        for (let row = 0; row < table.numRows; row++) yield cell(row);
      };
      return {
        name,
        unit: known?.unit,
        description: known?.description,
        type: known?.type ?? arrowName(type),
        ...arrowOrder(type, known?.type, values),
        cell,
      };
    }),
  };
}

function read(bytes: Uint8Array): Table {
  try {
    if (!isWhole(bytes)) throw new Error('its end is missing');
    return tableFromIPC(bytes, { useBigInt: true, useDecimalInt: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The table of ${bytes.byteLength} bytes is no Arrow table, or is damaged: ${why}.`);
  }
}

/** An Arrow stream ends with a mark, a file with its name: the reader itself takes a part for the whole. */
function isWhole(bytes: Uint8Array): boolean {
  const end = String.fromCharCode(...bytes.subarray(-8));
  return end === '\xff\xff\xff\xff\0\0\0\0' || end.endsWith('ARROW1');
}

function arrowOrder(
  type: DataType,
  known: string | undefined,
  values: () => Iterable<unknown>,
): { order: Order; digits: number } {
  if (type.typeId === Type.Decimal) return { order: 'decimal', digits: type.scale };
  if (type.typeId === Type.Int) return { order: 'integer', digits: 0 };
  if (type.typeId === Type.Float) return { order: 'number', digits: 0 };
  return orderOf(known ?? (isText(type) ? 'VARCHAR' : 'other'), values);
}

const isText = ({ typeId }: DataType) => typeId === Type.Utf8 || typeId === Type.LargeUtf8;

const arrowName = ({ typeId }: DataType) => Object.entries(Type).find(([, id]) => id === typeId)?.[0] ?? 'unknown';

/** Reads a cell as text, number or bigint: dates and times ISO 8601, decimals exactly, nested values as plain objects. */
function reader(type: DataType, get: (row: number) => unknown): (row: number) => unknown {
  if (type.typeId === Type.Decimal) {
    return (row) => {
      // SAFETY: Arrow gives the whole number behind a decimal as one of these.
      const whole = get(row) as bigint | number | null;
      return whole === null ? null : decimalText(BigInt(whole), type.scale);
    };
  }
  if (type.typeId === Type.Timestamp || type.typeId === Type.Date) {
    return (row) => {
      const ms = get(row);
      if (ms === null) return null;
      const text = new Date(Number(ms)).toISOString();
      return type.typeId === Type.Date ? text.slice(0, 10) : text;
    };
  }
  return get;
}

function decimalText(whole: bigint, scale: number): string {
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${whole < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

/** True for what was not measured. */
export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));
}

/** A cell as text, whole: bytes as 0x…, nested values as JSON with whole numbers of any size. */
export function cellText(value: unknown): string {
  if (isMissing(value)) return '';
  if (value instanceof Uint8Array)
    return `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  if (typeof value === 'object')
    return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item));
  return String(value);
}
