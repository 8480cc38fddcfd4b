import type { HypothesisState, TestResult, TestSpend } from '../contracts/hypothesis.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerRecord } from '../ledger/records.ts';

type Tests = (TestSpend | TestResult)[];

/**
 * Where every hypothesis of a workspace stands, by id. hypotheses: all of their records, oldest first; tests: the bodies of all
 * tests. Superseded is what a frozen one supersedes, and a draft that was edited into another.
 */
export function statesOf(hypotheses: LedgerRecord<'hypothesis'>[], tests: Tests): Map<string, HypothesisState> {
  const superseded = new Set<string>();
  const predictions = new Map<string, number>();
  const frozen = new Set<string>();
  for (const { subject, body } of hypotheses) {
    predictions.set(subject, body.content.predictions.length);
    if (body.state === 'frozen') {
      frozen.add(subject);
      if (body.content.supersedes) superseded.add(body.content.supersedes);
    }
  }
  const replaced = replacedDrafts(hypotheses);
  const testsOf = new Map<string, Tests>();
  for (const test of tests) testsOf.set(test.hypothesis, [...(testsOf.get(test.hypothesis) ?? []), test]);
  return new Map(
    [...predictions].map(([id, count]) => {
      if (superseded.has(id)) return [id, 'superseded'];
      if (!frozen.has(id)) return [id, replaced.has(id) ? 'superseded' : 'draft'];
      return [id, tested(testsOf.get(id) ?? [], count)];
    }),
  );
}

/** Drafts that were edited into another one, with the id of that one. Recording the old words again makes them current again. */
export function replacedDrafts(hypotheses: LedgerRecord<'hypothesis'>[]): Map<string, string> {
  const replaced = new Map<string, string>();
  for (const { subject, body } of hypotheses) {
    replaced.delete(subject);
    if (body.replaces && body.replaces !== subject) replaced.set(body.replaces, subject);
  }
  return replaced;
}

/**
 * Every verdict stays, whatever came after it. A prediction that was both refuted and supported is contradictory. With several
 * predictions: refuted as soon as one is and never held; supported when all are; inconclusive when all that were tested leave it
 * open.
 */
function tested(tests: Tests, predictions: number): HypothesisState {
  const verdicts = new Map<string, Set<TestResult['verdict']>>();
  for (const body of tests)
    if (body.phase === 'result')
      verdicts.set(body.prediction, (verdicts.get(body.prediction) ?? new Set()).add(body.verdict));
  if (verdicts.size === 0) return tests.length > 0 ? 'tested' : 'frozen';
  const found = [...verdicts.values()];
  if (found.some((of) => of.has('refuted') && !of.has('supported'))) return 'refuted';
  if (found.some((of) => of.has('refuted'))) return 'contradictory';
  return verdicts.size === predictions && found.every((of) => of.has('supported')) ? 'supported' : 'inconclusive';
}

/** Where one hypothesis stands. result: one that is about to be appended. */
export function statusOf(ledger: LedgerReader, id: string, result?: TestResult): HypothesisState {
  const tests = ledger.list('test', id).map(({ body }) => body);
  const all = ledger.list('hypothesis');
  return statesOf(all, result ? [...tests, result] : tests).get(id) ?? 'draft';
}
