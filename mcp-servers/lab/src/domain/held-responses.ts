import { groupCopies } from '@bregma/core/identity/copies';
import type { Responses } from '@bregma/core/identity/responses';
import { sameColumns } from '@bregma/core/identity/same-columns';
import { samePart } from '@bregma/core/identity/same-part';
import { affine, numericColumns } from '@bregma/core/questions/changed-rows';
import { holdsRowsOf } from '@bregma/core/questions/same-rows';
import type { Columns } from '@bregma/core/questions/sample';
import { mean } from '@bregma/core/statistics/correlation';
import { measuredSlots, type Recording, responsesAt } from './recording.ts';

/** Neurons that are looked for in another unit, and series of a table in which they are. */
const most = { neurons: 50, series: 200, repeats: 20 };
/** Rows of a table at least that one label must have. */
const fewestRows = 8;

/** Responses of some stimuli as another table may hold them. */
export interface Sought {
  /** Single responses, and their means over repeats, each as one column. */
  numbers: Columns[];
  /** Means over repeats, and each repeat, [neuron × stimulus]: of these stimuli, and of all. */
  whole: Responses[];
}

/** What is looked for of a recording. */
export function soughtOf(recording: Recording, stimuli: number[]): Sought {
  const tested = stimuli.filter((one) => one < recording.stimuli);
  const all = Array.from({ length: recording.stimuli }, (_, i) => i);
  const sets = tested.length < all.length ? [tested, all] : [all];
  return { numbers: numbersOf(recording, tested), whole: sets.flatMap((set) => variantsOf(recording, set)) };
}

/** Whether a table holds them: number by number, rounded too, or as series of a neuron in another unit, order or mixture. */
export function holdsResponses(held: Columns, { numbers, whole }: Sought): boolean {
  if (numbers.some((one) => holdsRowsOf(held, one))) return true;
  const series = seriesOf(held);
  return whole.some((responses) => holdsSeries(series, responses, whole.length));
}

/** variants: how often the same series are looked for, which share the work. */
function holdsSeries(series: Float64Array[], responses: Responses, variants: number): boolean {
  const { columns, neurons, values } = responses;
  const alike = (length: number) => series.filter((one) => one.length === length).slice(0, most.series);
  const known = (of: Responses, rows: Float64Array[]) =>
    rows.length > 0 &&
    sameColumns(of, { neurons: rows.length, columns: of.columns, values: joined(rows) }).some((at) => at >= 0);
  if (known(responses, alike(columns))) return true;
  const inOne = [values, turned(responses)].map((all) => ({ neurons: 1, columns: all.length, values: all }));
  if (neurons > 1 && inOne.some((one) => known(one, alike(one.columns)))) return true;
  const rows = Array.from({ length: Math.min(neurons, most.neurons) }, (_, neuron) =>
    values.subarray(neuron * columns, (neuron + 1) * columns),
  );
  const parts = series.filter(({ length }) => length !== columns).slice(0, most.neurons);
  const compared = parts.length * rows.length * variants;
  const isIn = (one: Float64Array) => (row: Float64Array) =>
    (one.length < columns && affine(row, one)) || samePart(row, one, compared);
  return parts.some((one) => rows.some(isIn(one)));
}

/** Numeric columns of a table, whole and for each level of a column that has few. */
function seriesOf(table: Columns): Float64Array[] {
  const whole = numericColumns(table);
  const labels = Object.values(table).filter((values) => {
    const levels = new Set(values).size;
    return levels > 1 && levels <= values.length / fewestRows && levels <= most.series;
  });
  const parts = labels.flatMap((label) => {
    const { members } = groupCopies(label.map(String));
    return whole.flatMap((column) => members.map((rows) => Float64Array.from(rows, (row) => column[row])));
  });
  return [...whole, ...parts];
}

function joined(rows: Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}

/** [stimulus × neuron] */
function turned({ neurons, columns, values }: Responses): Float64Array {
  return Float64Array.from(values, (_, i) => values[(i % neurons) * columns + Math.floor(i / neurons)]);
}

function variantsOf(recording: Recording, stimuli: number[]): Responses[] {
  const { neurons, slots } = recording;
  const repeats = slots < 2 ? [] : Array.from({ length: Math.min(slots, most.repeats) }, (_, slot) => [slot]);
  const all = Array.from({ length: slots }, (_, slot) => slot);
  return [all, ...repeats].map((own) => {
    const values = new Float64Array(neurons * stimuli.length);
    for (const [column, stimulus] of stimuli.entries()) {
      const trials = own.map((slot) => responsesAt(recording, stimulus, slot));
      for (let neuron = 0; neuron < neurons; neuron++)
        values[neuron * stimuli.length + column] = mean(trials.map((trial) => trial[neuron]).filter(Number.isFinite));
    }
    return { neurons, columns: stimuli.length, values };
  });
}

function numbersOf(recording: Recording, stimuli: number[]): Columns[] {
  const [single, means]: [number[], number[]] = [[], []];
  for (const stimulus of stimuli) {
    const trials = measuredSlots(recording, stimulus).map((slot) => responsesAt(recording, stimulus, slot));
    single.push(...trials.flatMap((trial) => [...trial].filter(Number.isFinite)));
    if (trials.length > 1)
      for (let neuron = 0; neuron < recording.neurons; neuron++)
        means.push(mean(trials.map((trial) => trial[neuron]).filter(Number.isFinite)));
  }
  return [{ value: single }, ...(means.length > 0 ? [{ value: means.filter(Number.isFinite) }] : [])];
}
