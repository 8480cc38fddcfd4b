import type { TableModel } from '@bregma/core/contracts/views/table';
import { DataType, type Field, tableFromIPC } from 'apache-arrow';
import { bytesOf } from '../shared/numbers.ts';

/** How values of a column are ordered and filtered. `integer` and `decimal` never become JavaScript numbers. */
export type Order = 'integer' | 'decimal' | 'number' | 'text';

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

function orderOf(type: string, values: () => unknown[]): { order: Order; digits: number } {
  const decimal = /^DECIMAL\(\d+,\s*(\d+)\)$/i.exec(type);
  if (decimal) return { order: 'decimal', digits: Number(decimal[1]) };
  if (integerType.test(type)) return { order: 'integer', digits: 0 };
  if (/^(FLOAT|DOUBLE|REAL)/i.test(type)) return { order: 'number', digits: 0 };
  return { order: /^(VARCHAR|UTF8|LARGEUTF8)$/i.test(type) && allIntegers(values()) ? 'integer' : 'text', digits: 0 };
}

/** Ids are text that counts: when every value of a text column is a whole number, it is ordered as one. */
function allIntegers(values: unknown[]): boolean {
  let some = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (typeof value !== 'string' || !/^(0|-?[1-9]\d{0,38})$/.test(value)) return false;
    some = true;
  }
  return some;
}

function fromArrow({ arrow, columns: described }: TableModel): TableData {
  const table = tableFromIPC(bytesOf(arrow!));
  return {
    length: table.numRows,
    columns: table.schema.fields.map((field, i) => {
      const vector = table.getChildAt(i)!;
      const known = described.find(({ name }) => name === field.name);
      const cell = reader(field, (row) => vector.get(row));
      const type = known?.type ?? String(field.type).replace(/<.*/s, '');
      const values = () => Array.from({ length: table.numRows }, (_, row) => cell(row));
      const order: { order: Order; digits: number } = DataType.isDecimal(field.type)
        ? { order: 'decimal', digits: field.type.scale }
        : DataType.isInt(field.type)
          ? { order: 'integer', digits: 0 }
          : DataType.isFloat(field.type)
            ? { order: 'number', digits: 0 }
            : orderOf(DataType.isUtf8(field.type) ? 'VARCHAR' : 'other', values);
      return { name: field.name, unit: known?.unit, description: known?.description, type, ...order, cell };
    }),
  };
}

/** Reads a cell as text, number or bigint: dates and times ISO 8601, decimals exactly, nested values as plain objects. */
function reader({ type }: Field, get: (row: number) => unknown): (row: number) => unknown {
  if (DataType.isDecimal(type)) {
    return (row) => {
      const words = get(row) as Uint32Array | null;
      return words === null ? null : decimalText(words, type.scale);
    };
  }
  if (DataType.isTimestamp(type) || DataType.isDate(type)) {
    return (row) => {
      const ms = get(row);
      if (ms === null) return null;
      const text = new Date(Number(ms)).toISOString();
      return DataType.isDate(type) ? text.slice(0, 10) : text;
    };
  }
  return (row) => {
    const value = get(row) as { toJSON?(): unknown } | null;
    return typeof value === 'object' && value?.toJSON && !ArrayBuffer.isView(value) ? value.toJSON() : value;
  };
}

/** words: little-endian two's complement. */
function decimalText(words: Uint32Array, scale: number): string {
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i]);
  value = BigInt.asIntN(words.length * 32, value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

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
