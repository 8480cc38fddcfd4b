import { mean } from '../statistics/correlation.ts';
import { normalQuantile, normalSurvival } from '../statistics/distributions.ts';
import { basisOf, without } from '../statistics/least-squares.ts';
import type { Likelihood } from '../statistics/likelihoods.ts';
import { peakOf, scoreOf } from '../statistics/newton.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import type { Asked, Measured } from '../table-tests/table-test.ts';
import { drawnForNothing } from './drawn.ts';
import { refuse } from './units.ts';

/** A coefficient of x beside covariates, by maximum likelihood; [unit] each. */
interface LikelySlope {
  likelihood: Likelihood;
  x: Float64Array;
  covariates: readonly Float64Array[];
  /** A coefficient that belongs to no column: of odds there is one, a hazard has it in its time. */
  intercept: boolean;
}

/** Events (of yes and no the fewer) by coefficient below which estimates go astray (Peduzzi et al. 1996, J Clin Epidemiol 49:1373). */
const fewEvents = 10;

/**
 * The coefficient of x by maximum likelihood with Wald's interval. Its p-value permutes what the covariates do not say of x (Potter 2005,
 * Stat Med 24:693), by Rao's score. events: of yes and no the fewer; of: what units are. Throws `bad-input` where there is no coefficient.
 */
export function likelySlope(
  { likelihood, x, covariates, intercept }: LikelySlope,
  { events, of }: { events: number; of: string },
  { random, finest, level }: Asked,
): Measured {
  const ones = new Float64Array(x.length).fill(1);
  const basis = basisOf([ones, ...covariates]);
  if (!basis) refuse('assumption', 'The covariates say the same as one another.', 'Leave one out.');
  const own = without(without(x, basis), basis);
  const scale = lengthOf(own) / Math.sqrt(x.length);
  if (!(scale > 1e-9 * Math.max(1e-300, lengthOf(x) / Math.sqrt(x.length))))
    refuse('assumption', 'x does not vary beyond what the covariates say.', 'Leave a covariate out.');
  const beside = [...(intercept ? [ones] : []), ...covariates.map(standard)];
  const last = beside.length;
  const part = own.map((one) => one / scale);
  const peak = peakOf(last + 1, likelihood([...beside, part]));
  const below = peakOf(last, likelihood(beside));
  if (!peak || !below)
    refuse(
      'assumption',
      'x and the covariates tell without exception to which units it happened: the coefficient has no end.',
      'Leave out a covariate, or ask whether x differs between the two (mean_difference).',
    );
  const score = (way: Float64Array) => scoreOf(likelihood([...beside, way])(Float64Array.from([...below.at, 0])));
  const [estimate, error] = [peak.at[last] / scale, Math.sqrt(peak.covariance[last][last]) / scale];
  const half = normalQuantile((1 + level) / 2) * error;
  const z = estimate / error;
  return drawnForNothing(
    {
      estimate,
      low: estimate - half,
      high: estimate + half,
      interval: 'Wald, maximum likelihood',
      n: { count: x.length, of },
      checks: [
        {
          what: 'events by coefficient',
          value: events / (covariates.length + 1),
          fine: events >= fewEvents * (covariates.length + 1),
        },
      ],
      details: {
        ratio: Math.exp(estimate),
        ratioLow: Math.exp(estimate - half),
        ratioHigh: Math.exp(estimate + half),
        z,
        standardError: error,
        pClassical: Math.min(1, 2 * normalSurvival(Math.abs(z))),
        likelihoodRatio: 2 * Math.max(0, peak.value - below.value),
        events,
      },
    },
    () => permuteOrder(part, score, random, finest),
    { before: "x beside covariates (Potter 2005, Stat Med 24:693), Rao's score, " },
  );
}

const lengthOf = (values: Float64Array) => Math.sqrt(values.reduce((sum, one) => sum + one * one, 0));

/** Values about 0 with standard deviation 1: the same fit, in numbers that are all of one size. */
function standard(values: Float64Array): Float64Array {
  const centre = mean(values);
  const moved = values.map((value) => value - centre);
  const spread = lengthOf(moved) / Math.sqrt(values.length);
  return moved.map((value) => value / (spread || 1));
}
