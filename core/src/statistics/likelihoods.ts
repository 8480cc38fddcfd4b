import type { Surface } from './newton.ts';

/** A log-likelihood of coefficients of columns, [column][unit]. */
export type Likelihood = (columns: readonly Float64Array[]) => (at: Float64Array) => Surface;

const empty = (k: number): Surface => ({
  value: 0,
  slope: new Float64Array(k),
  bend: Array.from({ length: k }, () => new Float64Array(k)),
});

function sumOf(columns: readonly Float64Array[], at: Float64Array, unit: number): number {
  let sum = 0;
  for (let j = 0; j < columns.length; j++) sum += at[j] * columns[j][unit];
  return sum;
}

/** Log odds of what happened (1, else 0) as a sum of columns (Cox 1958, J R Stat Soc B 20:215). */
export const logistic =
  (happened: Float64Array): Likelihood =>
  (columns) =>
  (at) => {
    const found = empty(columns.length);
    for (let i = 0; i < happened.length; i++) {
      const odds = sumOf(columns, at, i);
      const chance = 1 / (1 + Math.exp(-odds));
      found.value += happened[i] * odds - (odds > 0 ? odds + Math.log1p(Math.exp(-odds)) : Math.log1p(Math.exp(odds)));
      for (let j = 0; j < columns.length; j++) {
        found.slope[j] += (happened[i] - chance) * columns[j][i];
        const weight = chance * (1 - chance) * columns[j][i];
        for (let k = 0; k < columns.length; k++) found.bend[j][k] += weight * columns[k][i];
      }
    }
    return found;
  };

/**
 * Log hazard as a sum of columns, whatever the hazard is in time (Cox 1972, J R Stat Soc B 34:187), with Efron's share of events at one
 * time (Efron 1977, J Am Stat Assoc 72:557). event: 1 happened, 0 cut off.
 */
export function proportionalHazards(time: Float64Array, event: Float64Array): Likelihood {
  // From the last time to the first: who is at risk only grows.
  const order = Array.from(time.keys()).sort((a, b) => time[b] - time[a]);
  return (columns) => (at) => {
    const found = empty(columns.length);
    const [risk, tied] = [sumsOf(columns.length), sumsOf(columns.length)];
    for (let start = 0; start < order.length; ) {
      let [end, events] = [start, 0];
      clear(tied);
      for (; end < order.length && time[order[end]] === time[order[start]]; end++) {
        const unit = order[end];
        const log = sumOf(columns, at, unit);
        add(risk, columns, unit, Math.exp(log));
        if (event[unit] !== 1) continue;
        events++;
        add(tied, columns, unit, Math.exp(log));
        found.value += log;
        for (let j = 0; j < columns.length; j++) found.slope[j] += columns[j][unit];
      }
      for (let one = 0; one < events; one++) lessExpected(found, risk, tied, one / events);
      start = end;
    }
    return found;
  };
}

/** Sums over units of hazards, of hazards times columns, and of hazards times pairs of columns. */
interface Sums {
  hazard: number;
  first: Float64Array;
  second: Float64Array[];
}

const sumsOf = (k: number): Sums => ({
  hazard: 0,
  first: new Float64Array(k),
  second: Array.from({ length: k }, () => new Float64Array(k)),
});

function clear(sums: Sums): void {
  sums.hazard = 0;
  sums.first.fill(0);
  for (const row of sums.second) row.fill(0);
}

function add(sums: Sums, columns: readonly Float64Array[], unit: number, hazard: number): void {
  sums.hazard += hazard;
  for (let j = 0; j < columns.length; j++) {
    const own = hazard * columns[j][unit];
    sums.first[j] += own;
    for (let k = 0; k < columns.length; k++) sums.second[j][k] += own * columns[k][unit];
  }
}

/** What one event takes away: share of those that have it at the same time, and had it before this one. */
function lessExpected(found: Surface, risk: Sums, tied: Sums, share: number): void {
  const hazard = risk.hazard - share * tied.hazard;
  const means = risk.first.map((one, j) => (one - share * tied.first[j]) / hazard);
  found.value -= Math.log(hazard);
  for (let j = 0; j < means.length; j++) {
    found.slope[j] -= means[j];
    for (let k = 0; k < means.length; k++)
      found.bend[j][k] += (risk.second[j][k] - share * tied.second[j][k]) / hazard - means[j] * means[k];
  }
}
