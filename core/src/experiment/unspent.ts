import type { ExperimentEnd } from '../contracts/experiment.ts';
import type { ValueKind } from '../contracts/value-kind.ts';
import { BregmaError } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { ObjectStore } from '../objects/objects.ts';
import { listExperiments } from './experiments.ts';

/** Kinds that are no test's evidence: whoever looks at them learns nothing that a test must pay for. */
const noEvidence: readonly ValueKind[] = ['synthetic', 'simulated', 'predicted', 'imputed'];

/**
 * Objects that hold responses of an experiment before its test, each with the id of that experiment. They are closed until a test on
 * the experiment has spent its budget for every prediction about twins that its hypothesis makes: who looks earlier knows what a
 * later test will say. A hypothesis that cannot be read has one prediction, of any name.
 */
export function unspentNumbers(ledger: LedgerReader): Map<string, string> {
  const spends = ledger.list('test').flatMap(({ body }) => (body.phase === 'spent' ? [body] : []));
  const found = new Map<string, string>();
  for (const { id, start, end } of listExperiments(ledger)) {
    if (!end || !holdsEvidence(end)) continue;
    const spent = new Set(
      spends
        .filter(({ experiment, hypothesis }) => experiment === id && hypothesis === start.hypothesis)
        .map(({ prediction }) => prediction),
    );
    const asked = predictionsOf(ledger, start.hypothesis);
    if (asked ? asked.some((prediction) => !spent.has(prediction)) : spent.size === 0)
      found.set(end.responses.object, id);
  }
  return found;
}

const holdsEvidence = ({ kind, delivered }: ExperimentEnd) => delivered > 0 && !noEvidence.includes(kind);

/** Ids of the predictions of a hypothesis that are tested on an experiment. */
function predictionsOf(ledger: LedgerReader, hypothesis: string): string[] | undefined {
  const [record] = ledger.list('hypothesis', hypothesis);
  return record?.body.content.predictions.filter(({ measured }) => !measured).map(({ id }) => id);
}

/** Why an object shows its digest alone, in a sentence. */
export const unspentInWords = (experiment: string) =>
  `It holds responses of ${experiment}, whose test has not spent its error budget: until then its digest is all that is shown.`;

/** Throws `not-allowed` for an object that holds responses before their test. */
export function refuseUnspent(digest: string, ledger: LedgerReader, closed = unspentNumbers(ledger)): void {
  const experiment = closed.get(digest);
  if (experiment === undefined) return;
  throw new BregmaError('not-allowed', `Object ${digest} stays closed. ${unspentInWords(experiment)}`, {
    next: 'Call test_hypothesis first.',
    fields: { refusal: 'unspent', experiment },
  });
}

/** The objects of a workspace as a person or an agent may look at them: responses before their test are refused. */
export class OpenObjects extends ObjectStore {
  private readonly ledger: () => LedgerReader;
  /** What is closed, as of the record of this number. */
  private closed: { seq: number; by: Map<string, string> } | undefined;

  /** Digests whose bytes were let out. */
  readonly shown = new Set<string>();

  /** ledger: asked at each reading, because a test opens what it was about. */
  constructor(folder: string, ledger: () => LedgerReader) {
    super(folder);
    this.ledger = ledger;
  }

  /** As of an ObjectStore. Throws `not-allowed` for responses of an experiment whose test is not spent. */
  override get(digest: string): Buffer {
    this.refuseClosed(digest);
    return super.get(digest);
  }

  override async checkedPath(digest: string, signal: AbortSignal): Promise<string> {
    this.refuseClosed(digest);
    return super.checkedPath(digest, signal);
  }

  /** Throws `not-allowed` where `get` would, for who reads a part of the file. */
  refuseClosed(digest: string): void {
    const ledger = this.ledger();
    const { seq } = ledger.head();
    if (this.closed?.seq !== seq) this.closed = { seq, by: unspentNumbers(ledger) };
    refuseUnspent(digest, ledger, this.closed.by);
    this.shown.add(digest);
  }
}
