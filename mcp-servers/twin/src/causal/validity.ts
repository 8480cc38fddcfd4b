import { mean, pearson, spearman } from '@bregma/core/statistics/correlation';
import { type JackknifeInterval, jackknifeInterval } from '@bregma/core/statistics/jackknife';

/**
 * Predicted and measured responses of the neurons that both know, [responding × stimulated]. NaN in `measured`: that pair was not
 * measured; in `predicted`: it was not predicted, say because the twin was fitted to it.
 */
export interface MatchedResponses {
  names: string[];
  predicted: Float64Array;
  measured: Float64Array;
}

/** Picks the neurons that both the twin and the measurement have, by name. */
export function matchNeurons(
  twin: { names: string[]; responses: Float64Array },
  recording: { names: string[]; responses: Float64Array },
): MatchedResponses {
  const index = new Map(twin.names.map((name, i) => [name, i]));
  const kept = recording.names
    .map((name, i) => ({ name, here: i, there: index.get(name) }))
    .filter((neuron) => neuron.there !== undefined);
  const take = (matrix: Float64Array, size: number, key: 'here' | 'there') =>
    Float64Array.from(
      kept.flatMap((responding) =>
        kept.map((stimulated) => matrix[(responding[key] ?? 0) * size + (stimulated[key] ?? 0)]),
      ),
    );
  return {
    names: kept.map(({ name }) => name),
    predicted: take(twin.responses, twin.names.length, 'there'),
    measured: take(recording.responses, recording.names.length, 'here'),
  };
}

/** Stimulated neurons with at least one response of another neuron that was measured and predicted. */
export function testedColumns(matched: MatchedResponses): number[] {
  return matched.names.map((_, column) => column).filter((column) => rowsOf(matched, column).length > 0);
}

function rowsOf({ names, predicted, measured }: MatchedResponses, column: number): number[] {
  const n = names.length;
  return names
    .map((_, row) => row)
    .filter(
      (row) =>
        row !== column && !Number.isNaN(measured[row * n + column]) && !Number.isNaN(predicted[row * n + column]),
    );
}

function pairs(
  matched: MatchedResponses,
  columns: number[],
  keep: (at: number) => boolean = () => true,
): { predicted: number[]; measured: number[] } {
  const n = matched.names.length;
  const places = columns.flatMap((column) => rowsOf(matched, column).map((row) => row * n + column)).filter(keep);
  return {
    predicted: places.map((at) => matched.predicted[at]),
    measured: places.map((at) => matched.measured[at]),
  };
}

/** Correlation of predicted with measured influence, over pairs of neurons. */
export interface CausalValidity {
  pearson: number;
  spearman: number;
  /** Over stimulated neurons, whose responses hang together: delete-one jackknife of Fisher's z. */
  ci: JackknifeInterval;
  pairs: number;
  stimulated: number;
  perStimulated: { unit: string; pearson: number | null; spearman: number | null; pairs: number }[];
}

/** Correlation over all measured pairs off the diagonal. */
export function causalCorrelation(matched: MatchedResponses): number {
  const { predicted, measured } = pairs(matched, testedColumns(matched));
  return pearson(predicted, measured);
}

/** Correlation over all measured pairs off the diagonal, and for each stimulated neuron by itself. */
export function causalValidity(matched: MatchedResponses): CausalValidity {
  const columns = testedColumns(matched);
  const whole = pairs(matched, columns);
  const r = pearson(whole.predicted, whole.measured);
  return {
    pearson: r,
    spearman: spearman(whole.predicted, whole.measured),
    ci: jackknifeInterval(r, withoutEach(columnSums(matched), columns), 'correlation'),
    pairs: whole.measured.length,
    stimulated: columns.length,
    perStimulated: columns.map((column) => {
      const one = pairs(matched, [column]);
      const r = pearson(one.predicted, one.measured);
      const rho = spearman(one.predicted, one.measured);
      return {
        unit: matched.names[column],
        pearson: Number.isFinite(r) ? r : null,
        spearman: Number.isFinite(rho) ? rho : null,
        pairs: one.measured.length,
      };
    }),
  };
}

