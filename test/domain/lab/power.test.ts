import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import { detectableEffect, undetectable } from '../../../mcp-servers/lab/src/domain/power.ts';

const level = 0.025;
const r = (units: number, direction: 'greater' | 'less' | 'equivalent' = 'greater', size = 0) =>
  detectableEffect({ units, level, prediction: { metric: 'r', direction, size } }, makeRandom(1));

test('what can be detected is a value that the metric can have, and shrinks with stimuli', () => {
  const [few, more, many] = [20, 80, 300].map((units) => r(units));
  for (const { effect, power, error } of [few, more, many]) {
    expect(effect).toBeLessThanOrEqual(1);
    expect(power).toBeGreaterThanOrEqual(0.8);
    expect(error).toBeLessThan(0.05);
  }
  expect(few.effect).toBeGreaterThan(more.effect);
  expect(more.effect).toBeGreaterThan(many.effect);
  // z must reach about √(2 ln 40) = 2.7 and 0.84 more: r of 300 stimuli about tanh(3.56 / √297) = 0.2 or somewhat more.
  expect(many.effect).toBeGreaterThan(0.18);
  expect(many.effect).toBeLessThan(0.3);
});

test('seven stimuli find nothing at this level, and the answer says so by its power', () => {
  const { effect, power } = r(7);
  expect(effect).toBeGreaterThan(0.99);
  expect(power).toBeLessThan(0.05);
});

test('a direction mirrors it, a size moves it, and equivalence asks how wide it must be', () => {
  expect(r(60, 'less').effect).toBeCloseTo(-r(60).effect, 10);
  expect(r(60, 'greater', 0.5).effect).toBeGreaterThan(0.5 + 0.1);
  expect(r(60, 'equivalent', 0.1).effect).toBeGreaterThan(0.3);
});

test('two twins are compared at their own range, with the same seed to the same number', () => {
  const of = () =>
    detectableEffect(
      { units: 100, level, prediction: { metric: 'r_difference', direction: 'greater', size: 0 } },
      makeRandom(3),
    );
  expect(of()).toEqual(of());
  expect(of().effect).toBeGreaterThan(0.2);
  expect(of().effect).toBeLessThan(0.6);
});

test('neurons whose noise is their own need less, and a claim that no value can meet is told before anything is spent', () => {
  const planned = {
    units: 40,
    neurons: 12,
    level,
    prediction: { metric: 'r', direction: 'greater' as const, size: 0 },
  };
  const { effect, ifIndependent, possible } = detectableEffect(planned, makeRandom(4));
  expect(ifIndependent).toBeLessThan(effect / 1.5);
  expect([possible, undetectable(planned, makeRandom(4))]).toEqual([true, undefined]);
  const bold = { ...planned, units: 10, prediction: { ...planned.prediction, size: 0.99 } };
  expect(detectableEffect(bold, makeRandom(4)).possible).toBe(false);
  expect(undetectable(bold, makeRandom(4))).toContain('10 different stimuli cannot show that r is greater than 0.99');
});
