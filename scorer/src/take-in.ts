import type { Made } from '@bregma/benchmarks/benchmark';
import { secretRandom } from '@bregma/benchmarks/drawn/secret-random';
import { sha256 } from '@bregma/core/canonical';
import type {
  BenchmarkCard,
  ExposureOfScore,
  Mechanism,
  MetricName,
  QueryBudget,
} from '@bregma/core/contracts/benchmark';
import { BregmaError } from '@bregma/core/errors';
import { arrayDigest } from '@bregma/core/identity/digests';
import { npyHead } from '@bregma/core/npy';
import { atDecimals } from '@bregma/core/numbers';
import { mean } from '@bregma/core/statistics/correlation';
import type { Random } from '@bregma/core/statistics/random';
import { canariesOf, withCanaries } from './canaries.ts';
import { ceilingOf } from './ceiling.ts';
import { scoreError } from './metrics.ts';
import type { SealedSet } from './sealed-set.ts';

/** How a benchmark is scored and what it allows. */
export interface Rules {
  name: string;
  title: string;
  task: string;
  metric: MetricName;
  mechanism: Mechanism;
  step: number;
  cap: number | 'ceiling';
  canaries: number;
  budget: QueryBudget;
  probes?: QueryBudget;
  exposure: ExposureOfScore;
  licence: string;
  cite: readonly string[];
  /** Release that clients predict for. */
  predicts?: string;
}

/** Steps are whole numbers of this. */
const grain = 0.005;
/** Where neither repeats nor a cap are there: nothing measured once is predicted better. */
const capWithoutCeiling = 0.95;
/** A copy of what was measured is beyond every cap. */
const mostCap = 0.999;

/** Digest of the outcomes that are sealed, whatever the file: their values [unit × sealed item]. */
export function sealedDigest({
  units,
  items,
  outcomes,
  open,
}: Pick<Made, 'units' | 'items' | 'outcomes' | 'open'>): string {
  const sealed = sealedItems({ items, open });
  const data = Float64Array.from({ length: units.count * sealed.length }, (_, at) => {
    const unit = Math.floor(at / sealed.length);
    return outcomes[unit * items.count + sealed[at % sealed.length]];
  });
  return arrayDigest({ dtype: 'f8', shape: [units.count, sealed.length], data });
}

/** Items that are not open and have an outcome anywhere are sealed. */
export function sealedItems({ items, open }: Pick<Made, 'items' | 'open'>): number[] {
  const given = new Set(open);
  return Array.from({ length: items.count }, (_, item) => item).filter((item) => !given.has(item));
}

/** Makes a sealed set: canaries, ceiling, step and cap. Throws `bad-input` when too little is sealed to tell anything. */
export function sealedSetOf(
  rules: Rules,
  made: Made,
  secret: string,
  registered?: string,
): { set: SealedSet; arrays: Map<string, Uint8Array> } {
  const { units, items, outcomes, open, rows, columns, images } = made;
  const shape = { units: units.count, items: items.count };
  const isMeasured = (item: number) =>
    Array.from({ length: shape.units }, (_, unit) => outcomes[unit * shape.items + item]).some(
      (value) => !Number.isNaN(value),
    );
  const sealed = sealedItems(made).filter(isMeasured);
  if (sealed.length < 10)
    throw new BregmaError('bad-input', `${sealed.length} sealed items tell no twin from another.`, {
      next: 'Seal at least ten; hundreds make a step that is worth a name.',
    });
  const canaries = canariesOf(secret, sealed, rules.canaries);
  const scored = sealed.filter((item) => !canaries.has(item));
  const kept = withCanaries({ ...shape, outcomes }, { sealed, canaries, secret });
  const random = secretRandom(secret, 'error of the score');
  const ceiling = made.trials ? ceilingOf(rules.metric, { ...shape, ...made.trials }, scored, random) : null;
  const arrays = new Map((made.arrays ?? []).map(({ npy }) => [sha256(npy), npy]));
  const card: BenchmarkCard = {
    name: rules.name,
    task: rules.task,
    units,
    items: { ...items, open },
    data: rules.predicts,
    rows,
    columns,
    arrays: (made.arrays ?? []).map(({ name, npy }) => {
      const { shape } = npyHead(npy, name);
      return { name, sha256: sha256(npy), bytes: npy.length, shape };
    }),
    sealed: sealedDigest({ ...made, outcomes: kept }),
    metric: rules.metric,
    mechanism: rules.mechanism,
    ceiling,
    cap: capOf(rules, ceiling),
    step: stepOf(rules, { ...shape, outcomes }, scored, random),
    budget: rules.budget,
    probes: rules.probes,
    exposure: rules.exposure,
    licence: rules.licence,
    cite: [...rules.cite],
  };
  return { set: { card, title: rules.title, registered, canaries: rules.canaries, outcomes: kept, images }, arrays };
}

function capOf({ cap }: Rules, ceiling: BenchmarkCard['ceiling']): number {
  if (cap !== 'ceiling') return cap;
  return ceiling ? Math.min(mostCap, ceiling.value + 4 * ceiling.error) : capWithoutCeiling;
}

/** The step that was asked for, or one bootstrap standard error of a twin of middling accuracy where that is more. */
function stepOf(
  { metric, step }: Rules,
  data: { units: number; items: number; outcomes: Float64Array },
  scored: number[],
  random: Random,
): number {
  const error = scoreError(metric, { ...data, predictions: middling(data, random) }, scored, random);
  return atDecimals(Math.ceil(Math.max(step, error) / grain - 1e-9) * grain, 10);
}

/** Outcomes with noise of 1.33 standard deviations of their unit: r is about 0.6. */
function middling(
  { units, items, outcomes }: { units: number; items: number; outcomes: Float64Array },
  random: Random,
): Float64Array {
  const out = Float64Array.from(outcomes);
  for (let unit = 0; unit < units; unit++) {
    const known = outcomes.subarray(unit * items, (unit + 1) * items).filter(Number.isFinite);
    const centre = known.length > 0 ? mean(known) : 0;
    const sd = Math.sqrt(known.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, known.length - 1));
    for (let item = 0; item < items; item++) out[unit * items + item] += 1.33 * sd * random.normal();
  }
  return out;
}
