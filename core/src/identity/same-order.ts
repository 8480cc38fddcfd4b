import { mean as meanOf } from '../statistics/correlation.ts';
import { type Responses, rowOf } from './responses.ts';
import { chance, logArrangements, sameMeasurements } from './same-rows.ts';
import { isUncommon } from './telling.ts';

/** Largest 1 − r² of two rows that hold the same values in some order: up to precision, and up to rounding. */
const exact = 1e-9;
const rounded = 1e-4;
/** Rows of which orders are compared, and with which an order is tried, at most. */
const most = 300;
const mostTried = 3;

/** A row in rising order, as columns, and its values standardised; undefined where it was not measured everywhere or says little. */
interface Ranked {
  row: Float64Array;
  order: Int32Array;
  rising: Float64Array;
}

/**
 * For each column of `b` the column of `a` that holds the same measurements, where both have the same columns in different orders:
 * found by a row whose values are those of one of `a` in whatever unit, rounded to a hundredth of their scatter too; or by a row
 * whose ranks give an order in which another row of each is the same, also through a rising function. A row that has the
 * values of several in different orders (all are ranks, or quantiles) finds nothing.
 */
export function byOrder(a: Responses, b: Responses): Int32Array | undefined {
  const [held, asked] = [rankedRows(a), rankedRows(b)];
  const pairs = 2 * held.length * asked.length;
  for (const one of asked) {
    const orders = held.flatMap((other) =>
      [false, true].map((turned) =>
        likeness(other, one, turned, pairs) > 0 ? orderFrom(other, one, turned) : undefined,
      ),
    );
    const found = theOnly(orders);
    if (found) return found;
  }
  return byRanks(held, asked.slice(0, mostTried));
}

/** The order that was found, where it is one. */
export function theOnly(orders: readonly (Int32Array | undefined)[]): Int32Array | undefined {
  const [first, ...others] = orders.filter((order) => order !== undefined);
  return others.every((order) => order.every((place, i) => place === first[i])) ? first : undefined;
}

/** An order in which one row has the ranks of a row of `a`, and another row is one of `a`. */
function byRanks(held: readonly Ranked[], asked: readonly Ranked[]): Int32Array | undefined {
  const [first, ...others] = asked;
  if (!first) return undefined;
  for (const one of held)
    for (const turned of [false, true]) {
      const found = orderFrom(one, first, turned);
      const same = ({ row }: Ranked) =>
        held.some((other) => other !== one && sameMeasurements(taken(other.row, found), row) > 0);
      if (others.some(same)) return found;
    }
  return undefined;
}

const taken = (row: Float64Array, at: Int32Array) => Float64Array.from(at, (column) => row[column]);

function rankedRows(of: Responses): Ranked[] {
  return Array.from({ length: Math.min(of.neurons, most) }, (_, neuron) => rowOf(of, neuron)).flatMap((row) => {
    if (!row.every(Number.isFinite) || !isUncommon(row) || new Set(row).size < 0.9 * row.length) return [];
    const order = Int32Array.from(row.keys()).sort((i, j) => row[i] - row[j]);
    const centre = meanOf(row);
    const length = Math.sqrt(row.reduce((sum, value) => sum + (value - centre) ** 2, 0));
    return length > 0 ? [{ row, order, rising: Float64Array.from(order, (i) => (row[i] - centre) / length) }] : [];
  });
}

/** How surely two rows hold the same values: 2 up to precision, 1 up to rounding, 0 not. turned: where one falls as the other rises. */
function likeness(held: Ranked, asked: Ranked, turned: boolean, pairs: number): 0 | 1 | 2 {
  const n = asked.rising.length;
  let [missed, worst] = [0, 0];
  for (let i = 0; i < n && missed < rounded; i++) {
    const difference = asked.rising[i] - (turned ? -held.rising[n - 1 - i] : held.rising[i]);
    missed += difference ** 2;
    worst = Math.max(worst, Math.abs(difference));
  }
  if (missed < exact) return 2;
  if (missed >= rounded) return 0;
  return logChance(asked.rising, 2 * worst) + 2 * Math.log(n) + Math.log(pairs) < Math.log(chance) ? 1 : 0;
}

/** Log of the chance that values drawn from the very steps on which these lie fall on them as often, at most: n! Π (c / n)^c / c!. */
function logChance(values: Float64Array, step: number): number {
  const steps = Array.from(values, (value) => Math.round(value / step));
  const counts = new Map<number, number>();
  for (const one of steps) counts.set(one, (counts.get(one) ?? 0) + 1);
  const shares = [...counts.values()].reduce((sum, count) => sum + count * Math.log(count / steps.length), 0);
  return logArrangements(steps) + shares;
}

function orderFrom(held: Ranked, asked: Ranked, turned: boolean): Int32Array {
  const found = new Int32Array(asked.order.length);
  const theirs = turned ? held.order.toReversed() : held.order;
  asked.order.forEach((column, rank) => {
    found[column] = theirs[rank];
  });
  return found;
}
