import { unknownName } from '@bregma/core/errors';
import { answerOf, captionOf } from '../draw/answer.ts';
import { type ChartData, chartRows } from '../draw/chart-rows.ts';
import type { Records } from './records.ts';

/** The rows that a chart over this activity's answer is drawn from, with the answer's caption. */
export async function notebookRows({ ledger, objects }: Records, activity: string): Promise<ChartData> {
  const record = ledger.find('activity', activity);
  if (record?.kind !== 'activity') throw unknownName('record', activity, [], undefined, 'in this workspace');
  const answer = answerOf(record, objects);
  return { caption: captionOf(answer, ''), ...(await chartRows(record.body.tool, answer.value, objects)) };
}
