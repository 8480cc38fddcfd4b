import { withDecimals } from '../numbers.ts';
import { mean as meanOf } from '../statistics/correlation.ts';
import type { Workspace } from '../workspace.ts';
import { onlyCounts } from './digests.ts';
import { lookAlikes } from './look-alikes.ts';
import { type RecordingIdentity, responsesOf } from './recording.ts';
import type { Responses } from './responses.ts';
import { mixedInPlace, sameColumns } from './same-columns.ts';
import { fewestShared, sameMeasurements } from './same-rows.ts';

type Store = Pick<Workspace, 'objects'>;

/** Repeats that are compared one by one, beside their mean. */
const mostRepeats = 20;

/** Rows of responses over stimuli that two recordings have in common, C order [neuron × stimulus], mean over repeats. */
interface Rows {
  neurons: number;
  stimuli: number;
  mean: Float64Array;
}

/**
 * Which neuron of `from` each neuron of `to` is, −1 where it is none that can be shown to be the same: by digest (a name, or a
 * place in the very same responses), else by content, where its responses to the stimuli that both recordings hold are those of
 * one neuron of `from` and of no other, in whatever unit, precision and order they lie. Equal counts prove nothing, and names that
 * only count say less than responses do.
 */
export function matchNeurons(from: RecordingIdentity, to: RecordingIdentity, workspace: Store): Int32Array {
  const place = new Map(from.neurons.map((digest, i) => [digest, i]));
  const byDigest = Int32Array.from(to.neurons, (digest) => place.get(digest) ?? -1);
  const named = byDigest.some((at) => at >= 0);
  if (from.recording === to.recording || (named && !onlyCounts(to.names ?? []))) return byDigest;
  const shared = sharedStimuli(from, to, workspace);
  if (shared.length < fewestShared) return byDigest;
  const rows = (identity: RecordingIdentity, side: 0 | 1) =>
    meansAt(
      identity,
      shared.map((pair) => pair[side]),
      workspace,
    );
  const found = byContent(rows(from, 0), rows(to, 1));
  return named && found.every((at) => at < 0) ? byDigest : found;
}

/**
 * For each column of `b` the columns of `a` whose trials are its trials: the same measurements, in whatever release, order,
 * selection, unit or mixture they lie, and whatever pictures are said to have been shown. Stimuli that were shown to the same
 * neurons again are not.
 */
export function sameTrials(a: RecordingIdentity, b: RecordingIdentity, workspace: Store): readonly number[][] {
  const name = `${a.recording} ${a.pictures} ${a.stimuli.length} ${b.recording} ${b.pictures}`;
  const found = known.get(name) ?? trialsOf(a, b, workspace);
  known.set(name, found);
  return found;
}

/** By what was recorded and shown. Objects' bytes are their names, so that nothing in here can be out of date. */
const known = new Map<string, readonly number[][]>();

function trialsOf(a: RecordingIdentity, b: RecordingIdentity, workspace: Store): number[][] {
  const places = columnsByStimulus(a.stimuli);
  const as = stimuliAs(a, b, workspace);
  const shared = a.recording === b.recording ? new Set(as) : sharedTrials(a, b, workspace);
  const found = as.map((stimulus) => (shared.has(stimulus) ? (places.get(stimulus) ?? []) : []));
  if (a.recording === b.recording) return found.map((own, column) => (own.includes(column) ? own : [...own, column]));
  if (found.every(({ length }) => length > 0)) return found;
  const [left, right] = [a, b].map((identity) => variantsOf(identity, workspace));
  for (const [i, one] of left.entries())
    for (const [j, other] of right.entries()) {
      // Parts of single repeats are looked for only where one side has no more: there are many pairs of them.
      const parts = (i === 0 && j === 0) || Math.min(left.length, right.length) === 1;
      for (const [column, place] of sameColumns(one, other, { parts }).entries())
        if (place >= 0 && found[column].length === 0) found[column] = [place];
    }
  return found;
}

/** Responses of a recording as they may lie elsewhere: their means, and each repeat. */
function variantsOf(identity: RecordingIdentity, workspace: Store): Responses[] {
  const groups = Array.from(identity.stimuli, (_, column) => [column]);
  const repeats =
    identity.repeats < 2 ? [] : Array.from({ length: Math.min(identity.repeats, mostRepeats) }, (_, i) => i);
  return [undefined, ...repeats].map((repeat) => {
    const { neurons, stimuli, mean } = meansAt(identity, groups, workspace, repeat);
    return { neurons, columns: stimuli, values: mean };
  });
}

/** Stimuli, as `a` calls them, at which both hold the same measurements of the same neurons. */
function sharedTrials(a: RecordingIdentity, b: RecordingIdentity, workspace: Store): ReadonlySet<string> {
  const shared = sharedStimuli(a, b, workspace);
  const digests = shared.map(([[first]]) => a.stimuli[first]);
  if (digests.length === 0) return new Set();
  const at = matchNeurons(a, b, workspace);
  const sides = [a, b].map((identity, side) => ({ identity, groups: shared.map((pair) => pair[side]) }));
  const [left, right] = sides.map(({ identity, groups }) => meansAt(identity, groups, workspace));
  const form = ({ neurons, stimuli, mean }: Rows): Responses => ({ neurons, columns: stimuli, values: mean });
  if (shareRepeats(sides, workspace) || mixedInPlace(form(left), form(right))) return new Set(digests);
  const pairs = Array.from(at, (from, to) => ({ from, to })).filter(({ from }) => from >= 0);
  if (pairs.length === 0) return new Set();
  if (pairs.some(({ from, to }) => sameMeasurements(rowOf(left, from), rowOf(right, to)) > 0)) return new Set(digests);
  return new Set(digests.filter((_, s) => pairs.every(({ from, to }) => equalAt(left, from, right, to, s))));
}

