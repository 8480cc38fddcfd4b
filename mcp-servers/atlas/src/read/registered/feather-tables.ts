import type { FormatKit } from '../../formats/format.ts';
import { loadArrow } from '../arrow/load.ts';

/** Loads a Feather file as the table `name` of the kit's database. Returns its columns. */
export async function loadFeather(name: string, file: string, kit: FormatKit): Promise<Set<string>> {
  await loadArrow(file, kit);
  await kit.duck.run(`CREATE OR REPLACE TABLE ${name} AS FROM incoming`);
  return new Set((await kit.duck.columns(name)).map((column) => column.name));
}

/** `, t."a"::VARCHAR AS "a"` for each of these columns that the table has. renamed: what a column is called here. */
export const textColumns = (
  table: string,
  present: ReadonlySet<string>,
  wanted: readonly string[],
  renamed: Readonly<Record<string, string>> = {},
): string =>
  wanted
    .filter((column) => present.has(column))
    .map((column) => `, nullif(${table}."${column}"::VARCHAR, '') AS "${renamed[column] ?? column}"`)
    .join('');
