import type { TestResult } from '@bregma/core/contracts/hypothesis';
import { BregmaError } from '@bregma/core/errors';
import type { Picture } from '../draw/draw.ts';
import type { Records } from './records.ts';

/** A hypothesis as it stands now: its content, its state and what its tests gave. Throws `missing` when there is none. */
export function notebookHypothesis({ ledger }: Records, id: string): Picture {
  const newest = ledger.latest('hypothesis', id);
  if (!newest)
    throw new BregmaError('missing', `There is no hypothesis '${id.slice(0, 60)}' in this workspace.`, {
      next: 'A hypothesis cell holds one id, as record_hypothesis gave it: hyp-….',
    });
  const tests = ledger.list('test', id).map((record) => record.body);
  const results = tests.filter((test): test is TestResult => test.phase === 'result');
  const { state, content, digest } = newest.body;
  return {
    view: 'claim',
    model: { id, state, digest, at: newest.at, content, spent: tests.length - results.length, results },
  };
}
