import type { MetricName } from '@bregma/core/contracts/benchmark';
import { mean } from '@bregma/core/statistics/correlation';
import type { Random } from '@bregma/core/statistics/random';
import { metrics, scoreError } from './metrics.ts';

/** Repeated measurements, [unit × item × repeat]; NaN: not measured. */
interface Repeated {
  units: number;
  items: number;
  values: Float64Array;
  repeats: number;
}

/**
 * What a perfect prediction can be expected to score on mean outcomes: the root of their reliability, which is that of half of the repeats
 * stepped up (Spearman 1910, Brown 1910, Br J Psychol 3:271, 296); with its standard error over items. null without repeats, or without signal.
 */
export function ceilingOf(
  metric: MetricName,
  { units, items, values, repeats }: Repeated,
  over: readonly number[],
  random: Random,
): { value: number; error: number } | null {
  if (repeats < 2) return null;
  const draws = Array.from({ length: repeats > 2 ? 10 : 1 }, () => random.permutation(repeats));
  const halves = draws.map((order) => {
    const half = (from: number, to: number) =>
      Float64Array.from({ length: units * items }, (_, at) => {
        const known = Array.from(order.subarray(from, to), (repeat) => values[at * repeats + repeat]).filter(
          Number.isFinite,
        );
        return known.length > 0 ? mean(known) : Number.NaN;
      });
    const [first, second] = [half(0, repeats >> 1), half(repeats >> 1, repeats)];
    // An item with one half alone takes no part.
    return {
      units,
      items,
      predictions: first,
      outcomes: second.map((value, at) => (Number.isNaN(first[at]) ? Number.NaN : value)),
    };
  });
  const r = mean(halves.map((compared) => metrics[metric](compared, over)));
  if (!(r > 0)) return null;
  const value = Math.sqrt((2 * r) / (1 + r));
  // d√(2r/(1+r))/dr
  const slope = 1 / (value * (1 + r) ** 2);
  return { value, error: slope * scoreError(metric, halves[0], over, random) };
}
