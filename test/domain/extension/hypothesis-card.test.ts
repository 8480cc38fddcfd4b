import { HypothesisModel } from '@bregma/webviews/hypothesis/model';
import { expect, test } from 'vitest';
import { hypothesisCard } from '../../../extension/src/hypotheses/card.ts';
import { hypothesisFacts } from '../../../extension/src/hypotheses/facts.ts';
import { experiment, hyp, hypothesisRecord, planContent, result, spend } from './hypothesis-records.ts';

const sources = {
  budget: { procedure: 'e-LOND', alpha: 0.05, tests: 1, discoveries: 1, nextLevel: 0.0167 },
  twins: [],
  journaled: () => null,
  trusted: true,
};

test('a tested prediction carries estimate, interval, e-values, n, and the level that it was held to', () => {
  const spent = spend(hyp('a'));
  const [facts] = hypothesisFacts({
    hypotheses: [hypothesisRecord('a', 'draft'), hypothesisRecord('a', 'frozen')],
    tests: [spent, result(spent, 'supported')],
    plans: [],
    experiments: [],
  });
  const { predictions, state } = HypothesisModel.parse(hypothesisCard(facts, sources));
  expect(state).toBe('supported');
  expect(predictions[0].tests).toEqual([
    {
      id: spent.id,
      at: spent.at,
      experiment: 'exp-1',
      verdict: 'supported',
      estimate: 0.2,
      low: 0.1,
      high: 0.3,
      eFor: 100,
      eAgainst: 0.01,
      n: { count: 40, of: 'stimuli' },
      level: 0.025,
      index: 1,
      procedure: 'e-LOND',
      demo: false,
    },
  ]);
  expect(predictions[0].says).toBe('mean over neurons of r(twin-1) − r(twin-2) is greater than 0.05');
});

test('a test that was paid for and left no result says so, with no numbers', () => {
  const [facts] = hypothesisFacts({
    hypotheses: [hypothesisRecord('a', 'draft'), hypothesisRecord('a', 'frozen')],
    tests: [spend(hyp('a'))],
    plans: [],
    experiments: [],
  });
  const [{ tests }] = hypothesisCard(facts, sources).predictions;
  expect(tests[0]).toMatchObject({ verdict: 'spent', estimate: null, eFor: null, level: 0.025 });
});

test('an experiment that has not ended counts its journal, against what its plan asks', () => {
  const [facts] = hypothesisFacts({
    hypotheses: [hypothesisRecord('a', 'draft'), hypothesisRecord('a', 'frozen')],
    tests: [],
    plans: [{ id: 'plan-1', state: 'interrupted', content: planContent() }],
    experiments: [experiment(hyp('a'), 'measured', { state: 'interrupted', end: undefined })],
  });
  const [evidence] = hypothesisCard(facts, { ...sources, journaled: () => 4 }).evidence;
  expect(evidence).toMatchObject({
    state: 'interrupted',
    delivered: 4,
    asked: 6,
    counts: false,
    why: 'it did not end',
  });
});
