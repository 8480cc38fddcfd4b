import { captionOf, type FromAnswer, type ToolCall } from '../kit/answer.ts';
import type { TableModel } from './model.ts';

/** Names of lists in answers that are tables of their own, most telling first, and what they hold. */
const lists: Record<string, string> = {
  partners: 'Partners',
  nearest: 'Nearest',
  path: 'Path',
  list: 'List',
  strongest: 'Strongest responses',
  changed: 'Changed',
  perHop: 'Per hop',
};

/**
 * `query_data` as it answers; for other tools the list of named things in the answer. A notebook has all kept rows of a query, and
 * draws those.
 */
export const table: FromAnswer<TableModel> = {
  tools: ['trace_connections', 'run_twin'],
  draw(call) {
    const { value } = call.answer;
    if (!Array.isArray(value?.rows) || !Array.isArray(value.columns)) return listed(call);
    const title = typeof call.arguments.sql === 'string' ? call.arguments.sql : call.tool.replaceAll('_', ' ');
    return { ...captionOf(call, title), columns: columnsOf(value), rows: value.rows };
  },
};

/** Columns as a query tells them in a chat: names, and the types of those that their values do not show. */
function columnsOf({ columns, rows, types }: ToolCall['answer']['value']): TableModel['columns'] {
  return columns.map((column: unknown, i: number) => {
    if (typeof column !== 'string') return column;
    const first = rows.find((row: unknown[]) => row[i] != null)?.[i];
    return { name: column, type: types?.[column] ?? typeOf(first) };
  });
}

const typeOf = (value: unknown) =>
  typeof value === 'number' ? 'DOUBLE' : typeof value === 'boolean' ? 'BOOLEAN' : 'VARCHAR';

function listed(call: ToolCall): TableModel | undefined {
  const { value } = call.answer;
  const name = Object.keys(lists).find((key) => Array.isArray(value?.[key]) && isRecord(value[key][0]));
  if (name === undefined) return undefined;
  const rows: Record<string, unknown>[] = value[name].filter(isRecord);
  const names = [...new Set(rows.flatMap(Object.keys))];
  return {
    ...captionOf(call, lists[name]),
    columns: names.map((column) => ({
      name: column,
      type: typeOf(rows.find((row) => row[column] != null)?.[column]),
    })),
    rows: rows.map((row) => names.map((column) => cell(row[column]))),
  };
}

const cell = (value: unknown) => (isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : (value ?? null));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
