import { type Adapter, captionOf } from '../kit/answer.ts';
import type { TableModel } from './model.ts';

/** Names of lists in answers that are tables of their own, most telling first. */
const lists = ['partners', 'path', 'list', 'strongest', 'changed', 'perHop'];

/** `query_data` as it answers; for other tools the list of named things in the answer. */
export const table: Adapter = (call): TableModel | undefined => {
  const { value } = call.answer;
  const title = typeof call.arguments.sql === 'string' ? call.arguments.sql : call.tool.replaceAll('_', ' ');
  if (Array.isArray(value?.rows) && Array.isArray(value.columns))
    return { ...captionOf(call, title), columns: value.columns, rows: value.rows };
  const found = lists.map((name) => value?.[name]).find((list) => Array.isArray(list) && isRecord(list[0]));
  if (!found) return undefined;
  const names = [...new Set((found as Record<string, unknown>[]).flatMap(Object.keys))];
  const typeOf = (name: string) =>
    typeof found.find((row: never) => row[name] != null)?.[name] === 'number' ? 'DOUBLE' : 'VARCHAR';
  return {
    ...captionOf(call, title),
    columns: names.map((name) => ({ name, type: typeOf(name) })),
    rows: (found as Record<string, unknown>[]).map((row) => names.map((name) => cell(row[name]))),
  };
};

const cell = (value: unknown) => (isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : (value ?? null));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
