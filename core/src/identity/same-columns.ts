import { spanOf, without } from '../statistics/least-squares.ts';
import { sameMeasurements } from './same-rows.ts';
import { fractionOfFew, isUncommon } from './telling.ts';

/** Responses, C order [neuron × column]; NaN where nothing was measured. */
export interface Responses {
  neurons: number;
  columns: number;
  values: Float64Array;
}

/** Multiplications that one comparison may take; beyond, rows at even steps stand for all. */
const mostWork = 1e9;
/** Share of the telling values of some columns that must lie in another recording for it to be one of them: chance gives far less. */
const enough = 0.1;
/** Share of values that may stand in several places where values tell columns; and how many must be shared at least. */
const mostRepeated = 0.01;
const fewest = 4;
/** Rows of which mixtures are looked for, at most. */
const mostMixed = 300;
/** Largest part of the variance of a row that its mixture may miss. */
const missed = 1e-6;
/** Degrees of freedom at least that a mixture must leave: 1 − r² of unrelated rows is below `missed` with 1e-6 to half of them. */
const fewestFree = 6;

/**
 * For each column of `b` a column of `a` that holds the same measurements, −1 where there is none that can be shown to: by what was
 * measured alone, whatever was shown, whoever the neurons are. Known again are rows at their places in another unit, rounded, or
 * through a rising function, and mixtures of rows (a mean taken off, components); values of single columns in any order and
 * selection; and rows in another order and unit.
 */
export function sameColumns(a: Responses, b: Responses): Int32Array {
  const found = byValues(a, b);
  const open = () => found.some((place) => place < 0);
  if (open() && a.columns === b.columns && (sameInPlace(a, b) || mixedInPlace(a, b)))
    return found.map((_, column) => column);
  if (open() && a.columns === b.columns) byOrder(a, b)?.forEach((place, column) => (found[column] = place));
  return found;
}

const rowOf = ({ columns, values }: Responses, neuron: number) =>
  values.subarray(neuron * columns, (neuron + 1) * columns);

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

/** Columns by their ranks in a row that two recordings hold in different orders and units: one whose form is the same to 1e-9. */
function byOrder(a: Responses, b: Responses): Int32Array | undefined {
  const forms = new Map<string, { neuron: number; turned: boolean }[]>();
  for (let neuron = 0; neuron < a.neurons; neuron++)
    for (const turned of [false, true]) {
      const form = formOf(rowOf(a, neuron), turned);
      if (form) for (const key of keysNear(form)) forms.set(key, [...(forms.get(key) ?? []), { neuron, turned }]);
    }
  for (let neuron = 0; neuron < b.neurons; neuron++) {
    const row = rowOf(b, neuron);
    const form = formOf(row, false);
    for (const { neuron: other, turned } of (form && forms.get(keysNear(form)[0])) ?? []) {
      const [mine, theirs] = [orderOf(row, false), orderOf(rowOf(a, other), turned)];
      const inOrder = (of: Float64Array, order: Int32Array) => Float64Array.from(order, (column) => of[column]);
      if (sameMeasurements(inOrder(row, mine), inOrder(rowOf(a, other), theirs)) < 2) continue;
      const found = new Int32Array(row.length);
      mine.forEach((column, rank) => {
        found[column] = theirs[rank];
      });
      return found;
    }
  }
  return undefined;
}

const orderOf = (row: Float64Array, turned: boolean) =>
  Int32Array.from(row.keys()).sort((i, j) => (turned ? row[j] - row[i] : row[i] - row[j]));

/** Skewness and kurtosis of a row that was measured everywhere and of which hardly two values are equal: neither knows unit or order. */
function formOf(row: Float64Array, turned: boolean): [number, number] | undefined {
  if (!row.every(Number.isFinite) || !isUncommon(row) || new Set(row).size < 0.9 * row.length) return undefined;
  const centre = row.reduce((sum, value) => sum + value, 0) / row.length;
  const spread = Math.sqrt(varianceOf(row) / row.length);
  const moment = (power: number) =>
    row.reduce((sum, value) => sum + ((value - centre) / spread) ** power, 0) / row.length;
  const skew = turned ? -moment(3) : moment(3);
  return spread > 0 ? [skew, moment(4)] : undefined;
}

/** Names of the fields of a grid of 1e-4 in which a form lies, or nearly lies: its own field first. */
function keysNear(form: readonly [number, number]): string[] {
  const fields = form.map((value) => [...new Set([0, -0.01, 0.01].map((aside) => Math.floor(value / 1e-4 + aside)))]);
  return fields[0].flatMap((x) => fields[1].map((y) => `${x} ${y}`));
}
