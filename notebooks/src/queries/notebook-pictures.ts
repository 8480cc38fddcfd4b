import { unknownName } from '@bregma/core/errors';
import { draw, type Picture } from '../draw/draw.ts';
import type { Records } from './records.ts';

/** The pictures of what an activity answered. Throws `missing` when there is no such activity, and when it did not succeed. */
export async function notebookPictures({ ledger, objects }: Records, activity: string): Promise<Picture[]> {
  const record = ledger.find('activity', activity);
  if (record?.kind === 'activity') return draw(record, objects);
  throw unknownName('record', activity, [], 'Run the cell.', 'in this workspace');
}
