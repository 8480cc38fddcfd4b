import type { HypothesisRecord, HypothesisState, TestResult, TestSpend } from '@bregma/core/contracts/hypothesis';
import type { Ledger } from '@bregma/core/store/ledger';

/**
 * Where a hypothesis stands, from its records. result: one that is about to be appended. With several predictions: refuted as
 * soon as one is; supported when all are; inconclusive when all that were tested leave it open.
 */
export function statusOf(ledger: Ledger, id: string, result?: TestResult): HypothesisState {
  const all = ledger.list<HypothesisRecord>('hypothesis');
  if (all.some(({ body }) => body.state === 'frozen' && body.content.supersedes === id)) return 'superseded';
  const own = all.filter(({ subject }) => subject === id).map(({ body }) => body);
  if (!own.some(({ state }) => state === 'frozen')) return 'draft';
  const tests = ledger.list<TestSpend | TestResult>('test', id).map(({ body }) => body);
  const verdicts = new Map<string, TestResult['verdict']>();
  for (const body of [...tests, ...(result ? [result] : [])])
    if (body.phase === 'result') verdicts.set(body.prediction, body.verdict);
  if (verdicts.size === 0) return tests.length > 0 ? 'tested' : 'frozen';
  const found = [...verdicts.values()];
  if (found.includes('refuted')) return 'refuted';
  const whole = verdicts.size === own[0].content.predictions.length;
  return whole && found.every((verdict) => verdict === 'supported') ? 'supported' : 'inconclusive';
}
