import { plain } from '@bregma/core/contracts/plain-text';
import { grouped } from '@bregma/core/numbers';
import { readAdded } from './added.ts';

/** How a person has a file read otherwise: the `options` of add_data. */
export type ReadOptions = Record<string, unknown>;

/** The types that a column can be given, as add_data names them. */
export const columnTypes = ['text', 'integer', 'number', 'boolean', 'date', 'timestamp', 'time', 'duration'] as const;

/** What else can be decided about a table, each with what it can be. */
export const settings: Record<string, string> = {
  separator: 'the character between two values: , ; | or \\t, or the word blanks',
  header: 'false, true, or the number of header rows',
  decimal: ', or .',
  thousands: ', . a blank or an apostrophe',
  missing: 'the words that mean missing, as ["n/a", "-999"]; [] keeps every word',
  dates: 'dmy, mdy, ymd or text',
  encoding: 'as utf-8 or windows-1252',
  sheet: 'the name of a sheet, or its number from 1',
  range: 'lines of a text, as 4:9; cells of a sheet, as B3:F40',
};

/** A line of the preview, and what choosing it does. */
export interface PreviewLine {
  label: string;
  description?: string;
  does: { is: 'add' } | { is: 'type'; column: string } | { is: 'setting'; name?: string } | { is: 'nothing' };
}

/** Most columns and rows that are listed. */
const mostColumns = 40;
const mostRows = 5;

/**
 * What a person sees before a file is added: that it can be added, how each column was read, what was decided, and the first rows.
 * rows: of the first table, as they would be shown.
 */
export function previewLines(value: unknown, rows: unknown[][], options: ReadOptions): PreviewLine[] {
  const { tables, arrays, warnings } = readAdded(value);
  const [table] = tables;
  const nothing = { is: 'nothing' } as const;
  const said = [...(table?.decided ?? []), ...warnings];
  return [
    { label: '$(check) Add', description: sizeOf(value), does: { is: 'add' } },
    ...(table?.columns ?? []).slice(0, mostColumns).map((text): PreviewLine => {
      const [column, description] = columnOf(text);
      return { label: `$(symbol-field) ${plain(column, 80)}`, description, does: { is: 'type', column } };
    }),
    ...arrays.map(({ name, shape, axes }) => ({
      label: `$(symbol-array) ${plain(name, 80)}`,
      description: `${shape.join(' × ')} (${axes.join(' × ')})`,
      does: nothing,
    })),
    ...said.map((sentence): PreviewLine => {
      const name = /\boption:? (\w+)/i.exec(sentence)?.[1];
      return { label: `$(info) ${plain(sentence, 300)}`, does: name ? { is: 'setting', name } : nothing };
    }),
    ...rows.slice(0, mostRows).map((row) => ({
      label: `$(list-flat) ${row.map((one) => plain(one === null ? '∅' : String(one), 40)).join(' · ')}`,
      does: nothing,
    })),
    ...(table
      ? [{ label: '$(settings) Read it otherwise…', description: wordsOf(options), does: { is: 'setting' } as const }]
      : []),
  ];
}

/** `12 rows, 3 columns` */
export function sizeOf(value: unknown): string {
  const { tables, arrays } = readAdded(value);
  const parts = tables.map(({ name, rows, columns }) => `${name}: ${grouped(rows)} rows, ${columns.length} columns`);
  return [...parts, ...arrays.map(({ name, shape }) => `${name}: ${shape.join(' × ')}`)].slice(0, 3).join('; ');
}

/** `"v|w" BIGINT, mV, 3 missing` → its name, and the rest. */
export function columnOf(text: string): [name: string, rest: string] {
  const [, quoted, bare, rest = ''] = /^(?:"((?:[^"]|"")*)"|(\S+))\s*(.*)$/s.exec(text) ?? [];
  return [quoted?.replaceAll('""', '"') ?? bare ?? text, rest];
}

/** The options with a column read as another type. */
export function withType(options: ReadOptions, column: string, type: (typeof columnTypes)[number]): ReadOptions {
  const { types } = options;
  return { ...options, types: { ...(typeof types === 'object' ? types : {}), [column]: type } };
}

/** The options with a setting as a person typed it; nothing typed: as the reader decides. */
export function withSetting(options: ReadOptions, name: string, typed: string): ReadOptions {
  const { [name]: _, ...others } = options;
  if (typed === '') return others;
  const plainly = /^(true|false|none|\d+)$|^[[{]/.test(typed.trim()) && name !== 'decimal';
  return { ...others, [name]: plainly ? parsed(typed.trim()) : typed };
}

function parsed(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

const wordsOf = (options: ReadOptions): string | undefined =>
  Object.keys(options).length === 0 ? undefined : plain(JSON.stringify(options), 120);
