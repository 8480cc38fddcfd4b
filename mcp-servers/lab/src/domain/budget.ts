import type { TestResult, TestSpend, Verdict } from '@bregma/core/contracts/hypothesis';
import type { Ledger } from '@bregma/core/store/ledger';

/** False discovery rate that all tests of a workspace keep to together. */
const alpha = 0.05;

/** The level that the next test of this workspace gets. */
export function nextLevel(ledger: Ledger): TestSpend['budget'] {
  const tests = ledger.list<TestSpend | TestResult>('test').map(({ body }) => body);
  const index = tests.filter(({ phase }) => phase === 'spent').length + 1;
  const discoveries = tests.filter((body) => body.phase === 'result' && body.discovery).length;
  return { procedure: 'e-LOND', alpha, index, discoveries, level: (alpha * (discoveries + 1)) / (index * (index + 1)) };
}

export function judge(
  measured: { eFor: number | null; eAgainst: number | null },
  level: number,
): { verdict: Verdict; discovery: boolean } {
  const supports = (measured.eFor ?? 0) >= 1 / level;
  const opposes = (measured.eAgainst ?? 0) >= 1 / level;
  const verdict = supports === opposes ? 'inconclusive' : supports ? 'supported' : 'refuted';
  return { verdict, discovery: verdict !== 'inconclusive' };
}
