import { withDecimals } from '../numbers.ts';
import { mean as meanOf } from '../statistics/correlation.ts';
import { groupCopies, type Units } from './copies.ts';
import { sameMeasurements } from './same-rows.ts';
import { isUncommon } from './telling.ts';

/** Multiplications up to which every pair of rows is compared; beyond, rows are one only where they are equal up to unit. */
const mostWork = 3e8;

/**
 * Neurons whose responses are those of one neuron: listed twice, in another unit, rounded, or with a little noise. They are one unit.
 * responses: C order [neuron × stimulus], NaN where nothing was measured. Rows that many neurons can share (silent, a few spikes)
 * are neurons of their own.
 */
export function groupNeurons(responses: Float64Array, neurons: number): Units {
  const length = neurons === 0 ? 0 : responses.length / neurons;
  const rows = Array.from({ length: neurons }, (_, i) => responses.subarray(i * length, (i + 1) * length));
  const own = rows.map(isUncommon);
  if ((neurons * neurons * length) / 2 > mostWork)
    return groupCopies(rows.map((row, i) => (own[i] ? courseOf(row) : String(i))));
  const first = rows.map((row, i) => {
    const same = own[i] ? rows.findIndex((other, j) => j < i && own[j] && sameMeasurements(other, row) > 0) : -1;
    return String(same < 0 ? i : same);
  });
  return groupCopies(first.map((_, i) => rootOf(first, i)));
}

/** The first of a chain of copies. */
function rootOf(first: string[], at: number): string {
  const before = Number(first[at]);
  return before === at ? String(at) : rootOf(first, before);
}

/** A row without its unit: equal for one row in two units, also where one of them is turned round. */
function courseOf(row: Float64Array): string {
  const measured = row.filter(Number.isFinite);
  const centre = meanOf(measured);
  const length = Math.sqrt(measured.reduce((sum, value) => sum + (value - centre) ** 2, 0));
  const sign = Math.sign(measured[0] - centre) || 1;
  return Array.from(row, (value) => withDecimals((sign * (value - centre)) / length, 5)).join(' ');
}
