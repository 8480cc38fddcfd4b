import { judgeApprovals, type Refusal } from '../approval/check.ts';
import { sealPlan } from '../approval/statement.ts';
import { readKeys, type TrustedKey } from '../approval/trusted.ts';
import { digestOf } from '../canonical.ts';
import type { ExperimentStart } from '../contracts/experiment.ts';
import type { TestResult, TestSpend } from '../contracts/hypothesis.ts';
import type { Receipt, ReceiptStatement, TestNamed, WitnessRecord } from '../contracts/receipt.ts';
import type { AnswerTo, CallOf, WitnessCall } from '../contracts/witness-call.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { startRecord } from '../experiment/start-record.ts';
import { nextLevel } from '../hypothesis/budget.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Kept, WitnessBook } from './book.ts';
import { signReceipt } from './receipts.ts';

type Said = ReceiptStatement extends infer One
  ? One extends ReceiptStatement
    ? Omit<One, 'witness' | 'at'>
    : never
  : never;

/** What a witness does on each call; each is one transaction of its ledger of the workspace. Throws BregmaErrors, which go back to who asked. */
export class Witness {
  private readonly book: WitnessBook;

  constructor(book: WitnessBook) {
    this.book = book;
  }

  /** Answers a call whose form was checked. */
  answer<Name extends WitnessCall>(name: Name, call: CallOf<Name>, now: Date): AnswerTo<Name> {
    const calls: { [Call in WitnessCall]: (call: CallOf<Call>, now: Date) => AnswerTo<Call> } = {
      join: (given, at) => this.join(given, at),
      ask: (given, at) => this.ask(given, at),
      head: (given) => this.head(given),
      spend: (given, at) => this.spend(given, at),
      start: (given, at) => this.start(given, at),
      begin: (given, at) => this.begin(given, at),
      plan: (given) => this.plan(given),
      approve: (given, at) => this.approve(given, at),
    };
    return calls[name](call, now);
  }

  /** The tests that a workspace had before count where the witness knows none of it: a copy that joins later brings none back. */
  private join({ workspace, head, tests }: CallOf<'join'>, now: Date): AnswerTo<'join'> {
    const { publicKey: key } = this.book;
    const kept = this.book.find(workspace);
    if (!kept) return { answer: 'unknown', key };
    const receipt = kept.ledger.transact(
      (append) => {
        if (kept.ledger.stored('test').length === 0) {
          const ids = new Map<string, string>();
          for (const { id, body } of tests) {
            const own = body.phase === 'result' ? { ...body, test: ids.get(body.test) ?? body.test } : body;
            ids.set(id, append({ kind: 'test', subject: body.hypothesis, body: own }).id);
          }
        }
        if (!lastHead(kept.ledger)) append(headRecord(workspace, head));
        const spent = kept.ledger.list('test').filter(({ body }) => body.phase === 'spent').length;
        return this.sign({ says: 'joined', workspace, tests: spent }, now);
      },
      { durable: true },
    );
    return { answer: 'joined', key, receipt };
  }

  private ask({ workspace, plan, test }: CallOf<'ask'>, now: Date): AnswerTo<'ask'> {
    const kept = this.book.find(workspace);
    if (!kept) return { answer: 'unknown', known: false, tests: 0 };
    const { ledger, name } = kept;
    const tests = ledger.list('test').filter(({ body }) => body.phase === 'spent').length;
    const about = { known: true, name, tests, head: lastHead(ledger) };
    if (test) return { ...about, answer: spendOf(ledger, test) ? 'spent' : 'unknown' };
    const record = plan === undefined ? undefined : ledger.latest('plan', plan);
    if (!record) return { ...about, answer: 'unknown' };
    const judged = judgeApprovals(ledger, record.body, this.approversOf(kept), now, { demo: false }).map(
      ({ judged }) => judged,
    );
    if (judged.some((one) => !(one instanceof BregmaError))) return { ...about, answer: 'approved' };
    const used = judged.some((one) => one instanceof BregmaError && one.fields.refusal === 'used');
    return { ...about, answer: used ? 'spent' : 'unknown' };
  }

  private head({ workspace, head }: CallOf<'head'>): AnswerTo<'head'> {
    const { ledger } = this.book.of(workspace);
    ledger.transact((append) => {
      if ((lastHead(ledger)?.seq ?? 0) < head.seq) append(headRecord(workspace, head));
    });
    return {};
  }

