import { sha256 } from '../canonical.ts';
import type { NpyArray } from '../npy.ts';

/** Digest of an array: element type, shape and values, whatever file it lay in. Big-endian and Fortran order are the same array. */
export function arrayDigest({ dtype, shape, data }: Pick<NpyArray, 'dtype' | 'shape' | 'data'>): string {
  return sha256(Buffer.concat([Buffer.from(`array ${dtype} ${shape.join(' × ')}\n`), bytesOf(data)]));
}

/**
 * Digest of each stimulus of a stack: its size and its pixels, and nothing of its name, its place or its file.
 * shape: [stimulus × y × x × …], data in that order.
 */
export function stimulusDigests({ shape, data }: Pick<NpyArray, 'shape' | 'data'>): string[] {
  const [count, ...size] = shape;
  const length = count === 0 ? 0 : data.length / count;
  const head = Buffer.from(`stimulus ${size.join(' × ')}\n`);
  return Array.from({ length: count }, (_, i) =>
    sha256(Buffer.concat([head, bytesOf(data.subarray(i * length, (i + 1) * length))])),
  );
}

/**
 * Digest of each neuron: its name where the data give one, else the recording and the place in it. Names that only count
 * ("1, 2, 3", "unit 0, unit 1") tell neurons apart within the releases of one data set; elsewhere equal counts prove nothing.
 */
export function neuronDigests(recording: {
  /** Data set, without its release. */
  id: string;
  /** Digest of the responses. */
  digest: string;
  neurons: number;
  names?: readonly string[];
}): string[] {
  const { names, id, digest, neurons } = recording;
  if (!names || new Set(names).size !== names.length)
    return Array.from({ length: neurons }, (_, place) => sha256(`neuron ${place} of recording ${digest}`));
  const within = onlyCounts(names) ? ` of ${id}` : '';
  return names.map((name) => sha256(`neuron ${JSON.stringify(name)}${within}`));
}

/** Whether names are one word, or none, with whole numbers that differ: what a program calls neurons that have no name. */
export function onlyCounts(names: readonly string[]): boolean {
  const words = names.map((name) =>
    /^(?:(?:cell|neuron|unit|roi|electrode|channel|site|n|u|c)[\s_.#-]*)?\d{1,5}$/i.test(name.trim()),
  );
  return words.every(Boolean);
}

/** Digest of one presentation: which recording, which stimulus, which of its repeats. */
export function trialDigest(trial: { recording: string; stimulus: string; repeat: number }): string {
  return sha256(`trial ${trial.repeat} of stimulus ${trial.stimulus} in recording ${trial.recording}`);
}

function bytesOf(data: NpyArray['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
