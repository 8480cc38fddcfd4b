import { hostname } from 'node:os';
import type { ExperimentEnd, ExperimentStart } from '../contracts/experiment.ts';
import { unknownName } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { Entry } from '../ledger/records.ts';
import { nearest } from '../nearest.ts';
import { isAlive } from '../process-alive.ts';

/** One experiment as the ledger shows it. */
export interface ExperimentView {
  id: string;
  start: ExperimentStart;
  startSeq: number;
  at: string;
  /** interrupted: its process is gone and left no end. elsewhere: it runs on another machine, as far as this one can tell. */
  state: 'running' | 'elsewhere' | 'interrupted' | ExperimentEnd['state'];
  end?: ExperimentEnd;
}

/** All experiments, oldest first. Records of another form are no experiments. */
export function listExperiments(ledger: LedgerReader): ExperimentView[] {
  const records = ledger.list('experiment');
  const ends = new Map(
    records.flatMap(({ body }) => (body.phase === 'ended' ? [[body.experiment, body] as const] : [])),
  );
  return records.flatMap((record) => {
    const { body } = record;
    return body.phase === 'started' ? [view({ ...record, body }, ends.get(record.id))] : [];
  });
}

/** The experiment of this id, or the newest of this plan. Throws `unknown-name`. */
export function findExperiment(ledger: LedgerReader, id: string): ExperimentView {
  const all = listExperiments(ledger);
  const found = all.findLast((experiment) => experiment.id === id || experiment.start.plan === id);
  if (found) return found;
  throw unknownName(
    'experiment',
    id,
    nearest(
      id,
      all.map((experiment) => experiment.id),
    ),
    'Call find_records with kind experiment.',
  );
}

function view(record: Entry<'experiment', ExperimentStart>, end: ExperimentEnd | undefined): ExperimentView {
  return {
    id: record.id,
    start: record.body,
    startSeq: record.seq,
    at: record.at,
    state: end?.state ?? stateOf(record.body.process),
    end,
  };
}

function stateOf({ pid, host }: ExperimentStart['process']): 'running' | 'elsewhere' | 'interrupted' {
  if (host !== hostname()) return 'elsewhere';
  return isAlive(pid) ? 'running' : 'interrupted';
}
