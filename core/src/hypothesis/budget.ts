import type { TestResult, TestSpend, Verdict } from '../contracts/hypothesis.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { asRead } from '../ledger/records.ts';
import { eLondLevel } from '../statistics/online-fdr.ts';

/** False discovery rate that all tests of a workspace keep to together. No argument changes it. */
const alpha = 0.05;

/**
 * What the next test of this workspace gets by e-LOND: every spend on record counts, with or without a result; a test whose
 * result is not known yet counts as no discovery, so that levels only get smaller. One prediction on one experiment is one
 * discovery, however many processes tested it at once. Call it inside
 * `ledger.transact` together with the spend, so that no two tests get the same.
 */
export function nextLevel(ledger: LedgerReader): TestSpend['budget'] {
  const tests = ledger.stored('test').map((record) => asRead(record)?.body);
  // A test that cannot be read has spent: a budget never comes back because a form was forgotten.
  const index = tests.filter((body) => body?.phase !== 'result').length + 1;
  const found = tests.flatMap((body) => (body?.phase === 'result' && body.discovery ? [evidenceOf(body)] : []));
  const discoveries = new Set(found).size;
  return { procedure: 'e-LOND', alpha, index, discoveries, level: eLondLevel(alpha, index, discoveries) };
}

const evidenceOf = ({ hypothesis, prediction, experiment }: TestResult) => `${hypothesis} ${prediction} ${experiment}`;

/** supported or refuted when one e-value reaches 1 / level and the other does not; a discovery is either of these. */
export function judge(
  measured: { eFor: number | null; eAgainst: number | null },
  level: number,
): { verdict: Verdict; discovery: boolean } {
  const supports = (measured.eFor ?? 0) >= 1 / level;
  const opposes = (measured.eAgainst ?? 0) >= 1 / level;
  const verdict = supports === opposes ? 'inconclusive' : supports ? 'supported' : 'refuted';
  return { verdict, discovery: verdict !== 'inconclusive' };
}
