import { secretRandom } from '@bregma/benchmarks/drawn/secret-random';
import { mean } from '@bregma/core/statistics/correlation';
import type { Compared } from './metrics.ts';

/** Fewest items with drawn outcomes. */
const fewest = 3;

/** Which of the sealed items are canaries: the secret alone tells. */
export function canariesOf(secret: string, sealed: readonly number[], share: number): Set<number> {
  const count = Math.max(fewest, Math.round(share * sealed.length));
  return new Set(secretRandom(secret, 'canaries').shuffle(sealed).slice(0, count));
}

/** Outcomes in which each canary has, unit by unit, what another sealed item had: it looks like the others, and nobody ever measured it. */
export function withCanaries(
  { units, items, outcomes }: Omit<Compared, 'predictions'>,
  { sealed, canaries, secret }: { sealed: readonly number[]; canaries: ReadonlySet<number>; secret: string },
): Float64Array {
  const out = Float64Array.from(outcomes);
  const random = secretRandom(secret, 'outcomes of canaries');
  for (let unit = 0; unit < units; unit++) {
    const known = sealed.filter((item) => !canaries.has(item) && !Number.isNaN(outcomes[unit * items + item]));
    for (const canary of canaries) {
      const at = unit * items + canary;
      if (known.length > 0 && !Number.isNaN(outcomes[at]))
        out[at] = outcomes[unit * items + known[random.integer(known.length)]];
    }
  }
  return out;
}

/** True when predictions fit what the scorer drew: they were made from its files. Chance alone does so once in 300,000 times. */
export function knowsCanaries(
  { units, items, predictions, outcomes }: Compared,
  canaries: ReadonlySet<number>,
): boolean {
  let [product, predicted, drawn, count] = [0, 0, 0, 0];
  for (let unit = 0; unit < units; unit++) {
    const places = [...canaries].map((item) => unit * items + item).filter((at) => !Number.isNaN(outcomes[at]));
    if (places.length < 2) continue;
    const [x, y] = [mean(places.map((at) => predictions[at])), mean(places.map((at) => outcomes[at]))];
    for (const at of places) {
      product += (predictions[at] - x) * (outcomes[at] - y);
      predicted += (predictions[at] - x) ** 2;
      drawn += (outcomes[at] - y) ** 2;
    }
    count += places.length - 1;
  }
  const r = product / Math.sqrt(predicted * drawn);
  return Number.isFinite(r) && r > Math.max(0.4, 4.5 / Math.sqrt(count));
}
