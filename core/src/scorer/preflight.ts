import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as z from 'zod';
import type { Tried } from '../contracts/scorer-call.ts';
import type { ServicePlace } from '../service/place.ts';
import { codeOf } from '../storage.ts';
import { askScorer } from './client.ts';

/**
 * Tries to open what the scorer keeps, as the user that this process has, and makes a file that shows who that is. The file must stay until
 * the score is there: `done` removes it.
 */
export async function tryScorer(place: ServicePlace): Promise<{ tried: z.infer<typeof Tried>; done(): void }> {
  const { id, paths, mark } = await askScorer(place, 'preflight', {});
  const file = path.join(tmpdir(), mark);
  const outcomes = paths.map((one) => ({ path: one, outcome: outcomeOf(one) }));
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // Without it the scorer says `same-machine`.
  }
  return { tried: { id, outcomes, mark: file }, done: () => rmSync(file, { force: true }) };
}

/** `opened`, or what the system says instead. */
function outcomeOf(file: string): string {
  try {
    closeSync(openSync(file, 'r'));
    return 'opened';
  } catch (error) {
    return codeOf(error) ?? 'failed';
  }
}
