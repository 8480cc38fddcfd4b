import type { MetricName } from '@bregma/core/contracts/benchmark';
import { mean, median, pearson } from '@bregma/core/statistics/correlation';
import type { Random } from '@bregma/core/statistics/random';

/** Predictions beside what was measured, both [unit × item] in C order; NaN in outcomes: not measured. */
export interface Compared {
  units: number;
  items: number;
  predictions: ArrayLike<number>;
  outcomes: ArrayLike<number>;
}

/** A score over some of the items, which may stand there more than once. */
type Metric = (compared: Compared, over: ArrayLike<number>) => number;

const sizeOf = ({ units }: Compared, over: ArrayLike<number>) => units * over.length;
/** A prediction that never changes tells nothing. */
const orZero = (r: number) => (Number.isFinite(r) ? r : 0);
/** Room for pairs that were measured, filled again and again: a score is taken a hundred times for its error. */
const room = { predicted: new Float64Array(0), measured: new Float64Array(0) };

/** Puts the measured pairs of one unit into the room, from `start` on, and says where they end. */
function fill(
  { items, predictions, outcomes }: Compared,
  unit: number,
  over: ArrayLike<number>,
  start: number,
): number {
  let end = start;
  for (let i = 0; i < over.length; i++) {
    const at = unit * items + over[i];
    if (Number.isNaN(outcomes[at])) continue;
    room.predicted[end] = predictions[at];
    room.measured[end] = outcomes[at];
    end++;
  }
  return end;
}

function makeRoom(size: number): void {
  if (room.predicted.length >= size) return;
  room.predicted = new Float64Array(size);
  room.measured = new Float64Array(size);
}

/** Median over units of Pearson's r over items, of units whose outcomes vary. */
const medianPearson: Metric = (compared, over) => {
  makeRoom(over.length);
  const rs: number[] = [];
  for (let unit = 0; unit < compared.units; unit++) {
    const end = fill(compared, unit, over, 0);
    const measured = room.measured.subarray(0, end);
    if (end < 3 || measured.every((value) => value === measured[0])) continue;
    rs.push(orZero(pearson(room.predicted.subarray(0, end), measured)));
  }
  return rs.length > 0 ? median(rs) : 0;
};

/** Pearson's r over all measured pairs of unit and item. */
const pooledPearson: Metric = (compared, over) => {
  makeRoom(sizeOf(compared, over));
  let end = 0;
  for (let unit = 0; unit < compared.units; unit++) end = fill(compared, unit, over, end);
  return orZero(pearson(room.predicted.subarray(0, end), room.measured.subarray(0, end)));
};

/** Pearson's r of what is left without the means of units and of items. */
const specificPearson: Metric = (compared, over) => {
  const { predictions, outcomes } = compared;
  return pooledPearson(
    { ...compared, predictions: centred(compared, predictions, over), outcomes: centred(compared, outcomes, over) },
    over,
  );
};

/** Values without the mean of their unit and then of their item, over the measured pairs of these items. */
function centred(
  { units, items, outcomes }: Compared,
  values: ArrayLike<number>,
  over: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(units * items).fill(Number.NaN);
  const [sums, counts] = [new Float64Array(items), new Float64Array(items)];
  for (let unit = 0; unit < units; unit++) {
    let [sum, count] = [0, 0];
    for (let i = 0; i < over.length; i++) {
      const at = unit * items + over[i];
      if (Number.isNaN(outcomes[at])) continue;
      sum += values[at];
      count++;
    }
    for (let i = 0; i < over.length; i++) {
      const at = unit * items + over[i];
      if (Number.isNaN(outcomes[at])) continue;
      out[at] = values[at] - sum / count;
      sums[over[i]] += out[at];
      counts[over[i]]++;
    }
  }
  for (let unit = 0; unit < units; unit++)
    for (let item = 0; item < items; item++) out[unit * items + item] -= sums[item] / counts[item];
  return out;
}

/** Each metric by its name. */
export const metrics: Record<MetricName, Metric> = {
  'median-pearson': medianPearson,
  'pooled-pearson': pooledPearson,
  'specific-pearson': specificPearson,
};

/** Bootstrap standard error of a score over items that are resampled whole (Efron 1979, Ann Stat 7:1). */
export function scoreError(
  name: MetricName,
  compared: Compared,
  over: ArrayLike<number>,
  random: Random,
  resamples = 100,
): number {
  const sample = new Int32Array(over.length);
  const scores = Array.from({ length: resamples }, () => {
    for (let i = 0; i < sample.length; i++) sample[i] = over[random.integer(over.length)];
    return metrics[name](compared, sample);
  });
  const centre = mean(scores);
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - centre) ** 2, 0) / (resamples - 1));
}
