import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import { type NpyArray, parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';
import type { ImageStack } from './encoding/features.ts';

export { type ConnectomeData, loadConnectome } from './load-connectome.ts';

/** A recording of neurons that were shown images. */
export interface EncodingData {
  release: DatasetRelease;
  reference: string;
  images: ImageStack;
  neurons: number;
  /** Mean over the measured repeats, [neuron × stimulus]; NaN: not measured. */
  responses: Float64Array;
  /** [neuron × stimulus × repeat]; NaN: that repeat was not measured. */
  trials: Float64Array;
  repeats: number;
  unitNames: string[];
}

function arrayOf(release: DatasetRelease, name: string, workspace: Workspace): NpyArray {
  const array = release.arrays.find((candidate) => candidate.name === name);
  if (!array)
    throw new BregmaError('bad-input', `${datasetRef(release)} has no array '${name}'.`, {
      next: 'Call describe_data to see its parts.',
    });
  return parseNpy(workspace.objects.get(array.object), `${datasetRef(release)} ${name}`);
}

function wantShape(release: DatasetRelease, shape: DatasetRelease['shape'], what: string): void {
  if (release.shape === shape) return;
  throw new BregmaError('bad-input', `${datasetRef(release)} is of shape ${release.shape}; ${what} needs ${shape}.`, {
    next: "Call find_data; your own images and responses are added with add_data and format 'stimulus-response'.",
  });
}

/** Opens a stimulus-response release. Throws `bad-input` when it has another shape or its parts do not fit. */
export function loadEncoding(reference: string, workspace: Workspace): EncodingData {
  const release = findDataset(workspace.ledger, reference);
  wantShape(release, 'stimulus-response', 'an encoding twin');
  const stimuli = arrayOf(release, 'stimuli', workspace);
  const responses = arrayOf(release, 'responses', workspace);
  const [count, height, width, channels] = stimuli.shape;
  const [neurons, columns, repeats = 1] = responses.shape;
  if (stimuli.dtype !== 'u1' || channels !== 3 || columns !== count) {
    throw new BregmaError(
      'corrupt',
      `${datasetRef(release)}: stimuli [${stimuli.shape}] of ${stimuli.dtype} do not fit responses [${responses.shape}].`,
    );
  }
  const trials = Float64Array.from(responses.data as Float64Array);
  const unit = release.arrays.find(({ name }) => name === 'responses');
  return {
    release,
    reference: datasetRef(release),
    images: { data: stimuli.data as Uint8Array, count, height, width },
    neurons,
    trials,
    repeats,
    responses: repeats === 1 ? trials : meanOverRepeats(trials, repeats),
    unitNames: Array.from({ length: neurons }, (_, i) => `${unit?.axes[0] ?? 'neuron'} ${i + 1}`),
  };
}

function meanOverRepeats(trials: Float64Array, repeats: number): Float64Array {
  const out = new Float64Array(trials.length / repeats);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    let count = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const value = trials[i * repeats + repeat];
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    out[i] = count === 0 ? Number.NaN : sum / count;
  }
  return out;
}

/** Measured responses of every recorded neuron to the stimulation of every other. */
export interface CausalData {
  release: DatasetRelease;
  reference: string;
  names: string[];
  /** [responding × stimulated]; NaN: not measured. */
  responses: Float64Array;
  /** Which names are sure, where the data set says so. */
  confident?: boolean[];
  /** Correlation of activity [neuron × neuron], where the data set has it. */
  activityCorrelation?: Float64Array;
}

/** Opens a causal-responses release: a square matrix over the neurons of its table `neurons`. */
export async function loadCausal(reference: string, workspace: Workspace): Promise<CausalData> {
  const release = findDataset(workspace.ledger, reference);
  wantShape(release, 'causal-responses', 'validation against causal measurements');
  const { shape, data } = arrayOf(release, 'responses', workspace);
  const rows = await tableRows(release, 'neurons', workspace);
  const names = rows.map((row) => String(row.name ?? row.id));
  if (shape.length !== 2 || shape[0] !== names.length || shape[1] !== names.length) {
    throw new BregmaError(
      'corrupt',
      `${datasetRef(release)}: responses [${shape}] do not fit ${names.length} neurons.`,
    );
  }
  const activity = release.arrays.some(({ name }) => name === 'activity_correlation')
    ? arrayOf(release, 'activity_correlation', workspace)
    : undefined;
  return {
    release,
    reference: datasetRef(release),
    names,
    responses: Float64Array.from(data as Float64Array),
    confident: rows.every(({ confident }) => typeof confident === 'boolean')
      ? rows.map(({ confident }) => confident === true)
      : undefined,
    activityCorrelation:
      activity?.shape.join() === shape.join() ? Float64Array.from(activity.data as Float64Array) : undefined,
  };
}

export type Row = Record<string, unknown>;

export async function tableRows(release: DatasetRelease, name: string, workspace: Workspace): Promise<Row[]> {
  const table = release.tables.find((candidate) => candidate.name === name);
  if (!table) {
    throw new BregmaError('bad-input', `${datasetRef(release)} has no table '${name}'.`, {
      next: 'Call describe_data to see its parts.',
    });
  }
  const { parquetReadObjects } = await import('hyparquet');
  const bytes = workspace.objects.get(table.object);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file: buffer });
}
