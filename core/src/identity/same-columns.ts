import { spanOf, without } from '../statistics/least-squares.ts';
import { type Responses, rowOf } from './responses.ts';
import { byOrder, theOnly } from './same-order.ts';
import { samePart } from './same-part.ts';
import { sameMeasurements } from './same-rows.ts';
import { fractionOfFew, isUncommon } from './telling.ts';

/** Multiplications that one comparison may take; beyond, rows at even steps stand for all. */
const mostWork = 1e9;
/** Share of the telling values of some columns that must lie in another recording for it to be one of them: chance gives far less. */
const enough = 0.1;
/** Share of values that may stand in several places where values tell columns; and how many must be shared at least. */
const mostRepeated = 0.01;
const fewest = 4;
/** Rows of which mixtures are looked for, at most. */
const mostMixed = 300;
/** Rows that are looked for in part, at most. */
const mostInPart = 3;
/** Largest part of the variance of a row that its mixture may miss. */
const missed = 1e-6;
/** Degrees of freedom at least that a mixture must leave: 1 − r² of unrelated rows is below `missed` with 1e-6 to half of them. */
const fewestFree = 6;

/**
 * For each column of `b` a column of `a` that holds the same measurements, −1 where there is none that can be shown to: by what was
 * measured alone, whatever was shown, whoever the neurons are. Known again are rows at their places in another unit, rounded, or
 * through a rising function, and mixtures of rows (a mean taken off, components); values of single columns in any order and
 * selection; and rows in another order and unit, whole or, where `parts` asks for it, in part and among others.
 */
export function sameColumns(a: Responses, b: Responses, { parts = true } = {}): Int32Array {
  const found = byValues(a, b);
  const isOpen = () => found.every((place) => place < 0);
  if (a.columns === b.columns && found.some((place) => place < 0)) {
    if (sameInPlace(a, b) || mixedInPlace(a, b)) return found.map((_, column) => column);
    byOrder(a, b)?.forEach((place, column) => {
      found[column] = place;
    });
  }
  return parts && isOpen() ? byPart(a, b) : found;
}

/** Whether a row of one lies in the other, value by value. */
export function sameInPlace(a: Responses, b: Responses): boolean {
  const step = Math.max(1, Math.ceil((a.neurons * b.neurons * b.columns) / mostWork));
  for (let neuron = 0; neuron < b.neurons; neuron += step) {
    const row = rowOf(b, neuron);
    if (!isUncommon(row)) continue;
    for (let other = 0; other < a.neurons; other++) if (sameMeasurements(rowOf(a, other), row) > 0) return true;
  }
  return false;
}

/** Whether a row of one is a sum of rows of the other, each times a number. Both must have been measured everywhere. */
export function mixedInPlace(a: Responses, b: Responses): boolean {
  const { columns } = a;
  if (Math.min(a.neurons, columns - 1 - fewestFree) < 2 || a.neurons > Math.min(mostMixed, columns / 2)) return false;
  const rows = Array.from({ length: a.neurons }, (_, neuron) => rowOf(a, neuron)).filter((row) =>
    row.every(Number.isFinite),
  );
  if (rows.length < 2) return false;
  const basis = spanOf([new Float64Array(columns).fill(1), ...rows]);
  if (columns - basis.length < fewestFree) return false;
  return Array.from({ length: Math.min(b.neurons, mostMixed) }, (_, neuron) => rowOf(b, neuron)).some(
    (row) => row.every(Number.isFinite) && isUncommon(row) && squares(without(row, basis)) < missed * varianceOf(row),
  );
}

const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value ** 2, 0);

function varianceOf(row: Float64Array): number {
  const centre = row.reduce((sum, value) => sum + value, 0) / row.length;
  return squares(row.map((value) => value - centre));
}

/**
 * Columns by the values that only one column of each holds, in single precision. Counts, their means and short decimals, which many
 * share, say nothing, nor does anything where values repeat, as those of a coarse scale do.
 */
function byValues(a: Responses, b: Responses): Int32Array {
  const none = new Int32Array(b.columns).fill(-1);
  const [held, asked] = [columnsByValue(a), columnsByValue(b)];
  if (!held || !asked) return none;
  const shared = [...asked].flatMap(([value, column]) => {
    const at = held.get(value);
    return at === undefined ? [] : [{ column, at }];
  });
  if (shared.length < Math.max(fewest, enough * asked.size)) return none;
  for (const { column, at } of shared) none[column] = at;
  return none;
}

/** Column of each telling value that lies in one alone; undefined where values repeat. */
function columnsByValue({ columns, values }: Responses): Map<number, number> | undefined {
  const places = new Map<number, number>();
  let repeated = 0;
  for (const [i, value] of values.entries()) {
    if (!Number.isFinite(value) || fractionOfFew(value)) continue;
    const single = Math.fround(value);
    if (places.has(single)) repeated++;
    places.set(single, places.has(single) ? -1 : i % columns);
  }
  if (repeated > mostRepeated * places.size) return undefined;
  for (const [value, column] of places) if (column < 0) places.delete(value);
  return places;
}

/**
 * Columns by the values of a row that two recordings hold in part, in whatever order and unit. A row that lies in several others in
 * different orders (all are ranks, or quantiles) finds nothing.
 */
function byPart(a: Responses, b: Responses): Int32Array {
  const rows = Array.from({ length: b.neurons }, (_, neuron) => rowOf(b, neuron))
    .filter(isUncommon)
    .slice(0, mostInPart);
  const compared = rows.length * a.neurons;
  const held = rows.length === 0 ? [] : Array.from({ length: a.neurons }, (_, neuron) => rowOf(a, neuron));
  for (const row of rows) {
    const found = theOnly(held.map((other) => samePart(other, row, compared)));
    if (found) return found;
  }
  return new Int32Array(b.columns).fill(-1);
}
