import { sqlName } from '@bregma/core/contracts/sql-name';
import { grouped } from '@bregma/core/numbers';
import type { Completion } from './complete.ts';

/** What a workspace has a name for. */
export interface Names {
  data: {
    reference: string;
    /** Its name in SQL. */
    schema: string;
    title: string;
    tables: { name: string; rows: number; columns: { name: string; type: string; unit?: string }[] }[];
  }[];
  twins: { id: string; title: string }[];
}

/** What can stand at the cursor of a sql cell: data sets, tables behind a data set, and columns of the tables that the cell names. */
export function sqlCompletions(before: string, whole: string, { data }: Names): Completion[] {
  // Within a text or behind a comment nothing is a name.
  const line = before.split('\n').at(-1) ?? '';
  if (line.includes('--') || (line.match(/'/g)?.length ?? 0) % 2 === 1) return [];
  const [, schema] = /(?:^|[^\w.])"?(\w+)"?\.\w*$/.exec(before) ?? [];
  const named = data.find((one) => one.schema === schema);
  if (named)
    return named.tables.map(({ name, rows }) => ({
      label: name,
      insert: sqlName(name),
      detail: `${grouped(rows)} rows`,
      needed: true,
    }));
  const columns = data.flatMap((one) =>
    one.tables
      .filter(({ name }) => new RegExp(`\\b${escaped(one.schema)}"?\\."?${escaped(name)}\\b`).test(whole))
      .flatMap((table) => table.columns.map((column) => columnCompletion(column, `${one.schema}.${table.name}`))),
  );
  // Behind an alias only columns stand.
  if (schema !== undefined) return columns;
  const expects = /\b(from|join)\s+\w*$/i.test(before);
  const sets = data.map(({ schema: label, title }) => ({ label, insert: `${label}.`, detail: title, needed: expects }));
  return expects ? sets : [...columns, ...sets];
}

function columnCompletion(column: Names['data'][number]['tables'][number]['columns'][number], of: string): Completion {
  const { name, type, unit } = column;
  return {
    label: name,
    insert: sqlName(name),
    detail: unit ? `${type}, ${unit}` : type,
    documentation: of,
    needed: true,
  };
}

/** Values that name a twin or a data set, behind an argument of that name in a bregma cell. */
export function nameValues(before: string, { data, twins }: Names): Completion[] {
  const [, argument] = /^\s+(?:- )?([\w-]+):\s+\S*$/.exec(before.split('\n').at(-1) ?? '') ?? [];
  if (argument && /^twins?(_[a-z])?$/.test(argument))
    return twins.map(({ id, title }) => ({ label: id, insert: id, detail: title }));
  if (argument === 'data' || argument === 'dataset' || argument === 'release')
    return data.map(({ reference, title }) => ({ label: reference, insert: reference, detail: title }));
  return [];
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
