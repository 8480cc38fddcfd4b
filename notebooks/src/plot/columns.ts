import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { bytesText, jsonValue } from '@bregma/readers/exact';
import type { Columns } from '@bregma/webviews/kit/plot-form';

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

/** Decimals come as text: see readers' `exact.ts`. */
const isDecimal = (value: unknown) => typeof value === 'string' && /^-?\d+\.\d+$/.test(value);

/** The error for a column that a table does not have, with those of the nearest names. */
export function unknownColumn(name: string, names: string[], of: string): BregmaError {
  const near = nearest(name, names);
  return unknownName(`column in '${of}'`, name, near.length > 0 ? near : names.slice(0, 5));
}
