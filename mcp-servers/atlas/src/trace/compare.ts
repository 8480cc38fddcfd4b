import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { comparePartners } from '../domain/compare-partners.ts';
import { partnersIn } from './partners.ts';
import { type Found, type Question, rowsOf, type Start } from './question.ts';

/** Partners of the same neurons in two connectomes: in both, absent from one, or not covered by it. */
export function compared(here: Start, there: Start, question: Question): Found {
  const { by, limit, direction } = question;
  refuseIds(here, there, by);
  const sides = [here, there].map((side) => ({
    partners: partnersIn(side.connectome.graph, side, question),
    covered: new Set(side.labels),
  }));
  const all = comparePartners(sides[0], sides[1]);
  const counts = Object.fromEntries(
    (['both', 'absent there', 'absent here', 'not covered there', 'not covered here'] as const).map((status) => [
      status,
      all.filter((row) => row.status === status).length,
    ]),
  );
  return {
    value: {
      direction,
      other: datasetRef(there.release),
      unit: here.connectome.unit,
      otherUnit: there.connectome.unit,
      counts,
      compared: all.slice(0, limit),
      means:
        'absent: it has such neurons and no such connection. Not covered: it has no such neurons, so nothing can be said. Shares are of all output (input upstream) of the starting neurons in each.',
    },
    completeness: {
      returned: Math.min(limit, all.length),
      available: all.length,
      of: by === 'neuron' ? 'partners' : rowsOf(by),
    },
  };
}

/** Ids of two releases say nothing of each other: names do, and groups. */
function refuseIds(here: Start, there: Start, by: string): void {
  if (by !== 'neuron' || here.release.id === there.release.id) return;
  const isNumber = (name: string) => /^\d+$/.test(name);
  const numbered = [here, there].find(({ labels }) => labels.some(isNumber));
  if (numbered)
    throw new BregmaError(
      'bad-input',
      `Neurons of ${datasetRef(numbered.release)} have numbers for names: those of two data sets do not mean the same neuron.`,
      { next: 'Compare by type, or by another column that both have.' },
    );
}
