import { BregmaError } from '@bregma/core/errors';
import { draw, type Picture } from '../../notebook/draw/draw.ts';
import type { ReadStore } from './query.ts';

/** The pictures of what an activity answered. Throws `missing` when there is no such activity, and when it did not succeed. */
export async function notebookPictures({ ledger, objects }: ReadStore, activity: string): Promise<Picture[]> {
  const record = ledger.find('activity', activity);
  if (record?.kind === 'activity') return draw(record, objects);
  throw new BregmaError('missing', `There is no record ${activity} in this workspace.`, { next: 'Run the cell.' });
}