  private spend({ workspace, nonce, by, wished, test, results }: CallOf<'spend'>, now: Date): AnswerTo<'spend'> {
    const { ledger } = this.book.of(workspace);
    return ledger.transact(
      (append) => {
        const known = spendOf(ledger, test);
        if (known) {
          const { receipt, budget } = known.body;
          // The same asking again, whose answer was lost on the way: no other has this nonce, and it is about the same values.
          const isSame = digestOf({ ...known.body, budget: undefined, receipt: undefined }) === digestOf(test);
          if (isSame && receipt?.statement.says === 'spent' && receipt.statement.nonce === nonce)
            return { answer: 'given', budget, receipt };
          return { answer: 'spent', at: known.at };
        }
        for (const one of newResults(ledger, results)) append({ kind: 'test', subject: one.hypothesis, body: one });
        const budget = nextLevel(ledger, by, wished);
        const named = { hypothesis: test.hypothesis, prediction: test.prediction, experiment: test.experiment };
        const receipt = this.sign({ says: 'spent', workspace, test: named, budget, nonce }, now);
        const body: TestSpend = { ...test, budget, receipt };
        append({ kind: 'test', subject: test.hypothesis, body });
        return { answer: 'given', budget, receipt };
      },
      { durable: true },
    );
  }

  private start({ workspace, nonce, plan }: CallOf<'start'>, now: Date): AnswerTo<'start'> {
    const kept = this.book.of(workspace);
    const { ledger } = kept;
    const sealed = sealPlan(plan.content);
    if (sealed.id !== plan.id || sealed.hash !== plan.hash)
      throw new BregmaError('corrupt', `Plan ${plan.id} was edited: its content does not match its hash.`, {
        next: 'Make a new plan with plan_experiment and have it approved.',
      });
    return ledger.transact(
      (append) => {
        const before = startOf(ledger, plan.id, nonce);
        if (before && begunOf(ledger, nonce)) return { answer: 'begun' };
        if (ledger.stored('plan', plan.id).length === 0) append({ kind: 'plan', subject: plan.id, body: plan });
        const options = { demo: false, again: before?.nonce };
        const judged = judgeApprovals(ledger, plan, this.approversOf(kept), now, options).map(({ judged }) => judged);
        const rejected = judged.findIndex((one) => one instanceof BregmaError && one.fields.refusal === 'withdrawn');
        const open = rejected < 0 ? judged : judged.slice(0, rejected);
        const valid = open.find((one) => !(one instanceof BregmaError) && (!before || one.nonce === before.nonce));
        // The same asking again, whose answer was lost on the way: no run has begun on it.
        if (valid && before) return { answer: 'approved', receipt: before.receipt };
        if (!valid || valid instanceof BregmaError) {
          const [first] = judged;
          const used = first instanceof BregmaError && first.fields.refusal === 'used';
          return { answer: used ? 'spent' : 'unknown', why: first instanceof BregmaError ? first.message : undefined };
        }
        const receipt = this.sign(
          {
            says: 'approved',
            workspace,
            plan: plan.id,
            hash: plan.hash,
            by: valid.by,
            expires: valid.expires,
            approval: valid.id,
            nonce: valid.nonce,
            asked: nonce,
          },
          now,
        );
        const body = startRecord(
          plan,
          { ...valid, demo: false },
          { process: { pid: 0, host: '' }, receipt, asked: nonce },
        );
        append({ kind: 'experiment', subject: plan.id, body });
        return { answer: 'approved', receipt };
      },
      { durable: true },
    );
  }

  /** The first record that is named begins; whoever else has the receipt, in a copy, comes too late. */
  private begin({ workspace, nonce, plan, start }: CallOf<'begin'>, now: Date): AnswerTo<'begin'> {
    const { ledger } = this.book.of(workspace);
    return ledger.transact(
      (append) => {
        if (!startOf(ledger, plan, nonce)) return { answer: 'unknown' };
        const known = begunOf(ledger, nonce);
        if (known) return known.start === start ? { answer: 'begun', receipt: known.receipt } : { answer: 'spent' };
        const receipt = this.sign({ says: 'begun', workspace, plan, asked: nonce, start }, now);
        append({ kind: 'witness', subject: nonce, body: { phase: 'begun', receipt } });
        return { answer: 'begun', receipt };
      },
      { durable: true },
    );
  }