/** r minus the mean r of the others over the same pairs, with an interval by leaving out stimulated neurons for all at once. */
export function advantage(
  matched: MatchedResponses,
  others: Float64Array[],
): { difference: number; low: number | null; high: number | null } {
  const columns = testedColumns(matched);
  const [own, ...theirs] = [matched.predicted, ...others].map((predicted) => columnSums({ ...matched, predicted }));
  const ahead = (of: (sums: Float64Array[]) => number) => of(own) - mean(theirs.map(of));
  const difference = ahead((sums) => correlationOf(total(sums, columns)));
  const [all, ...rest] = [own, ...theirs].map((sums) => withoutEach(sums, columns));
  const without = all.map((r, unit) => r - mean(rest.map((others) => others[unit])));
  const { low, high } = jackknifeInterval(difference, without);
  return { difference, low, high };
}

/** The same over the pairs at one distance in the anatomy. */
export interface AtHops {
  /** Fewest connections from the stimulated to the responding neuron. */
  hops: '1' | '2' | '3 or more' | 'no way';
  pearson: number | null;
  pairs: number;
}

/** The correlation among pairs that lie equally far apart in the anatomy. hops: [to × from] of the same neurons. */
export function byHops(matched: MatchedResponses, hops: Float64Array): AtHops[] {
  const columns = testedColumns(matched);
  const groups: [AtHops['hops'], (distance: number) => boolean][] = [
    ['1', (distance) => distance === 1],
    ['2', (distance) => distance === 2],
    ['3 or more', (distance) => distance >= 3 && distance < Number.POSITIVE_INFINITY],
    ['no way', (distance) => distance === Number.POSITIVE_INFINITY],
  ];
  return groups
    .map(([name, belongs]) => {
      const { predicted, measured } = pairs(matched, columns, (at) => belongs(hops[at]));
      const r = pearson(predicted, measured);
      return { hops: name, pearson: Number.isFinite(r) ? r : null, pairs: measured.length };
    })
    .filter((group) => group.pairs > 0);
}

/**
 * The prediction that knows no connection: a neuron responds as it did on average to the stimulation of the others, the one in
 * question left out. [responding × stimulated]; NaN where there are no others.
 */
export function withoutConnections({ names, measured }: Pick<MatchedResponses, 'names' | 'measured'>): Float64Array {
  const n = names.length;
  const out = new Float64Array(n * n).fill(Number.NaN);
  for (let row = 0; row < n; row++) {
    const known = names.map((_, column) => column).filter((c) => c !== row && !Number.isNaN(measured[row * n + c]));
    const total = known.reduce((sum, column) => sum + measured[row * n + column], 0);
    for (let column = 0; column < n; column++) {
      const own = known.includes(column);
      const count = known.length - Number(own);
      if (count > 0) out[row * n + column] = (total - (own ? measured[row * n + column] : 0)) / count;
    }
  }
  return out;
}

/** n, Σx, Σy, Σxx, Σyy, Σxy of each column: enough for r over any choice of columns. */
function columnSums(matched: MatchedResponses): Float64Array[] {
  return matched.names.map((_, column) => {
    const { predicted, measured } = pairs(matched, [column]);
    const sums = new Float64Array(6);
    for (let i = 0; i < predicted.length; i++) {
      const [x, y] = [predicted[i], measured[i]];
      for (const [k, value] of [1, x, y, x * x, y * y, x * y].entries()) sums[k] += value;
    }
    return sums;
  });
}

function total(sums: Float64Array[], columns: ArrayLike<number>): Float64Array {
  const whole = new Float64Array(6);
  for (let c = 0; c < columns.length; c++) for (let k = 0; k < 6; k++) whole[k] += sums[columns[c]][k];
  return whole;
}

function correlationOf([n, x, y, xx, yy, xy]: Float64Array): number {
  return (xy - (x * y) / n) / Math.sqrt((xx - (x * x) / n) * (yy - (y * y) / n));
}

/** r without each column in turn. */
function withoutEach(sums: Float64Array[], columns: number[]): number[] {
  const whole = total(sums, columns);
  return columns.map((column) => correlationOf(whole.map((sum, k) => sum - sums[column][k])));
}
