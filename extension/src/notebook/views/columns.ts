import type { Quantity } from '@bregma/core/contracts/views/numbers';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { bytesText, jsonValue } from '../draw/exact.ts';

/** Columns of an earlier result, each read as a view needs it. */
export interface Columns {
  /** Rows that were read. */
  length: number;
  /** One sentence when there are more rows than were read. */
  note?: string;
  /** Throws `bad-input` where a value is no number. NaN is "not measured". */
  numbers(name: string): Float64Array;
  /** Whole numbers and decimals with all of their digits; '' is "not measured". */
  words(name: string): string[];
  /** As the store has them. */
  values(name: string): unknown[];
  isNumeric(name: string): boolean;
}

/** names: of all columns of the result. of: how the result is called in errors. */
export function columnsOf(names: string[], records: Record<string, unknown>[], of: string, note?: string): Columns {
  const values = (name: string) => {
    if (!names.includes(name)) throw unknownColumn(name, names, of);
    return records.map((row) => row[name] ?? null);
  };
  const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';
  const isNumeric = (name: string) =>
    values(name).every((value) => value === null || isNumber(value) || isDecimal(value));
  return {
    length: records.length,
    note,
    values,
    isNumeric,
    numbers: (name) =>
      Float64Array.from(values(name), (value, row) => {
        if (value === null) return Number.NaN;
        if (isNumber(value) || isDecimal(value)) return Number(value);
        throw new BregmaError(
          'bad-input',
          `Column '${name}' of '${of}' holds no numbers: row ${row + 1} is ${JSON.stringify(jsonValue(value))?.slice(0, 60)}.`,
          { next: `Write ${name}::DOUBLE in its SQL, or name another column.` },
        );
      }),
    words: (name) =>
      values(name).map((value) => {
        if (value === null) return '';
        if (value instanceof Uint8Array) return bytesText(value);
        return typeof value === 'object' ? JSON.stringify(jsonValue(value)) : String(value);
      }),
  };
}

/** Decimals come as text: see `draw/exact.ts`. */
const isDecimal = (value: unknown) => typeof value === 'string' && /^-?\d+\.\d+$/.test(value);

export function unknownColumn(name: string, names: string[], of: string): BregmaError {
  const near = nearest(name, names);
  return unknownName(`column in '${of}'`, name, near.length > 0 ? near : names.slice(0, 5));
}

const units: Record<string, string> = {
  deg: '°',
  hz: 'Hz',
  ms: 'ms',
  s: 's',
  us: 'µs',
  um: 'µm',
  mm: 'mm',
  nm: 'nm',
  mv: 'mV',
  pa: 'pA',
  pct: '%',
};

/** `orientation_deg` is an orientation in °. */
export function quantityOf(column: string): Quantity {
  const [, label, suffix] = /^(.+)_([a-z]+)$/i.exec(column) ?? [];
  const unit = suffix && units[suffix.toLowerCase()];
  return unit ? { label: label.replaceAll('_', ' '), unit } : { label: column.replaceAll('_', ' ') };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Different values in the order in which people count. */
export const distinct = (words: string[]): string[] => [...new Set(words)].sort(collator.compare);
