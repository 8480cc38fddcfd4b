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
 * open. What was tested on evidence that had been seen decides nothing: post hoc, where there is nothing else.
 */
function tested(tests: Tests, predictions: number): HypothesisState {
  const verdicts = new Map<string, Set<TestResult['verdict']>>();
  for (const body of tests)
    if (body.phase === 'result' && body.verdict !== 'post hoc')
      verdicts.set(body.prediction, (verdicts.get(body.prediction) ?? new Set()).add(body.verdict));
  if (verdicts.size === 0) return untested(tests);
  const found = [...verdicts.values()];
  if (found.some((of) => of.has('refuted') && !of.has('supported'))) return 'refuted';
  if (found.some((of) => of.has('refuted'))) return 'contradictory';
  return verdicts.size === predictions && found.every((of) => of.has('supported')) ? 'supported' : 'inconclusive';
}

/** Without a verdict that counts: a level was spent, or nothing but post hoc tests were made, or no test at all. */
function untested(tests: Tests): HypothesisState {
  if (tests.some((body) => body.phase === 'spent' && !body.postHoc)) return 'tested';
  return tests.length > 0 ? 'post hoc' : 'frozen';
}

/** "refuted by tst-… (p1)" for each test of a hypothesis that has a result, oldest first. result: one that is about to be appended. */
export function verdictsOf(ledger: LedgerReader, id: string, result?: TestResult): string[] {
  const results = ledger.list('test', id).flatMap(({ body }) => (body.phase === 'result' ? [body] : []));
  return [...results, ...(result ? [result] : [])].map(
    ({ verdict, test, prediction }) => `${verdict} by ${test} (${prediction})`,
  );
}

/** Where one hypothesis stands. result: one that is about to be appended. */
export function statusOf(ledger: LedgerReader, id: string, result?: TestResult): HypothesisState {
  const tests = ledger.list('test', id).map(({ body }) => body);
  const all = ledger.list('hypothesis');
  return statesOf(all, result ? [...tests, result] : tests).get(id) ?? 'draft';
}
