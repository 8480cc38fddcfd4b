import { openParquet } from '@bregma/readers/parquet';
import { answerOf } from '../draw/answer.ts';
import { chartRows } from '../draw/chart-rows.ts';
import { isObject } from '../tools.ts';
import type { Records } from './records.ts';

/** Names of the columns that a chart over this activity's answer can name; none where it holds no rows. */
export async function notebookColumns({ ledger, objects }: Records, activity: string): Promise<string[]> {
  const record = ledger.find('activity', activity);
  if (record?.kind !== 'activity' || record.body.status !== 'ok') return [];
  const { value } = answerOf(record, objects);
  if (!isObject(value)) return [];
  if (Array.isArray(value.columns)) return value.columns.map(({ name }: { name: string }) => name);
  if (isObject(value.spikes))
    return openParquet(objects.get(String(value.spikes.object))).columns.map(({ name }) => name);
  const { rows } = await chartRows(record.body.tool, value, objects).catch(() => ({ rows: [] }));
  return [...new Set(rows.flatMap(Object.keys))];
}
