import { drawnForNothing } from '../questions/drawn.ts';
import { share } from '../questions/metrics.ts';
import { tuningPicture } from '../questions/pictures.ts';
import type { Sample } from '../questions/sample.ts';
import { refuse, unitsOf } from '../questions/units.ts';
import { mean, quantile } from '../statistics/correlation.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import type { Random } from '../statistics/random.ts';
import { vectorLength } from '../statistics/selectivity.ts';
import type { TableMetric, TableTest } from './table-test.ts';

const fewestAngles = 3;
const resamples = 2000;

interface Presentations {
  /** Response of each presentation. */
  responses: Float64Array;
  /** Which of the angles it was of, from 0. */
  angle: Int32Array;
  radians: Float64Array;
  of: string;
}

/** How much a response depends on the angle of what was shown. */
export const tuning: TableTest = {
  name: 'tuning',
  answers: 'Is a response tuned to orientation or direction?',
  metrics: [
    share('orientation_selectivity', '|Σ r·e^{2iθ}| / Σ r', 'OSI'),
    share('direction_selectivity', '|Σ r·e^{iθ}| / Σ r', 'DSI'),
    share('circular_variance', '1 − |Σ r·e^{2iθ}| / Σ r', 'CV', { nothing: 1 }),
  ],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'angle', holds: 'numbers' },
  ],
  tests: 'exchange of angles among presentations, within blocks where they are named',
  interval: 'bootstrap of presentations within each angle',
  refuses: [
    'fewer than 3 angles, or 2 presentations of each',
    'angles beyond one turn',
    'responses that are not above 0 on average, or are below it at some angles by more than a tenth of what there is',
    'angles in radians',
  ],
  example: { metric: 'orientation_selectivity', columns: { value: 'rate', angle: 'orientation' }, family: 'neuron' },
  assumes: [
    'presentations are independent of one another: without tuning, any could have had any angle (name blocks, as sessions, where not)',
    'responses are not negative on average; angles are degrees',
  ],
  picture: tuningPicture,
  measure(sample, metric, { random, finest, level }) {
    const shown = presentationsOf(sample);
    const index = indexOf(shown, metric);
    const estimate = index(shown.responses);
    if (!Number.isFinite(estimate))
      refuse(
        'assumption',
        'The responses are not above 0 on average.',
        'Name a column of rates, not of differences from a baseline.',
      );
    const below = shareBelowZero(shown);
    if (below > mostBelow)
      refuse(
        'assumption',
        `Mean responses below 0 are ${Math.round(100 * below)} % of all: the index is of responses that are not negative.`,
        'Name rates before a baseline was taken off, or what is below 0 as 0: greatest(x, 0).',
      );
    let resampled: ReturnType<typeof stratifiedBootstrap> | undefined;
    const ends = () => (resampled ??= stratifiedBootstrap(shown, index, random.fork('interval'), level));
    return drawnForNothing(
      {
        estimate,
        get low() {
          return within(ends().low);
        },
        get high() {
          return within(ends().high);
        },
        interval: `bootstrap of presentations within each angle, ${resamples} resamples, ended at 0 and 1`,
        n: { count: shown.responses.length, of: shown.of },
        checks: [],
        details: { angles: shown.radians.length, preferredDegrees: preferred(shown, metric) },
      },
      () => permuteOrder(shown.responses, index, random, finest, blocksOf(sample)),
      {
        before: 'angles exchanged among presentations: ',
        nothing: metric.nothing,
        side: metric.name === 'circular_variance' ? 'below' : 'above',
      },
    );
  },
};

function presentationsOf(sample: Sample): Presentations {
  const angles = sample.numbers('angle');
  const units = unitsOf(sample, Array.from(angles, String));
  const responses = units.means(sample.numbers('value'));
  const own = units.means(angles);
  const different = [...new Set(own)].sort((a, b) => a - b);
  if (different.length < fewestAngles)
    refuse(
      'too-few',
      `${different.length} angles; tuning needs ${fewestAngles}.`,
      'Name the column of angles, in degrees.',
    );
  if (different.at(-1)! - different[0] > 360)
    refuse(
      'assumption',
      `Angles lie between ${different[0]} and ${different.at(-1)}: not degrees of one turn.`,
      'Convert them in SQL.',
    );
  if (areRadians(different))
    refuse(
      'assumption',
      `Angles lie between ${different[0]} and ${different.at(-1)} in steps of parts of π: they are radians.`,
      'Make degrees of them in SQL: degrees(x).',
    );
  if (responses.length < 2 * different.length)
    refuse(
      'too-few',
      `${responses.length} presentations of ${different.length} angles: two of each are needed.`,
      'Name single presentations, not means.',
    );
  const place = new Map(different.map((angle, i) => [angle, i]));
  return {
    responses,
    // SAFETY: every angle is among the different ones.
    angle: Int32Array.from(own, (angle) => place.get(angle)!),
    radians: Float64Array.from(different, (angle) => (angle * Math.PI) / 180),
    of: sample.question.subject ?? sample.question.unit ?? 'presentations',
  };
}

