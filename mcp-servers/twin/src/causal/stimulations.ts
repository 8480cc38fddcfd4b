import { mean, pearson } from '@bregma/core/statistics/correlation';

/** Measured responses of neurons to the stimulation of each of them, [responding × stimulated]; NaN: not measured. */
export interface CausalMatrix {
  names: string[];
  responses: Float64Array;
}

/** What a twin is fitted to, one column a stimulation; a column may come twice, once mirrored. */
export interface Stimulations {
  neurons: number;
  /** Stimulated neuron of each column. */
  stimulated: Int32Array;
  /** [neuron × column], in standard deviations, each neuron's own mean taken off; 0 where not measured. */
  responses: Float64Array;
  /** [neuron × column]: how often the entry counts; 0: not measured, or the stimulated neuron itself. */
  counts: Float64Array;
  /** What each neuron does whichever other one is stimulated, in the unit of the data, shrunk by its own noise. */
  offset: Float64Array;
  /** Standard deviation of all responses, in the unit of the data. */
  scale: number;
}

/** Responses beyond this many standard deviations count as this many: single averages reach 25. */
const winsorAt = 3;

/** Columns with at least one measured response of another neuron. */
export function stimulatedNeurons({ names, responses }: CausalMatrix): number[] {
  const n = names.length;
  return names
    .map((_, column) => column)
    .filter((column) => names.some((__, row) => row !== column && !Number.isNaN(responses[row * n + column])));
}

/**
 * Prepares columns for fitting. Nothing outside `columns` is read. The offset of a neuron is its mean response, shrunk toward 0
 * by the share of the spread between neurons that is more than sampling noise (James–Stein; Efron & Morris 1975, JASA 70:311).
 * bilateral: every stimulation is also seen in the mirror, left and right neurons exchanged.
 */
export function prepareStimulations(
  { names, responses }: CausalMatrix,
  columns: ArrayLike<number>,
  { bilateral }: { bilateral: boolean },
): Stimulations {
  const n = names.length;
  const K = columns.length;
  const at = (i: number, k: number) => (i === columns[k] ? Number.NaN : responses[i * n + columns[k]]);
  const scale = deviation(n, K, at);
  const mirror = bilateral ? mirrorOf(names) : undefined;
  const total = mirror ? 2 * K : K;
  const out: Stimulations = {
    neurons: n,
    stimulated: Int32Array.from({ length: total }, (_, k) => (k < K || !mirror ? columns[k] : mirror[columns[k - K]])),
    responses: new Float64Array(n * total),
    counts: new Float64Array(n * total),
    offset: new Float64Array(n),
    scale,
  };
  const measured = new Float64Array(n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < K; k++) {
      const value = at(i, k);
      if (Number.isNaN(value)) continue;
      measured[i]++;
      out.counts[i * total + k] = 1;
      out.responses[i * total + k] = Math.max(-winsorAt, Math.min(winsorAt, value / scale));
      sum += out.responses[i * total + k];
    }
    if (measured[i] === 0) continue;
    out.offset[i] = sum / measured[i];
    for (let k = 0; k < K; k++) {
      if (out.counts[i * total + k] === 0) continue;
      out.responses[i * total + k] -= out.offset[i];
      squares += out.responses[i * total + k] ** 2;
    }
  }
  shrink(out.offset, measured, squares, scale);
  if (mirror)
    for (let i = 0; i < n; i++)
      for (let k = 0; k < K; k++) {
        out.responses[mirror[i] * total + K + k] = out.responses[i * total + k];
        out.counts[mirror[i] * total + K + k] = out.counts[i * total + k];
      }
  return out;
}

function deviation(n: number, K: number, at: (i: number, k: number) => number): number {
  const values: number[] = [];
  for (let i = 0; i < n; i++) for (let k = 0; k < K; k++) if (!Number.isNaN(at(i, k))) values.push(at(i, k));
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
}

/** Offsets from means in standard deviations to shrunk ones in the unit of the data, in place. */
function shrink(offset: Float64Array, measured: Float64Array, squares: number, scale: number): void {
  const known = Array.from(offset.keys()).filter((i) => measured[i] > 0);
  const entries = known.reduce((sum, i) => sum + measured[i], 0);
  const variance = squares / Math.max(1, entries - known.length);
  const centre = mean(known.map((i) => offset[i]));
  const spread = known.reduce((sum, i) => sum + (offset[i] - centre) ** 2, 0) / Math.max(1, known.length - 1);
  const between = Math.max(0, spread - mean(known.map((i) => variance / measured[i])));
  for (const i of known) offset[i] *= (scale * between) / (between + variance / measured[i]);
}

/**
 * The neuron on the other side of each, itself where there is none: names that end in L and R are pairs when both exist. The worm
 * is bilaterally symmetric but for few neurons (White et al. 1986, Phil Trans R Soc B 314:1).
 */
export function mirrorOf(names: string[]): Int32Array {
  const index = new Map(names.map((name, i) => [name, i]));
  return Int32Array.from(names, (name, i) => {
    const side = name.at(-1);
    if (side !== 'L' && side !== 'R') return i;
    return index.get(name.slice(0, -1) + (side === 'L' ? 'R' : 'L')) ?? i;
  });
}

/** r between the response of each pair and that of the pair in the mirror; null where the names have no sides. */
export function leftRightAgreement(matrix: CausalMatrix): { pearson: number | null; pairs: number } {
  const { names, responses } = matrix;
  const n = names.length;
  const mirror = mirrorOf(names);
  const [here, there]: [number[], number[]] = [[], []];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const other = mirror[i] * n + mirror[j];
      // Each pair of pairs once, and nothing with itself.
      if (i === j || i * n + j >= other || mirror[i] === mirror[j]) continue;
      if (Number.isNaN(responses[i * n + j]) || Number.isNaN(responses[other])) continue;
      here.push(responses[i * n + j]);
      there.push(responses[other]);
    }
  const r = pearson(here, there);
  return { pearson: Number.isFinite(r) ? r : null, pairs: here.length };
}
