import { benjaminiHochberg } from '@bregma/core/statistics/adjust';
import { bestOf, candidatesFactor, positivePredictiveValue } from '@bregma/core/statistics/decision-value';
import { bernoulliMixtureAbove, jzsBayesFactor, meanEValue } from '@bregma/core/statistics/e-values';
import { expectedInformationGain, jensenShannon } from '@bregma/core/statistics/information';
import {
  eLond,
  lond,
  lordDependent,
  lordPlusPlus,
  type OnlineProcedure,
  type PastTest,
  saffron,
} from '@bregma/core/statistics/online-fdr';
import {
  powerOfCorrelation,
  powerOfPairs,
  powerOfSpearman,
  powerOfTwoSamples,
  smallestFound,
} from '@bregma/core/statistics/power';
import { makeRandom } from '@bregma/core/statistics/random';
import { sprtBounds } from '@bregma/core/statistics/sprt';
import { describe, expect, test } from 'vitest';

/** Values computed with R (onlineFDR 2.19.1, pwr 1.3-0, BayesFactor 0.9.12) and Python (scipy 1.10.1, statsmodels 0.13.5). */
const p = [
  2.9e-14, 0.06743, 0.01514, 0.08174, 0.00171, 3.61e-5, 0.79149, 0.27201, 0.28295, 7.59e-8, 0.69274, 0.30443, 0.000487,
  0.72342, 0.54757,
];

const close = (actual: number[], expected: number[], digits = 9) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value / expected[i]).toBeCloseTo(1, digits - 1));
};

/** Levels of a procedure over a whole sequence, and the numbers (from 1) of its discoveries. */
function runProcedure(procedure: OnlineProcedure, values: number[]) {
  const past: PastTest[] = [];
  const levels = values.map((value) => {
    const level = procedure.level(past);
    past.push({ value, rejected: procedure.rejects(value, level) });
    return level;
  });
  return { levels, discoveries: past.flatMap(({ rejected }, i) => (rejected ? [i + 1] : [])) };
}

/** Against a success probability of ½, from either side. */
const bothWays = (successes: number, trials: number) =>
  (bernoulliMixtureAbove(successes, trials) + bernoulliMixtureAbove(trials - successes, trials)) / 2;

describe('online false discovery rate', () => {
  test.each<[string, OnlineProcedure, number[], number[]]>([
    [
      'LORD++',
      lordPlusPlus(0.05),
      [
        0.0002675838546, 0.00246644572, 0.0005732817542, 0.000487280476, 0.0004059066212, 0.0003447286386,
        0.002974501282, 0.0008450114061, 0.0007305648272, 0.0006243142501, 0.003218591332, 0.001061722672,
        0.0009256824983, 0.003477804235, 0.00128787133,
      ],
      [1, 6, 10, 13],
    ],
    [
      'LORD for dependent p-values',
      lordDependent(0.05),
      [
        0.00209154186, 0.01002025456, 0.001677762647, 0.0006262659103, 0.0003201787073, 0.0001933725206,
        0.0002162617744, 0.0001550657976, 0.0001168369732, 9.136904497e-5, 0.0001143478202, 9.418890088e-5,
        7.905538777e-5, 6.739640013e-5, 5.821699949e-5,
      ],
      [1, 6, 10],
    ],
    [
      'SAFFRON',
      saffron(0.05),
      [
        0.005468627073, 0.01093725415, 0.01093725415, 0.01093725415, 0.01093725415, 0.02187450829, 0.03281176244,
        0.01082384502, 0.01082384502, 0.01082384502, 0.02176109917, 0.009265591487, 0.009265591487, 0.02020284563,
        0.009064366674,
      ],
      [1, 5, 6, 10, 13],
    ],
    [
      'LOND',
      lond(0.05),
      [
        0.002675838546, 0.001163820578, 0.0009912498794, 0.0008243606059, 0.0006988869709, 0.0006045900342,
        0.0007979166328, 0.0007117838147, 0.0006421422921, 0.0005847377858, 0.0007155185935, 0.0006610273017,
        0.0006141681907, 0.0007168135763, 0.0006721840336,
      ],
      [1, 6, 10, 13],
    ],
  ])('%s gives out the levels of the reference, and rejects the same tests', (_, procedure, levels, discoveries) => {
    const run = runProcedure(procedure, p);
    close(run.levels, levels);
    expect(run.discoveries).toEqual(discoveries);
  });

  test('e-LOND', () => {
    const run = runProcedure(eLond(0.1), [50, 2, 200, 1, 500, 30]);
    close(run.levels, [0.05, 0.03333333, 0.01666667, 0.015, 0.01, 0.00952381], 6);
    expect(run.discoveries).toEqual([1, 3, 5]);
  });

  test('without a discovery LOND never gives out more than α in all', () => {
    const { levels } = runProcedure(lond(0.05), new Array(3000).fill(1));
    expect(levels.reduce((sum, level) => sum + level, 0)).toBeLessThanOrEqual(0.05);
  });

  test('Benjamini–Hochberg', () => {
    close(
      benjaminiHochberg([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]),
      [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714, 0.216, 0.216, 0.216],
      5,
    );
    expect(benjaminiHochberg([0.2, 0.01])).toEqual([0.2, 0.02]);
  });
});