/** Largest share of mean responses below 0: beyond it Σ r says little of how much there was. */
const mostBelow = 0.1;

/** Share of the mean responses of all angles that lies below 0. */
function shareBelowZero({ responses, angle, radians }: Presentations): number {
  const means = Array.from(radians, (_, place) => mean(responses.filter((__, i) => angle[i] === place)));
  const sizes = means.reduce((sum, value) => sum + Math.abs(value), 0);
  return means.reduce((sum, value) => sum + Math.max(0, -value), 0) / sizes;
}

/** An end of an interval within what the index can be. */
const within = (end: number | null) => (end === null ? null : Math.min(1, Math.max(0, end)));

/** Whether angles, rising, are parts of π up to one turn, of 2.5 degrees and their multiples; whole numbers up to 6 are degrees. */
function areRadians(angles: number[]): boolean {
  const [first, last] = [angles[0], angles[angles.length - 1]];
  if (last - first > 2 * Math.PI + 1e-3 || last - first < 1 || angles.every(Number.isInteger)) return false;
  const part = Math.PI / 72;
  return angles.every((angle) => Math.abs(angle - part * Math.round(angle / part)) < 6e-3);
}

/** Blocks, one name a row, where each row is a presentation. */
function blocksOf(sample: Sample): string[] | undefined {
  if (!sample.blocks) return undefined;
  if (sample.unit || sample.subject) refuse('design', 'Blocks are of single rows.', 'Leave unit and subject out.');
  return sample.blocks;
}

/** Weights of each presentation in the mean vector and in the sum of the mean responses: each angle counts alike. */
function weightsOf({ angle, radians }: Presentations, k: 1 | 2) {
  const counts = new Int32Array(radians.length);
  for (const own of angle) counts[own]++;
  const weigh = (of: (radians: number) => number) =>
    Float64Array.from(angle, (own) => of(k * radians[own]) / counts[own]);
  return { x: weigh(Math.cos), y: weigh(Math.sin), one: weigh(() => 1) };
}

const harmonic = ({ name }: TableMetric) => (name === 'direction_selectivity' ? 1 : 2);

/** The index of a metric as a function of the responses. */
function indexOf(shown: Presentations, metric: TableMetric): (responses: ArrayLike<number>) => number {
  const weights = weightsOf(shown, harmonic(metric));
  const inverted = metric.name === 'circular_variance';
  return (responses) => {
    const index = vectorLength(responses, weights);
    return inverted ? 1 - index : index;
  };
}

function preferred(shown: Presentations, metric: TableMetric): number {
  const k = harmonic(metric);
  const weights = weightsOf(shown, k);
  const along = (of: Float64Array) => shown.responses.reduce((sum, response, i) => sum + response * of[i], 0);
  const degrees = (Math.atan2(along(weights.y), along(weights.x)) * 180) / Math.PI;
  return ((degrees + 360) % 360) / k;
}

function stratifiedBootstrap(
  shown: Presentations,
  index: (responses: ArrayLike<number>) => number,
  random: Random,
  level: number,
) {
  const places = shown.radians.reduce<number[][]>((all, _, own) => {
    all.push(Array.from(shown.angle.keys()).filter((i) => shown.angle[i] === own));
    return all;
  }, []);
  const sample = new Float64Array(shown.responses.length);
  const found = Float64Array.from({ length: resamples }, () => {
    for (const own of places) for (const i of own) sample[i] = shown.responses[own[random.integer(own.length)]];
    return index(sample);
  });
  return { low: quantile(found, (1 - level) / 2), high: quantile(found, (1 + level) / 2) };
}
