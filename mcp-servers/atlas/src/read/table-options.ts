import { BregmaError } from '@bregma/core/errors';
import * as z from 'zod';
import { thousandsSigns } from './written-numbers.ts';

const ColumnType = z.enum(['text', 'integer', 'number', 'boolean', 'date', 'timestamp', 'time', 'duration']);
export type ColumnType = z.infer<typeof ColumnType>;
const DateOrder = z.enum(['dmy', 'mdy', 'ymd', 'text']);
export type DateOrder = z.infer<typeof DateOrder>;

/** How a table is read, where a person decides it: each option undoes one decision of the reader. */
const TableOptions = z.strictObject({
  /** One type for all columns, or a type a column. */
  types: z.union([ColumnType, z.record(z.string(), ColumnType)]).optional(),
  /** The words that mean missing, for all columns or by column; `[]` keeps every word as it is. */
  missing: z.union([z.array(z.string()), z.record(z.string(), z.array(z.string()))]).optional(),
  /** false or 'none': no header; a number: so many rows; a list: the lines that are header, counted from 1. */
  header: z
    .union([z.boolean(), z.literal('none'), z.int().min(0).max(20), z.array(z.int().min(1)).min(1).max(20)])
    .optional(),
  /** One character, or 'blanks' for runs of blanks. */
  separator: z
    .string()
    .refine((text) => text === 'blanks' || text === '\\t' || text.length <= 1)
    .optional(),
  decimal: z.enum([',', '.']).optional(),
  /** The sign between thousands: without it 1,234 is text. */
  thousands: z.enum(thousandsSigns).optional(),
  encoding: z.string().optional(),
  dates: z.union([DateOrder, z.record(z.string(), DateOrder)]).optional(),
  /** A sheet of a workbook, by its name or its number from 1. */
  sheet: z.union([z.string(), z.int().min(1)]).optional(),
  /** Cells below the first one of merged cells in a sheet: 'fill' (what the merged cell says) or 'first' (missing). */
  merged: z.enum(['fill', 'first']).optional(),
  /** Lines of a text file ("4:9", "4:"), cells of a sheet ("B3:F40"). */
  range: z.string().optional(),
  /** The quotation mark; '' for a file without quoting. */
  quote: z.enum(['"', "'", '']).optional(),
  /** Inside quotes a backslash stands before a quotation mark that belongs to the value, as R and databases write it. */
  escape: z.literal('\\').optional(),
  /** Lines that begin with it are left out. */
  comment: z.string().max(2).optional(),
  /** 'fill': rows that are too short end in missing values. */
  ragged: z.enum(['refuse', 'fill']).optional(),
  /** 'keep': the empty column after the last separator of every line is one. */
  trailing: z.enum(['leave', 'keep']).optional(),
  /** 'keep': a blank line, row or column of a sheet inside the table is one of missing values. */
  blank: z.enum(['leave', 'keep']).optional(),
  /** 'leave': hidden rows and columns of a sheet are left out. */
  hidden: z.enum(['read', 'leave']).optional(),
  /** What the formulas of a workbook are that was never calculated, which all say 0. */
  formulas: z.enum(['missing', 'zero']).optional(),
});
export type TableOptions = z.infer<typeof TableOptions>;

/** The names of the options that a table takes. */
export const tableOptionNames = Object.keys(TableOptions.shape);

const examples: Record<string, string> = {
  types:
    '"text", or {"column": "text" | "integer" | "number" | "boolean" | "date" | "timestamp" | "time" | "duration"}',
  missing: '["n/a", "-999"], or {"column": ["none"]}; [] keeps every word',
  header: 'false, true, a number of rows, or the lines themselves, as [1, 2]',
  separator: '",", ";", "\\t", "|", "blanks" or another single character',
  decimal: '"," or "."',
  thousands: '",", ".", " " or "\'"',
  dates: '"dmy", "mdy", "ymd" or "text", or one of them a column',
  encoding: 'a name of the WHATWG list, as "windows-1252"',
  quote: '"\\"", "\'" or "" for none',
  escape: '"\\\\"',
  comment: 'one or two characters, as "#"',
  ragged: '"refuse" or "fill"',
  trailing: '"leave" or "keep"',
  blank: '"leave" or "keep"',
  hidden: '"read" or "leave"',
  formulas: '"missing" or "zero"',
  sheet: 'a name, or a number from 1',
  merged: '"fill" or "first"',
  range: '"4:9" for lines, "B3:F40" for cells',
};

/** Parses the options of a table. `delimiter` is another name of `separator`. Throws `bad-input`, naming the option. */
export function parseTableOptions(given: Record<string, unknown>): TableOptions {
  const { delimiter, ...rest } = given;
  const parsed = TableOptions.safeParse(delimiter === undefined ? rest : { separator: delimiter, ...rest });
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0].path[0] ?? '');
  throw new BregmaError('bad-input', `options.${name} is ${JSON.stringify(given[name])?.slice(0, 100)}.`, {
    next: `It can be ${examples[name] ?? 'what the documentation of the format lists'}.`,
  });
}

/** What `types`, `missing` or `dates` say of one column. */
export function ofColumn<T extends string | string[]>(
  option: T | Record<string, T> | undefined,
  column: string,
): T | undefined {
  // SAFETY: a text or a list is what is said of every column, a T; what is said by name is an object.
  if (option === undefined || typeof option === 'string' || Array.isArray(option)) return option as T | undefined;
  return Object.hasOwn(option, column) ? option[column] : undefined;
}

/** Throws `unknown-name` when an option names a column that the table does not have. */
export function checkColumnNames(options: TableOptions, columns: string[], file: string): void {
  for (const [name, option] of Object.entries({
    types: options.types,
    missing: options.missing,
    dates: options.dates,
  })) {
    if (typeof option !== 'object' || Array.isArray(option)) continue;
    const strange = Object.keys(option).find((column) => !columns.includes(column));
    if (strange !== undefined)
      throw new BregmaError('bad-input', `options.${name} names a column '${strange}' that ${file} does not have.`, {
        next: `Its columns: ${columns.slice(0, 40).join(', ')}.`,
      });
  }
}