  /** Two workspaces can have one plan, where the same was asked of the same data: the one that asked last waits for a person. */
  private plan({ plan }: CallOf<'plan'>): AnswerTo<'plan'> {
    const asked = this.book.all().flatMap(({ workspace, name, ledger }) => {
      const record = ledger.latest('plan', plan);
      return record ? [{ workspace, name, record }] : [];
    });
    const [last] = asked.sort((a, b) => b.record.at.localeCompare(a.record.at));
    if (last) return { plan: last.record.body, workspace: last.workspace, name: last.name };
    const next = 'A plan comes to it when an agent calls run_experiment: let it call that once.';
    throw unknownName('plan', plan, [], next, 'at the witness');
  }

  private approve({ workspace, plan, approval }: CallOf<'approve'>, now: Date): AnswerTo<'approve'> {
    const kept = this.book.of(workspace);
    const { ledger } = kept;
    const known = ledger.latest('plan', plan);
    if (!known) throw unknownName('plan', plan, [], undefined, 'of this workspace at the witness');
    return ledger.transact(
      (append) => {
        const { id } = append({ kind: 'approval', subject: plan, body: approval });
        const [{ judged }] = judgeApprovals(ledger, known.body, this.approversOf(kept), now, { demo: false });
        if (judged instanceof BregmaError && !noted.has(String(judged.fields.refusal))) throw judged;
        return { approval: id, expires: approval.statement.expires };
      },
      { durable: true },
    );
  }

  /** Those who may approve, for this workspace. */
  private approversOf({ workspace }: Kept): TrustedKey[] {
    return readKeys(this.book.approvers, workspace);
  }

  private sign(said: Said, now: Date): Receipt {
    // SAFETY: `Said` is a statement without these two members.
    const statement = { ...said, witness: this.book.fingerprint, at: now.toISOString() } as ReceiptStatement;
    return signReceipt(statement, this.book.privateKey);
  }
}

/** Signatures that permit no run and are kept all the same: a person's words. */
const noted = new Set<string>(['only-reviewed', 'withdrawn'] satisfies Refusal[]);

const headRecord = (workspace: string, { seq, hash }: { seq: number; hash: string }) => ({
  kind: 'witness' as const,
  subject: workspace,
  body: { phase: 'head', seq, hash } satisfies WitnessRecord,
});

/** The last record that the workspace showed, unless a person let it in anew since. */
function lastHead(ledger: Ledger): { seq: number; hash: string } | undefined {
  const last = ledger.list('witness').findLast(({ body }) => body.phase === 'head' || body.phase === 'admitted')?.body;
  return last?.phase === 'head' ? { seq: last.seq, hash: last.hash } : undefined;
}

/** The run that this asking was permitted, as the witness keeps it. */
function startOf(ledger: Ledger, plan: string, asked: string): ExperimentStart | undefined {
  for (const { body } of ledger.list('experiment', plan))
    if (body.phase === 'started' && body.asked === asked) return body;
  return undefined;
}

/** Which record began on this asking, with the receipt that says so. */
function begunOf(ledger: Ledger, asked: string): { start: string; receipt: Receipt } | undefined {
  for (const { body } of ledger.list('witness', asked))
    if (body.phase === 'begun' && body.receipt.statement.says === 'begun')
      return { start: body.receipt.statement.start, receipt: body.receipt };
  return undefined;
}

function spendOf(ledger: Ledger, test: TestNamed): { at: string; body: TestSpend } | undefined {
  for (const { at, body } of ledger.list('test', test.hypothesis))
    if (body.phase === 'spent' && body.prediction === test.prediction && body.experiment === test.experiment)
      return { at, body };
  return undefined;
}

/** Results of levels that were given out here, each once. */
function newResults(ledger: Ledger, results: CallOf<'spend'>['results']): TestResult[] {
  const tests = ledger.list('test');
  const done = new Set(tests.flatMap(({ body }) => (body.phase === 'result' ? [body.test] : [])));
  const spends = new Map(
    tests.flatMap(({ id, body }) =>
      body.phase === 'spent' && body.receipt?.statement.says === 'spent'
        ? [[body.receipt.statement.nonce, { id, body }] as const]
        : [],
    ),
  );
  return results.flatMap(({ nonce, result }) => {
    const spend = spends.get(nonce);
    if (!spend || done.has(spend.id)) return [];
    const { hypothesis, prediction, experiment } = spend.body;
    return [{ ...result, test: spend.id, hypothesis, prediction, experiment }];
  });
}
