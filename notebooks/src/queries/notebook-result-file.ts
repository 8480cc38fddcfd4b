import { csvOf } from '@bregma/core/contracts/csv';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { readRows } from '@bregma/readers/rows';
import { answerOf } from '../draw/answer.ts';
import { isObject } from '../tools.ts';
import type { Records } from './records.ts';

/** Rows that are written as CSV at most. */
const most = 1_000_000;

/** The whole kept table of a `query_data` answer, as Parquet or as CSV (RFC 4180). Throws `bad-input` when it has none. */
export async function notebookResultFile(
  { ledger, objects }: Records,
  activity: string,
  format: 'csv' | 'parquet',
): Promise<Uint8Array> {
  const record = ledger.find('activity', activity);
  if (record?.kind !== 'activity') throw unknownName('record', activity, [], undefined, 'in this workspace');
  const { value } = answerOf(record, objects);
  const result = isObject(value) ? (value.result ?? value.spikes) : undefined;
  if (!isObject(result) || result.mediaType !== 'application/vnd.apache.parquet')
    throw new BregmaError('bad-input', `The answer of ${record.body.tool} keeps no table.`, {
      next: 'Save the result of a sql cell; other results have CSV above their picture.',
    });
  const parquet = objects.get(String(result.object));
  if (format === 'parquet') return new Uint8Array(parquet);
  const { columns, rows, available } = await readRows(parquet, { rows: most });
  if (rows.length < available)
    throw new BregmaError('too-large', `${available} rows are too many for CSV.`, { next: 'Save it as Parquet.' });
  return new TextEncoder().encode(
    csvOf(
      columns.map(({ name }) => name),
      rows,
    ),
  );
}
