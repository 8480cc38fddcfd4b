import type { TestResult, TestSpend } from '@bregma/core/contracts/hypothesis';
import { factOf, judge, nextLevel } from '@bregma/core/hypothesis/budget';
import { eLond } from '@bregma/core/statistics/online-fdr';
import { openWorkspace } from '@bregma/core/workspace';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';

/** Level of test number `index`, from 1, after so many discoveries. */
const eLondLevel = (alpha: number, index: number, discoveries: number) =>
  eLond(alpha).level(Array.from({ length: index - 1 }, (_, i) => ({ value: 1, rejected: i < discoveries })));

test('gives the levels of e-LOND: α = 0.1, E = 50, 2, 200, 1, 500, 30', () => {
  const wanted = [0.05, 1 / 30, 1 / 60, 0.015, 0.01, 0.4 / 42];
  let discoveries = 0;
  const rejected: number[] = [];
  for (const [i, e] of [50, 2, 200, 1, 500, 30].entries()) {
    const level = eLondLevel(0.1, i + 1, discoveries);
    expect(level).toBeCloseTo(wanted[i], 10);
    if (judge({ eFor: e, eAgainst: 0 }, level).discovery) {
      discoveries++;
      rejected.push(i + 1);
    }
  }
  expect(rejected).toEqual([1, 3, 5]);
});

test('however many tests without a discovery there are, their levels add up to no more than α', () => {
  let sum = 0;
  for (let index = 1; index <= 5000; index++) sum += eLondLevel(0.05, index, 0);
  expect(sum).toBeLessThanOrEqual(0.05);
  expect(sum).toBeGreaterThan(0.0499);
});

test('a spend without a result counts as spent and not as a discovery; a discovery counts once', () => {
  const temporary = temporaryWorkspace();
  const workspace = openWorkspace(temporary.folder);
  const about = { hypothesis: 'h', prediction: 'p1', experiment: 'exp-1' };
  const budget = { procedure: 'e-LOND', alpha: 0.05, index: 1, discoveries: 0, level: 0.025 };
  const spend = () => {
    const body: TestSpend = { phase: 'spent', ...about, metric: 'r', predicted: [], budget };
    return workspace.ledger.append([{ kind: 'test', subject: 'h', body }])[0].id;
  };
  const result = (id: string, discovery: boolean, prediction = 'p1', fact?: string) => {
    const numbers = { estimate: 0, low: null, high: null, eFor: 50, eAgainst: 0, n: { count: 40, of: 'stimuli' } };
    const body: TestResult = {
      phase: 'result',
      test: id,
      ...about,
      prediction,
      verdict: 'supported',
      discovery,
      fact,
      ...numbers,
    };
    workspace.ledger.append([{ kind: 'test', subject: 'h', body }]);
  };
  expect(nextLevel(workspace.ledger)).toMatchObject({
    procedure: 'e-LOND',
    alpha: 0.05,
    index: 1,
    discoveries: 0,
    level: 0.025,
  });
  const first = spend();
  const second = spend();
  expect(nextLevel(workspace.ledger)).toMatchObject({ index: 3, discoveries: 0 });
  result(second, true);
  // Another process tested the same prediction on the same experiment at the same time.
  result(first, true);
  expect(nextLevel(workspace.ledger)).toMatchObject({ index: 3, discoveries: 1, level: eLondLevel(0.05, 3, 1) });
  result(first, true, 'p2');
  expect(nextLevel(workspace.ledger)).toMatchObject({ index: 3, discoveries: 2 });
  // Other claims about one fact.
  result(first, true, 'p3', 'r of a twin');
  result(first, true, 'p4', 'r of a twin');
  expect(nextLevel(workspace.ledger)).toMatchObject({ index: 3, discoveries: 3 });
  workspace.close();
  temporary.remove();
});

test('one fact is one, whatever size is claimed of it and in whatever order its twins are named; another is another', () => {
  const claimed = (more: object) => ({ metric: 'r', direction: 'greater', size: 0, between: ['a', 'b'], ...more });
  // SAFETY: the members that a fact is made of.
  const fact = (more: object, subject = 'rec@1') => factOf(claimed(more) as Parameters<typeof factOf>[0], subject);
  expect(fact({ size: 0.2, direction: 'less' })).toBe(fact({}));
  expect(fact({ between: ['b', 'a'] })).toBe(fact({}));
  for (const other of [fact({ metric: 'r_difference' }), fact({ between: ['a', 'c'] }), fact({}, 'rec@2')])
    expect(other).not.toBe(fact({}));
});

test('a verdict needs one e-value at its level, exactly on it included, and not both', () => {
  expect(judge({ eFor: 40, eAgainst: 0.1 }, 0.025)).toEqual({ verdict: 'supported', discovery: true });
  expect(judge({ eFor: 39.9, eAgainst: 0.1 }, 0.025)).toEqual({ verdict: 'inconclusive', discovery: false });
  expect(judge({ eFor: 0.1, eAgainst: 41 }, 0.025)).toEqual({ verdict: 'refuted', discovery: true });
  expect(judge({ eFor: 50, eAgainst: 50 }, 0.025).verdict).toBe('inconclusive');
  expect(judge({ eFor: null, eAgainst: null }, 0.025).verdict).toBe('inconclusive');
});
