import { BregmaError } from '@bregma/core/errors';
import { listExperiments } from '@bregma/core/experiment/experiments';
import type { Workspace } from '@bregma/core/workspace';

/** Throws `not-allowed` for responses of an experiment on which no test has spent its budget: who looks earlier knows what it will say. */
export function refuseUnspent(digest: string, ledger: Workspace['ledger']): void {
  const spent = new Set(ledger.list('test').flatMap(({ body }) => (body.phase === 'spent' ? [body.experiment] : [])));
  const closed = listExperiments(ledger).find(({ id, end }) => end?.responses.object === digest && !spent.has(id));
  if (!closed) return;
  throw new BregmaError(
    'not-allowed',
    `Object ${digest} stays closed: it holds responses of ${closed.id}, whose test has not spent its error budget.`,
    { next: 'Call test_hypothesis first.', fields: { refusal: 'unspent', experiment: closed.id } },
  );
}
