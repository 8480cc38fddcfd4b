import type { Source } from '@bregma/benchmarks/benchmark';
import { sha256 } from '@bregma/core/canonical';
import type { ScoreReceipt, ScoreStatement } from '@bregma/core/contracts/score';
import type { ScorerAnswerTo, ScorerCallOf } from '@bregma/core/contracts/scorer-call';
import { BregmaError } from '@bregma/core/errors';
import { signScore } from '@bregma/core/scorer/receipts';
import type { Asker } from '@bregma/core/service/serve';
import type { RunNetwork } from '@bregma/readers/run-network';
import { Gate } from './access.ts';
import { registeredBenchmark } from './add.ts';
import type { ScorerBook } from './book.ts';
import { scoreSubmission } from './score-submission.ts';
import { openArray, type SealedSet } from './sealed-set.ts';
import { readSubmission } from './submission.ts';
import { type Client, Tally } from './tally.ts';

/** What a scorer works with beside its folder. */
export interface ScorerParts {
  /** Runs a network of a client's in a process that has no files and no network. */
  runNetwork: RunNetwork;
  /** The data from which circuits are drawn again. Absent: circuits are not tried here. */
  source?: Source;
}

/** What a scorer does on each call. Throws BregmaErrors, which go back to who asked. */
export class Scorer {
  private readonly book: ScorerBook;
  private readonly parts: ScorerParts;
  private readonly tally: Tally;
  private readonly gate: Gate;

  constructor(book: ScorerBook, parts: ScorerParts) {
    this.book = book;
    this.parts = parts;
    this.tally = new Tally(book.log);
    this.gate = new Gate(book.folder);
  }

  /** What it holds, and what is left of the budgets. */
  list({ workspace = '' }: ScorerCallOf<'list'>, { who: person }: Asker<string>): ScorerAnswerTo<'list'> {
    const benchmarks = this.book.names().map((name) => {
      const { card } = this.book.set(name);
      const client = { person, workspace };
      return {
        card,
        left: this.left('score', card, client),
        probesLeft: card.probes && this.left('probe', card, client),
      };
    });
    return { key: this.book.key.publicKey, benchmarks };
  }

  array({ benchmark, sha256: digest }: ScorerCallOf<'array'>): ScorerAnswerTo<'array'> {
    const npy = openArray(this.book.folder, this.book.set(benchmark).card, digest);
    return { npy: Buffer.from(npy).toString('base64') };
  }

  preflight(): ScorerAnswerTo<'preflight'> {
    return this.gate.ask();
  }

  /** Tries an intervention on a circuit; the same asking again is answered from the same trial and spends nothing. */
  async probe(call: ScorerCallOf<'probe'>, { who: person }: Asker<string>): Promise<ScorerAnswerTo<'probe'>> {
    const { card, registered } = this.book.set(call.benchmark);
    const { circuit } = card.probes && registered !== undefined ? registeredBenchmark(registered) : {};
    const { source } = this.parts;
    if (!circuit || !source)
      throw new BregmaError('bad-input', `${card.name} has no circuit to try interventions on.`, {
        next: 'It takes predictions. `bregma benchmark list` says which benchmarks have circuits.',
      });
    const client = { person, workspace: call.workspace };
    const again = this.tally.wasProbed(client, call.nonce);
    if (!again) this.refuseSpent('probe', card, client);
    const trial = Number.parseInt(call.nonce.slice(0, 12), 16);
    const rates = await circuit.probe(source, this.book.secretOf(card.name), call.probe, trial);
    if (!again && !this.tally.wasProbed(client, call.nonce)) {
      this.refuseSpent('probe', card, client);
      const { benchmark, workspace, nonce, probe } = call;
      this.book.note({ phase: 'probed', benchmark, workspace, person, probe, nonce }, benchmark);
      this.tally.probed(benchmark, client, nonce);
    }
    return { rates: Array.from(rates), left: this.left('probe', card, client) };
  }

