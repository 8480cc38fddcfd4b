import type { ScoreReceipt, ScoreStatement } from '@bregma/core/contracts/score';
import type { Ledger } from '@bregma/core/ledger/ledger';

/** Who asks, of which workspace. */
export interface Client {
  person: string;
  workspace: string;
}

/** What was told and tried so far, by the log alone: a scorer that was started again goes on where it was. */
export class Tally {
  private readonly receipts: ScoreReceipt[] = [];
  private readonly counts = new Map<string, number>();
  private readonly best = new Map<string, number>();
  private readonly byNonce = new Map<string, ScoreReceipt>();
  private readonly bySubmission = new Map<string, ScoreReceipt>();
  private readonly probes = new Set<string>();

  constructor(log: Ledger) {
    for (const { body } of log.list('score')) {
      if (body.phase === 'scored') this.told(body.receipt);
      if (body.phase === 'probed') this.probed(body.benchmark, body, body.nonce);
    }
  }

  told(receipt: ScoreReceipt): void {
    const { statement } = receipt;
    this.receipts.push(receipt);
    this.count('score', statement.benchmark, statement);
    this.byNonce.set(nonceKey(statement), receipt);
    this.bySubmission.set(submissionKey(statement), receipt);
    const key = `${statement.benchmark}\n${statement.person}`;
    if (statement.score !== null)
      this.best.set(key, Math.max(statement.score, this.best.get(key) ?? Number.NEGATIVE_INFINITY));
  }

  probed(benchmark: string, client: Client, nonce: string): void {
    this.count('probe', benchmark, client);
    this.probes.add(`${client.person}\n${nonce}`);
  }

  wasProbed = ({ person }: Client, nonce: string): boolean => this.probes.has(`${person}\n${nonce}`);

  /** How often a workspace, and its person over all of theirs, asked of a benchmark. */
  spent(
    what: 'score' | 'probe',
    benchmark: string,
    { person, workspace }: Client,
  ): { workspace: number; person: number } {
    const of = (who: string) => this.counts.get(`${what}\n${benchmark}\n${who}`) ?? 0;
    return { workspace: of(`workspace ${workspace}`), person: of(`person ${person}`) };
  }

  /** The best score that a person was told; undefined before the first. */
  bestOf = (benchmark: string, { person }: Client): number | undefined => this.best.get(`${benchmark}\n${person}`);

  /** What the same asking was told, or undefined. */
  known = (asked: Pick<ScoreStatement, 'person' | 'nonce'>): ScoreReceipt | undefined =>
    this.byNonce.get(nonceKey(asked));

  /** What the same predictions of this workspace were told. */
  same = (asked: Parameters<typeof submissionKey>[0]): ScoreReceipt | undefined =>
    this.bySubmission.get(submissionKey(asked));

  all = (): readonly ScoreReceipt[] => this.receipts;

  private count(what: string, benchmark: string, { person, workspace }: Client): void {
    for (const who of [`workspace ${workspace}`, `person ${person}`]) {
      const key = `${what}\n${benchmark}\n${who}`;
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
  }
}

const nonceKey = ({ person, nonce }: { person: string; nonce: string }) => `${person}\n${nonce}`;
const submissionKey = (asked: { benchmark: string; person: string; workspace: string; submission: string }) =>
  [asked.benchmark, asked.person, asked.workspace, asked.submission].join('\n');