describe('power and sample size', () => {
  test('two-sample t', () => {
    expect(powerOfTwoSamples({ effect: 0.5, n: 64 })).toBeCloseTo(0.801459557922, 9);
    expect(smallestFound((n) => powerOfTwoSamples({ effect: 0.5, n }), 0.8, { low: 4, high: 200 })).toBeCloseTo(
      63.76561,
      5,
    );
  });
  test('paired t', () =>
    expect(smallestFound((n) => powerOfPairs({ effect: 0.5, n }), 0.8, { low: 4, high: 200 })).toBeCloseTo(
      33.367131,
      5,
    ));
  test('Pearson correlation', () => {
    expect(powerOfCorrelation({ r: 0.3, n: 84 })).toBeCloseTo(0.799646976, 8);
    expect(smallestFound((n) => powerOfCorrelation({ r: 0.3, n }), 0.8, { low: 4, high: 200 })).toBeCloseTo(
      84.07364,
      4,
    );
  });
  test('Spearman correlation, simulated', () => {
    const { power, standardError } = powerOfSpearman({ r: 0.3, n: 84 }, makeRandom(10));
    expect(Math.abs(power - 0.7623)).toBeLessThan(3 * Math.hypot(standardError, 0.003));
  });
  test('without an effect the power is the level', () =>
    expect(powerOfTwoSamples({ effect: 0, n: 20 })).toBeCloseTo(0.05, 9));
});

describe('evidence', () => {
  test('bounds of the sequential probability ratio test', () => {
    const { accept, reject } = sprtBounds({ alpha: 0.05, beta: 0.1 });
    close([accept, reject], [2.8903717579, -2.2512917986]);
  });
  test('Bernoulli mixture', () => close([bothWays(15, 20), bothWays(30, 40)], [3.220600521, 31.63690639]));
  test('JZS Bayes factor', () => expect(jzsBayesFactor(2.5, 20)).toBeCloseTo(2.702145165, 7));
  test('an e-value has mean one under its null', () => {
    const n = 12;
    let choose = 1;
    let mean = 0;
    for (let k = 0; k <= n; k++) {
      mean += choose * 0.5 ** n * bothWays(k, n);
      choose = (choose * (n - k)) / (k + 1);
    }
    expect(mean).toBeCloseTo(1, 12);
    expect(meanEValue([0, 4])).toBe(2);
  });
});

describe('information', () => {
  test('Jensen–Shannon divergence of two Gaussians', () =>
    close([jensenShannon(1), jensenShannon(2)], [0.111421482, 0.33683082], 8));
  test('between 0 and the entropy of the priors', () => {
    expect(jensenShannon(0)).toBeCloseTo(0, 12);
    expect(jensenShannon(20)).toBeCloseTo(Math.LN2, 9);
    expect(expectedInformationGain([0, 30, 60], [1, 1, 1])).toBeCloseTo(Math.log(3), 9);
    expect(expectedInformationGain([0, Number.NaN], [1, 1])).toBeNaN();
    expect(expectedInformationGain([0, 90], [1, 1], [1, 0])).toBe(0); // what cannot be tells nothing, however far it lies
  });
});

describe('decision value (Scannell & Bosley 2016)', () => {
  test('share of good ones among those taken', () => {
    close(
      [0, 0.3, 0.5, 0.7, 0.9].map((validity) => positivePredictiveValue({ validity, prior: 0.01, chosen: 0.01 })),
      [0.01, 0.055633, 0.129392, 0.26684, 0.541971],
      5,
    );
    expect(positivePredictiveValue({ validity: 0.5, prior: 0.05, chosen: 0.05 })).toBeCloseTo(0.243789, 6);
  });
  test('best of 1,000', () =>
    expect(bestOf({ validity: 0.5, prior: 0.001, candidates: 1000 })).toBeCloseTo(0.048334, 6));
  test('candidates that make up for 0.1 of validity', () => {
    const factors = [100, 1000, 10_000].map((candidates) =>
      candidatesFactor({ validity: 0.5, other: 0.4, prior: 0.001, candidates }),
    );
    expect(factors.map((factor) => Number(factor?.toPrecision(3)))).toEqual([3.81, 11.5, 39]);
  });
});
