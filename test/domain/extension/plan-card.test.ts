import { sealPlan } from '@bregma/core/approval/statement';
import { expect, test } from 'vitest';
import { dryRunOf, protocolExpired } from '../../../extension/src/experiments/dry-run.ts';
import { planChange } from '../../../extension/src/experiments/plan-change.ts';
import { planState } from '../../../extension/src/experiments/plan-state.ts';
import { planContent } from './hypothesis-records.ts';

const signed = (...standings: string[]) => standings.map((standing) => ({ standing }));
const ran = (...states: ('running' | 'complete' | 'interrupted' | 'stopped')[]) => states.map((state) => ({ state }));

test.each([
  ['waiting', signed(), ran(), false],
  ['obsolete', signed(), ran(), true],
  ['reviewed', signed('only-reviewed'), ran(), false],
  ['approved', signed('valid'), ran(), false],
  ['approved', signed('only-reviewed', 'valid'), ran(), false],
  ['rejected', signed('withdrawn', 'valid'), ran(), false],
  ['approved', signed('valid', 'withdrawn'), ran(), false],
  ['expired', signed('expired'), ran(), false],
  ['void', signed('forged'), ran(), false],
  ['void', signed('untrusted-key'), ran(), false],
  ['running', signed('used'), ran('running'), false],
  ['complete', signed('used'), ran('complete'), false],
  ['interrupted', signed('used'), ran('interrupted'), true],
  ['approved', signed('valid', 'used'), ran('stopped'), false],
] as const)(
  'a plan is %s (signatures %j, experiments %j, hypothesis superseded: %s)',
  (state, signatures, experiments, superseded) => {
    expect(planState([...signatures], [...experiments], superseded)).toBe(state);
  },
);

const order = [11, 10, 12, 12, 11, 10];
const now = { date: new Date('2026-01-02T00:00:00Z'), frozenDigest: 'a'.repeat(64) };
const failed = (plan = planContent(), shown = order, at: Parameters<typeof dryRunOf>[2] = now) =>
  dryRunOf(plan, shown, at)
    .checks.filter(({ ok }) => !ok)
    .map(({ says }) => says);

test('the trace shows trial, block, stimulus and time', () => {
  const { trace, trials, blocks } = dryRunOf(planContent(), order, now);
  expect([trials, blocks]).toEqual([6, 2]);
  expect(trace[0]).toEqual({ trial: 1, block: 1, stimulus: 11, atS: 0 });
  expect(trace[3]).toEqual({ trial: 4, block: 2, stimulus: 12, atS: 1.5 });
});

test('a plan that keeps to its limits passes every check', () => {
  expect(failed()).toEqual([]);
});

test('each check fails for its own reason', () => {
  const plan = planContent();
  expect(failed({ ...plan, limits: { ...plan.limits, maxTrials: 5 } })).toEqual([
    '6 trials are more than the limit of 5',
  ]);
  expect(failed({ ...plan, limits: { ...plan.limits, allowedStimuli: [10, 11] } })).toEqual([
    'the limits do not allow stimulus 12',
  ]);
  expect(failed({ ...plan, cost: { ...plan.cost, durationS: 61 } })).toEqual(['Takes about 61 s of at most 60 s']);
  expect(failed(plan, order.slice(1))[0]).toContain('as often as planned');
  expect(failed({ ...plan, twins: [{ twin: 'twin-1', data: plan.subject.id, fittedOn: 'all' }] })).toEqual([
    'twin-1 was fitted on stimuli 10, 11, 12',
  ]);
  expect(failed(plan, order, { ...now, frozenDigest: undefined })).toEqual([
    'Its hypothesis is not frozen in these words',
  ]);
  expect(failed(plan, order, { ...now, killSwitch: 'STOP exists' })).toEqual(['The kill switch is on: STOP exists']);
  const expired = { ...plan, subject: { ...plan.subject, protocolExpires: '2026-01-01' } };
  expect(failed(expired)).toEqual(['The ethics record expired 2026-01-01']);
});

test('an ethics record holds to the end of its last day, and one that cannot be read holds not at all', () => {
  const until = (protocolExpires?: string) =>
    protocolExpired({ subject: { id: 's', protocol: 'p', newSubjects: 0, protocolExpires } }, now.date);
  expect(['2026-01-01', '2026-01-02', 'soon', undefined].map(until)).toEqual([true, false, true, false]);
});

test('what changed since the plan before it is named, and a plan of the same words has no changes', () => {
  const before = planContent();
  const after = planContent({
    cost: { ...before.cost, trials: 9 },
    design: { ...before.design, trials: 9, stimuli: [10, 11, 13] },
  });
  const change = planChange(sealPlan(before), sealPlan(after), true);
  expect(change?.approved).toBe(true);
  expect(change?.differences).toEqual([
    { what: 'Trials', before: '6', after: '9' },
    { what: 'Stimuli', before: '3: 10, 11, 12', after: '3: 10, 11, 13' },
  ]);
  expect(planChange(sealPlan(before), sealPlan(before), true)?.differences).toEqual([]);
});
