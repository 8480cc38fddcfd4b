import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Column, Decision, Table } from '@bregma/core/contracts/dataset';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { type TypedTable, typeColumns } from './columns.ts';
import { loadSheets } from './sheet/load-sheet.ts';
import type { TableOptions } from './table-options.ts';
import { loadText, type Typing } from './text/load-text.ts';

/** A table of a file in the kit's database. */
export interface LoadedTable {
  /** Its columns in the order of the file. */
  columns: string[];
  rows: number;
  decisions: Decision[];
  /** What was doubtful, as sentences. */
  warnings: string[];
  /** The decimal sign of a text file. */
  decimal: ',' | '.';
}

/**
 * Loads a text file (comma, tab, semicolon, bar or blanks; also .gz), or the first table of a workbook, as the table `name` of the kit's database, with the types that
 * every value survives; `types: 'text'` keeps all of it as text. Missing values are NULL. Throws `bad-input` or `corrupt`, naming the
 * file, the line and the option that helps; never with fewer rows than the file has.
 */
export async function loadTable(
  name: string,
  file: string,
  options: TableOptions,
  kit: FormatKit,
): Promise<LoadedTable> {
  const workbook = /\.xls[xm]?$/i.test(file);
  const typed = workbook ? await firstOfWorkbook(file, options, kit) : await readTextTable(file, options, kit);
  await kit.duck.run(`CREATE OR REPLACE TABLE ${identifier(name)} AS ${typed.query}`);
  await kit.duck.run('DROP TABLE IF EXISTS incoming');
  if (typed.stored !== undefined) rmSync(typed.stored, { force: true });
  const { rows, decisions, columns, decimal } = typed;
  return { columns: Object.keys(columns), rows, decisions, decimal, warnings: doubts(decisions) };
}

async function firstOfWorkbook(file: string, options: TableOptions, kit: FormatKit): Promise<TypedTable> {
  for await (const { table } of readWorkbook(file, options, kit)) return table;
  throw new Error('A workbook without tables is refused where it is read.');
}

/** The tables of a workbook, each as a query that holds until the next one is asked for. */
export async function* readWorkbook(
  file: string,
  options: TableOptions,
  kit: FormatKit,
): AsyncGenerator<{ sheet: string; table: TypedTable }> {
  for await (const { sheet, table } of loadSheets(file, options, 'incoming', kit)) {
    const typed = await typeColumns(table, options, `${path.basename(file)}, sheet ${sheet}`, kit);
    yield { sheet, table: { ...typed, decisions: [...table.decisions, ...typed.decisions] } };
  }
}

/** A text file as a query over the kit's database, and what was decided in reading it. */
export async function readTextTable(
  file: string,
  options: TableOptions,
  kit: FormatKit,
  typing?: Typing,
): Promise<TypedTable> {
  const raw = await loadText(file, options, 'incoming', kit, typing);
  const typed = await typeColumns(raw, options, path.basename(file), kit);
  return { ...typed, decisions: [...raw.decisions, ...typed.decisions] };
}

/** Stores a typed table as Parquet, with what is known of its columns and what was decided. */
export async function storeTable(typed: TypedTable, name: string, kit: FormatKit): Promise<Table> {
  const table =
    typed.stored === undefined
      ? await kit.duck.table(typed.query, { name, hasNaN: typed.maybeNaN })
      : await kit.duck.adopt(typed.stored, name, typed.rows);
  const columns = table.columns.map((column): Column => ({ ...column, ...typed.columns[column.name] }));
  return { ...table, columns, decisions: typed.decisions };
}

/** A decision and the option that decides it otherwise, in one sentence. */
export const asSentence = ({ what, option }: Decision): string => (option ? `${what} Option: ${option}.` : what);

/** The doubtful ones of what was decided. */
export const doubts = (decisions: Decision[]): string[] => decisions.filter(({ doubtful }) => doubtful).map(asSentence);
