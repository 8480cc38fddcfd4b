import { withDecimals } from '../numbers.ts';
import { mean as meanOf } from '../statistics/correlation.ts';
import type { Workspace } from '../workspace.ts';
import { onlyCounts } from './digests.ts';
import { type RecordingIdentity, responsesOf } from './recording.ts';
import { fewestShared, sameMeasurements } from './same-rows.ts';

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
export function matchNeurons(
  from: RecordingIdentity,
  to: RecordingIdentity,
  workspace: Pick<Workspace, 'objects'>,
): Int32Array {
  const place = new Map(from.neurons.map((digest, i) => [digest, i]));
  const byDigest = Int32Array.from(to.neurons, (digest) => place.get(digest) ?? -1);
  const named = byDigest.some((at) => at >= 0);
  if (from.recording === to.recording || (named && !onlyCounts(to.names ?? []))) return byDigest;
  const shared = sharedStimuli(from, to);
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
 * Digests of the stimuli at which two recordings hold the same measurements of the same neurons: trials of one are trials of the
 * other, in whatever release, order, selection or unit they lie. Stimuli that were shown to the same neurons again are not.
 */
export function sameTrials(
  a: RecordingIdentity,
  b: RecordingIdentity,
  workspace: Pick<Workspace, 'objects'>,
): ReadonlySet<string> {
  if (a.recording === b.recording) return new Set(b.stimuli);
  const shared = sharedStimuli(a, b);
  const digests = shared.map(([, [first]]) => b.stimuli[first]);
  if (digests.length === 0) return new Set();
  const at = matchNeurons(a, b, workspace);
  const sides = [a, b].map((identity, side) => ({ identity, groups: shared.map((pair) => pair[side]) }));
  if (at.every((place) => place < 0)) return new Set(shareRepeats(sides, workspace) ? digests : []);
  const [left, right] = sides.map(({ identity, groups }) => meansAt(identity, groups, workspace));
  const pairs = Array.from(at, (from, to) => ({ from, to })).filter(({ from }) => from >= 0);
  const same = pairs.some(({ from, to }) => sameMeasurements(rowOf(left, from), rowOf(right, to)) > 0);
  if (same || shareRepeats(sides, workspace)) return new Set(digests);
  return new Set(digests.filter((_, s) => pairs.every(({ from, to }) => equalAt(left, from, right, to, s))));
}

/** Whether one repeat of one neuron, or its mean, lies in the other recording: a copy that keeps the first presentations alone. */
function shareRepeats(
  sides: { identity: RecordingIdentity; groups: number[][] }[],
  workspace: Pick<Workspace, 'objects'>,
): boolean {
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
function sharedStimuli(a: RecordingIdentity, b: RecordingIdentity): [number[], number[]][] {
  const inA = columnsByStimulus(a);
  return [...columnsByStimulus(b)].flatMap(([digest, columns]): [number[], number[]][] => {
    const others = inA.get(digest);
    return others ? [[others, columns]] : [];
  });
}

function columnsByStimulus({ stimuli }: RecordingIdentity): Map<string, number[]> {
  const columns = new Map<string, number[]>();
  for (const [i, digest] of stimuli.entries()) columns.set(digest, [...(columns.get(digest) ?? []), i]);
  return columns;
}

/** Means over the repeats of each group of columns; of one repeat alone where it is given. */
function meansAt(
  identity: RecordingIdentity,
  groups: number[][],
  workspace: Pick<Workspace, 'objects'>,
  repeat?: number,
): Rows {
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
