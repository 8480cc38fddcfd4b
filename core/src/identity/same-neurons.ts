import { mean as meanOf } from '../statistics/correlation.ts';
import type { Workspace } from '../workspace.ts';
import { type RecordingIdentity, responsesOf } from './recording.ts';

/** Fewest different stimuli in common from which two unnamed rows of responses can be shown to be one neuron. */
const fewestShared = 4;
/** Largest 1 − r² between two rows that are the same measurements in another unit or precision. */
const rounding = 1e-9;

/** Rows of responses over stimuli that two recordings have in common, C order [neuron × stimulus], mean over repeats. */
interface Rows {
  neurons: number;
  stimuli: number;
  mean: Float64Array;
}

/**
 * Which neuron of `from` each neuron of `to` is, −1 where it is none that can be shown to be the same: by digest (a name, or a
 * place in the very same responses), else by content, where its responses to the stimuli that both recordings hold are those of
 * one neuron of `from` and of no other, in whatever unit and order they lie. Equal counts prove nothing.
 */
export function matchNeurons(
  from: RecordingIdentity,
  to: RecordingIdentity,
  workspace: Pick<Workspace, 'objects'>,
): Int32Array {
  const place = new Map(from.neurons.map((digest, i) => [digest, i]));
  const byDigest = Int32Array.from(to.neurons, (digest) => place.get(digest) ?? -1);
  if (byDigest.some((at) => at >= 0)) return byDigest;
  const shared = sharedStimuli(from, to);
  if (shared.length < fewestShared) return byDigest;
  const rows = (identity: RecordingIdentity, side: 0 | 1) =>
    meansAt(
      identity,
      shared.map((pair) => pair[side]),
      workspace,
    );
  return byContent(rows(from, 0), rows(to, 1));
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
  const inA = new Set(a.stimuli);
  const digests = [...new Set(b.stimuli)].filter((digest) => inA.has(digest));
  const at = matchNeurons(a, b, workspace);
  if (digests.length === 0 || at.every((place) => place < 0)) return new Set();
  const shared = sharedStimuli(a, b);
  const [left, right] = [
    meansAt(
      a,
      shared.map(([columns]) => columns),
      workspace,
    ),
    meansAt(
      b,
      shared.map(([, columns]) => columns),
      workspace,
    ),
  ];
  const pairs = Array.from(at, (from, to) => ({ from, to })).filter(({ from }) => from >= 0);
  const shape = pairs.some(({ from, to }) => {
    const [x, y] = [standardise(left, from), standardise(right, to)];
    return x !== undefined && y !== undefined && sameShape(x, y);
  });
  return new Set(digests.filter((_, s) => shape || pairs.every(({ from, to }) => equalAt(left, from, right, to, s))));
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

function meansAt(identity: RecordingIdentity, groups: number[][], workspace: Pick<Workspace, 'objects'>): Rows {
  const { shape, data } = responsesOf(identity, workspace);
  const [neurons, all, repeats = 1] = shape;
  const mean = new Float64Array(neurons * groups.length);
  for (let neuron = 0; neuron < neurons; neuron++)
    for (const [s, columns] of groups.entries()) {
      const cells = columns.flatMap((column) => {
        const start = (neuron * all + column) * repeats;
        return Array.from(data.subarray(start, start + repeats), Number);
      });
      mean[neuron * groups.length + s] = meanOf(cells.filter(Number.isFinite));
    }
  return { neurons, stimuli: groups.length, mean };
}

/** For each row of `to` the only row of `from` that has the same shape over the stimuli; −1 where there is none, or several. */
function byContent(from: Rows, to: Rows): Int32Array {
  const standard = (rows: Rows) => Array.from({ length: rows.neurons }, (_, i) => standardise(rows, i));
  const [left, right] = [standard(from), standard(to)];
  return Int32Array.from(right, (row) => {
    if (!row) return -1;
    const equal = left.flatMap((other, i) => (other && sameShape(other, row) ? [i] : []));
    return equal.length === 1 ? equal[0] : -1;
  });
}

/** A row with mean 0 and squares that add up to 1, NaN kept; undefined without four measured values that vary. */
function standardise({ stimuli, mean }: Rows, neuron: number): Float64Array | undefined {
  const row = mean.slice(neuron * stimuli, (neuron + 1) * stimuli);
  const measured = row.filter(Number.isFinite);
  if (measured.length < fewestShared) return undefined;
  const centre = measured.reduce((sum, value) => sum + value, 0) / measured.length;
  const length = Math.sqrt(measured.reduce((sum, value) => sum + (value - centre) ** 2, 0));
  if (!(length > 1e-12 * Math.max(1, Math.abs(centre)))) return undefined;
  return row.map((value) => (value - centre) / length);
}

function sameShape(a: Float64Array, b: Float64Array): boolean {
  let product = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isFinite(a[i]) !== Number.isFinite(b[i])) return false;
    if (Number.isFinite(a[i])) product += a[i] * b[i];
  }
  return product > 0 && 1 - product * product < rounding;
}