/** The stimuli of `b` by the names that `a` has for them: equal ones, and its pictures in disguise. */
function stimuliAs(a: RecordingIdentity, b: RecordingIdentity, workspace: Store): string[] {
  const own = new Set(a.stimuli);
  if (!a.pictures || !b.pictures || b.stimuli.every((digest) => own.has(digest))) return b.stimuli;
  const places = lookAlikes(a.pictures, b.pictures, workspace);
  if (!places) return b.stimuli;
  return b.stimuli.map((digest, column) =>
    own.has(digest) || places[column] < 0 ? digest : a.stimuli[places[column]],
  );
}

/** Whether one repeat of one neuron, or its mean, lies in the other recording: a copy that keeps the first presentations alone. */
function shareRepeats(sides: { identity: RecordingIdentity; groups: number[][] }[], workspace: Store): boolean {
  const [left, right] = sides.map(({ identity, groups }) => {
    if (identity.repeats < 2) return keysOf(meansAt(identity, groups, workspace));
    const single = Array.from({ length: Math.min(identity.repeats, mostRepeats) }, (_, repeat) =>
      keysOf(meansAt(identity, groups, workspace, repeat)),
    );
    return [...keysOf(meansAt(identity, groups, workspace)), ...single.flat()];
  });
  const known = new Set(left);
  return right.some((key) => known.has(key));
}

/** Rows as texts of their shape: equal for one row in two units. Rows of few values, or that do not vary, are left out. */
function keysOf(rows: Rows): string[] {
  return Array.from({ length: rows.neurons }, (_, neuron) => rowOf(rows, neuron)).flatMap((row) => {
    const measured = row.filter(Number.isFinite);
    const centre = meanOf(measured);
    const length = Math.sqrt(measured.reduce((sum, value) => sum + (value - centre) ** 2, 0));
    const short = new Set(measured).size < 3 * fewestShared || !(length > 1e-12 * Math.max(1, Math.abs(centre)));
    return short ? [] : [Array.from(row, (value) => withDecimals((value - centre) / length, 5)).join(' ')];
  });
}

/** Whether two cells hold one number, up to single precision. */
function equalAt(a: Rows, i: number, b: Rows, j: number, s: number): boolean {
  const [x, y] = [a.mean[i * a.stimuli + s], b.mean[j * b.stimuli + s]];
  return Math.fround(x) === Math.fround(y) || (Number.isNaN(x) && Number.isNaN(y));
}

/** [columns in `a`, columns in `b`] of each stimulus that both recordings hold; copies of one are several columns. */
function sharedStimuli(a: RecordingIdentity, b: RecordingIdentity, workspace: Store): [number[], number[]][] {
  const inA = columnsByStimulus(a.stimuli);
  return [...columnsByStimulus(stimuliAs(a, b, workspace))].flatMap(([digest, columns]): [number[], number[]][] => {
    const others = inA.get(digest);
    return others ? [[others, columns]] : [];
  });
}

function columnsByStimulus(stimuli: readonly string[]): Map<string, number[]> {
  const columns = new Map<string, number[]>();
  for (const [i, digest] of stimuli.entries()) {
    const own = columns.get(digest);
    if (own) own.push(i);
    else columns.set(digest, [i]);
  }
  return columns;
}

/** Means over the repeats of each group of columns; of one repeat alone where it is given. */
function meansAt(identity: RecordingIdentity, groups: number[][], workspace: Store, repeat?: number): Rows {
  const { shape, data } = responsesOf(identity, workspace);
  const [neurons, all, repeats = 1] = shape;
  const mean = new Float64Array(neurons * groups.length);
  for (let neuron = 0; neuron < neurons; neuron++)
    for (const [s, columns] of groups.entries()) {
      const cells = columns.flatMap((column) => {
        const start = (neuron * all + column) * repeats + (repeat ?? 0);
        return Array.from(data.subarray(start, start + (repeat === undefined ? repeats : 1)), Number);
      });
      mean[neuron * groups.length + s] = meanOf(cells.filter(Number.isFinite));
    }
  return { neurons, stimuli: groups.length, mean };
}

const rowOf = ({ stimuli, mean }: Rows, neuron: number) => mean.subarray(neuron * stimuli, (neuron + 1) * stimuli);

/** For each row of `to` the only row of `from` that holds the same measurements; −1 where there is none, or several. */
function byContent(from: Rows, to: Rows): Int32Array {
  return Int32Array.from({ length: to.neurons }, (_, neuron) => {
    const row = rowOf(to, neuron);
    const alike = Array.from({ length: from.neurons }, (__, other) => sameMeasurements(rowOf(from, other), row));
    const best = Math.max(...alike);
    const places = [...alike.keys()].filter((other) => alike[other] === best);
    return best > 0 && places.length === 1 ? places[0] : -1;
  });
}
