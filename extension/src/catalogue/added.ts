import { plain } from '@bregma/core/contracts/plain-text';
import { grouped } from '@bregma/core/numbers';
import type { Cell } from '@bregma/notebooks/document';
import { serialize } from '@bregma/notebooks/serialize';
import { writeYaml } from '@bregma/notebooks/yaml';
import * as z from 'zod/mini';

/** What of add_data's value is told to a person. */
const Added = z.object({
  dataset: z.string(),
  tables: z._default(
    z.array(
      z.object({
        name: z.string(),
        rows: z.number(),
        /** `name TYPE, unit, 3 missing`. */
        columns: z.array(z.string()),
        decided: z.optional(z.array(z.string())),
      }),
    ),
    [],
  ),
  arrays: z._default(
    z.array(z.object({ name: z.string(), shape: z.array(z.number()), axes: z.array(z.string()) })),
    [],
  ),
  warnings: z._default(z.array(z.string()), []),
});

/** A file of a person's own that was added, and the call that did it. */
export interface AddedFile {
  /** Path as the call names it. */
  source: string;
  activity: string;
  value: unknown;
  /** How a person had it read; none: as the reader decided. */
  options?: Record<string, unknown>;
}

/** What add_data's value tells of a file. */
export const readAdded = (value: unknown) => Added.parse(value);

/** Most columns that are listed one by one. */
const mostListed = 40;

/**
 * Cells that say what was decided about a file, make the call that read it, and show its first rows. query: the SQL over a table and
 * the activity that ran it; undefined where the file holds no table.
 */
export function addedCells(
  { source, activity, value, options = {} }: AddedFile,
  query: { sql: string; activity: string } | undefined,
): string {
  const { dataset, tables, arrays, warnings } = Added.parse(value);
  const name = cellNameOf(dataset);
  const said = [
    `## ${plain(source, 200)}`,
    `Read as the data set \`${dataset}\`. What was decided is below; to decide otherwise, write \`options\` into the cell that reads it and run it again.`,
    ...tables.map(tableText),
    ...arrays.map(({ name: array, shape, axes }) => `- \`${array}\`: ${shape.join(' × ')} (${axes.join(' × ')})`),
    ...(warnings.length > 0 ? [warnings.map((one) => `- ${inLine(one)}`).join('\n')] : []),
  ].join('\n\n');
  const call = writeYaml({
    tool: 'add_data',
    arguments: { source, ...(Object.keys(options).length > 0 && { options }) },
  }).trimEnd();
  const cells: Cell[] = [
    { kind: 'prose', text: said },
    { kind: 'bregma', text: call, info: { name: `add_${name}`, activity, more: [] } },
  ];
  if (query)
    cells.push({ kind: 'sql', text: query.sql, info: { name: `${name}_rows`, activity: query.activity, more: [] } });
  return serialize({ bom: false, eol: '\n', cells });
}

/** The table whose first rows are shown: the first one. */
export const firstTable = (value: unknown): string | undefined => Added.parse(value).tables[0]?.name;

/** The release that was added, `id@release`. */
export const addedRelease = (value: unknown): string => Added.parse(value).dataset;

function tableText({ name, rows, columns, decided = [] }: z.infer<typeof Added>['tables'][number]): string {
  const listed = columns.slice(0, mostListed).map((column) => `- ${inLine(column)}`);
  const more = columns.length - listed.length;
  return [
    `Table \`${name}\`, ${grouped(rows)} rows${more > 0 ? `; ${more} further columns are not listed` : ''}:`,
    listed.join('\n'),
    ...(decided.length > 0 ? [decided.map((one) => `- ${inLine(one)}`).join('\n')] : []),
  ].join('\n\n');
}

/** `my-data@1a2b` → `my_data`. */
const cellNameOf = (dataset: string): string =>
  dataset
    .slice(0, dataset.lastIndexOf('@'))
    .replace(/[^A-Za-z0-9_]/g, '_')
    .slice(0, 40);

/** A text of a file as one line that cannot become markup or the border of a table. */
const inLine = (text: string): string =>
  plain(text, 300)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]<>#|~]/g, '\\$&');
