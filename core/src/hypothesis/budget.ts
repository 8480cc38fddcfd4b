import { digestOf } from '../canonical.ts';
import type { Prediction, TestResult, TestSpend, Verdict } from '../contracts/hypothesis.ts';
import { BregmaError } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { asRead } from '../ledger/records.ts';
import {
  eLond,
  eLondWeight,
  lond,
  lordDependent,
  lordPlusPlus,
  type OnlineProcedure,
  type PastTest,
  saffron,
} from '../statistics/online-fdr.ts';

/** False discovery rate that all tests of a workspace keep to together. No argument changes it. */
const alpha = 0.05;

/** What a workspace has without a choice: procedures that hold whatever its tests share. */
const ofAny = { e: eLond(alpha), p: lond(alpha, { weight: eLondWeight, anyDependence: true }) };

/**
 * What a workspace may choose before its first test in their place. LORD is the form that holds for dependent p-values, too
 * (Javanmard & Montanari 2018, Theorem 3.7); the others are for tests that are independent of one another.
 */
const ofChoice: Record<string, OnlineProcedure> = {
  LORD: lordDependent(alpha),
  'LORD++': lordPlusPlus(alpha),
  SAFFRON: saffron(alpha),
};
export const choosableProcedures = Object.keys(ofChoice);

/** A procedure that is wished for, and why the tests are independent. */
export interface BudgetChoice {
  procedure: string;
  because?: string;
}

/**
 * What the next test of this workspace gets: every spend on record counts, with or without a result, but for post hoc tests, which
 * decide nothing and are never a discovery; a test whose result is not known yet counts as no discovery, so that levels only get
 * smaller. One fact is one discovery, however many claims, sizes or processes found it. Call it inside
 * `ledger.transact` together with the spend, so that no two tests get the same.
 *
 * e-values get e-LOND. p-values get the same divided by 1 + 1/2 + … + 1/t: LOND as it holds whatever the tests share (Javanmard &
 * Montanari 2015, arXiv 1502.06197, § 3.2). LORD, LORD++ and SAFFRON are chosen with the first test, with a reason, and stay; to them
 * 1/e is a p-value. by: what the test gives. Throws `conflict` when another procedure than that of the first test is wished for.
 */
export function nextLevel(ledger: LedgerReader, by: 'e' | 'p' = 'e', wished?: BudgetChoice): TestSpend['budget'] {
  const tests = ledger.stored('test').map((record) => asRead(record)?.body);
  // A test that cannot be read has spent: a budget never comes back because a form was forgotten.
  const spends = tests.filter((body) => body?.phase !== 'result' && !(body?.phase === 'spent' && body.postHoc));
  const index = spends.length + 1;
  const found = tests.flatMap((body) => (body?.phase === 'result' && body.discovery ? [evidenceOf(body)] : []));
  const discoveries = new Set(found).size;
  const [first] = spends.flatMap((body) => (body?.phase === 'spent' ? [body.budget] : []));
  const chosen = chosenProcedure(first, wished, index);
  if (chosen) {
    const level = ofChoice[chosen.procedure].level(pastOf(ledger));
    return { ...chosen, alpha, index, discoveries, level };
  }
  // To these it matters how many discoveries there were, and not when.
  const past = Array.from({ length: index - 1 }, (_, i) => ({ value: 1, rejected: i < discoveries }));
  return { procedure: by === 'e' ? 'e-LOND' : 'LOND', alpha, index, discoveries, level: ofAny[by].level(past) };
}

/** The chosen procedure that this workspace has, or takes with its first test; undefined: LOND and e-LOND. */
function chosenProcedure(
  first: TestSpend['budget'] | undefined,
  wished: BudgetChoice | undefined,
  index: number,
): BudgetChoice | undefined {
  const kept =
    first && first.procedure in ofChoice ? { procedure: first.procedure, because: first.because } : undefined;
  if (!wished || wished.procedure === kept?.procedure) return kept;
  if (!(wished.procedure in ofChoice))
    throw new BregmaError('bad-input', `'${wished.procedure.slice(0, 40)}' is no procedure to choose.`, {
      next: `Choose one of ${choosableProcedures.join(', ')}, or leave it out: LOND and e-LOND hold whatever tests share.`,
    });
  if (index > 1)
    throw new BregmaError(
      'conflict',
      `The procedure is chosen with the first test of a workspace: this one has ${kept?.procedure ?? 'LOND and e-LOND'}.`,
      { next: 'Leave it out.' },
    );
  if (!ofChoice[wished.procedure].anyDependence && (!wished.because || wished.because.length < 20))
    throw new BregmaError('bad-input', `${wished.procedure} holds for independent tests alone.`, {
      next: 'Say as because, in a sentence, why no two tests of this workspace share data or noise.',
    });
  return wished;
}

/** Tests on record, oldest first, as a procedure of p-values sees them. One without a result counts as a candidate that failed. */
function pastOf(ledger: LedgerReader): PastTest[] {
  const results = new Map<string, TestResult>();
  for (const record of ledger.stored('test')) {
    const body = asRead(record)?.body;
    if (body?.phase === 'result') results.set(body.test, body);
  }
  return ledger.stored('test').flatMap((record) => {
    const body = asRead(record)?.body;
    if (body?.phase === 'result' || body?.postHoc) return [];
    const result = results.get(record.id);
    return [{ value: result ? smallestP(result) : 0, rejected: result?.discovery ?? false }];
  });
}

const smallestP = ({ pFor, pAgainst, eFor, eAgainst }: TestResult): number =>
  Math.min(1, pFor ?? 1, pAgainst ?? 1, 1 / (eFor ?? 0), 1 / (eAgainst ?? 0));

/** What a discovery is about. However often, in however many claims and with whatever size one fact is found, it is one. */
const evidenceOf = ({ fact, hypothesis, prediction, experiment }: TestResult) =>
  fact ?? `${hypothesis} ${prediction} ${experiment}`;

/** The quantity that a prediction is about, of which twins or columns, in which recording or table: not how large it is said to be. */
export function factOf({ metric, between, measured }: Prediction, subject: string): string {
  const what = measured ? { columns: measured.columns, table: measured.table ?? null } : [...between].sort();
  return digestOf({ metric, what, subject }).slice(0, 16);
}

/** What a test says of a prediction and of its opposite. */
export interface Evidence {
  eFor: number | null;
  eAgainst: number | null;
  pFor?: number | null;
  pAgainst?: number | null;
}

/** What a test on evidence that had been seen comes to, whatever its numbers are. */
export const decidesNothing: { verdict: Verdict; discovery: boolean } = { verdict: 'post hoc', discovery: false };

/**
 * supported or refuted when one p-value is at most the level, or one e-value reaches 1 / level, and the other does not; a discovery
 * is either of these.
 */
export function judge(
  { eFor, eAgainst, pFor, pAgainst }: Evidence,
  level: number,
): { verdict: Verdict; discovery: boolean } {
  const decides = (e: number | null, p: number | null | undefined) => (e ?? 0) >= 1 / level || (p ?? 1) <= level;
  const supports = decides(eFor, pFor);
  const opposes = decides(eAgainst, pAgainst);
  const verdict = supports === opposes ? 'inconclusive' : supports ? 'supported' : 'refuted';
  return { verdict, discovery: verdict !== 'inconclusive' };
}
