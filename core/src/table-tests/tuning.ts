import { drawnForNothing } from '../questions/drawn.ts';
import { share } from '../questions/metrics.ts';
import { tuningPicture } from '../questions/pictures.ts';
import type { Sample } from '../questions/sample.ts';
import { refuse, unitsOf } from '../questions/units.ts';
import { quantile } from '../statistics/correlation.ts';
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
    'responses that are not above 0 on average',
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
    let resampled: ReturnType<typeof stratifiedBootstrap> | undefined;
    const ends = () => (resampled ??= stratifiedBootstrap(shown, index, random.fork('interval'), level));
    return drawnForNothing(
      {
        estimate,
        get low() {
          return ends().low;
        },
        get high() {
          return ends().high;
        },
        interval: `bootstrap of presentations within each angle, ${resamples} resamples`,
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