  /** Scores predictions. The same asking, and the same predictions of a workspace, are told the same again and spend nothing. */
  async score(call: ScorerCallOf<'score'>, { who: person, remote }: Asker<string>): Promise<ScorerAnswerTo<'score'>> {
    const key = this.book.key.publicKey;
    const client = { person, workspace: call.workspace };
    const known = this.tally.known({ person, nonce: call.nonce });
    if (known) return { key, receipt: this.onlyIf(known, call) };
    const set = this.book.set(call.benchmark);
    if ((call.predictions === undefined) === (call.network === undefined))
      throw new BregmaError('bad-input', 'Send either predictions or a network.');
    this.refuseSpent('score', set.card, client);
    const { npy, by } = await this.predictionsOf(call, set);
    const submission = readSubmission(npy, set.card);
    const preflight = this.gate.judge(call.tried, remote);
    const same = this.tally.same({ ...client, benchmark: set.card.name, submission: submission.digest });
    if (same?.statement.preflight.access === preflight.access) return { key, receipt: same };
    // Others may have asked while a network ran.
    this.refuseSpent('score', set.card, client);
    const { card } = set;
    const best = this.tally.bestOf(card.name, client);
    const { told, exact } = scoreSubmission(set, submission, best, this.book.secretOf(card.name));
    const spent = this.tally.spent('score', card.name, client);
    const statement: ScoreStatement = {
      says: 'scored',
      benchmark: card.name,
      sealed: card.sealed,
      ...client,
      submission: submission.digest,
      by,
      metric: card.metric,
      mechanism: card.mechanism,
      ...told,
      ceiling: card.ceiling,
      exposure: card.exposure,
      preflight,
      queries: {
        workspace: { spent: spent.workspace + 1, of: card.budget.workspace },
        person: { spent: spent.person + 1, of: card.budget.person },
      },
      nonce: call.nonce,
      scorer: this.book.key.fingerprint,
      at: new Date().toISOString(),
    };
    const receipt = signScore(statement, this.book.key.privateKey);
    this.book.note({ phase: 'scored', receipt, exact }, card.name);
    this.tally.told(receipt);
    return { key, receipt };
  }

  /** What was told, of one benchmark or of all. */
  log({ benchmark }: ScorerCallOf<'log'>): ScorerAnswerTo<'log'> {
    const receipts = this.tally.all().filter(({ statement }) => !benchmark || statement.benchmark === benchmark);
    return { key: this.book.key.publicKey, receipts };
  }

  private async predictionsOf(
    { predictions, network }: ScorerCallOf<'score'>,
    set: SealedSet,
  ): Promise<{ npy: Uint8Array; by?: { network: string } }> {
    if (predictions !== undefined) return { npy: Buffer.from(predictions, 'base64') };
    if (!set.images)
      throw new BregmaError('bad-input', `${set.card.name} shows a network nothing: its items are no images.`, {
        next: 'Send predictions.',
      });
    const bytes = Buffer.from(network ?? '', 'base64');
    return { npy: await this.parts.runNetwork(bytes, set.images), by: { network: sha256(bytes) } };
  }

  /** A nonce is of one asking: it fetches no other one's answer. */
  private onlyIf(receipt: ScoreReceipt, { benchmark, workspace }: ScorerCallOf<'score'>): ScoreReceipt {
    const { statement } = receipt;
    if (statement.benchmark === benchmark && statement.workspace === workspace) return receipt;
    throw new BregmaError('conflict', 'This nonce was used for another asking.', { next: 'Draw a new one.' });
  }

  private left(what: 'score' | 'probe', card: SealedSet['card'], client: Client) {
    const spent = this.tally.spent(what, card.name, client);
    const of = (what === 'probe' ? card.probes : card.budget) ?? { workspace: 0, person: 0 };
    return {
      workspace: Math.max(0, of.workspace - spent.workspace),
      person: Math.max(0, of.person - spent.person),
    };
  }

  private refuseSpent(what: 'score' | 'probe', card: SealedSet['card'], client: Client): void {
    const left = this.left(what, card, client);
    const whose = left.person === 0 ? client.person : left.workspace === 0 ? 'this workspace' : undefined;
    if (whose === undefined) return;
    throw new BregmaError('not-allowed', `The budget of ${whose} on ${card.name} is spent: no ${what} is left.`, {
      next: 'Compare twins on the open part. A budget does not come back.',
      fields: { refusal: 'spent' },
    });
  }
}
