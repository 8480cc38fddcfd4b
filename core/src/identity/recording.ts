import type { DatasetRelease } from '../contracts/dataset.ts';
import { BregmaError } from '../errors.ts';
import { datasetRef } from '../ledger/catalogue.ts';
import { type NpyArray, parseNpy } from '../npy.ts';
import type { Workspace } from '../workspace.ts';
import { neuronDigests, stimulusDigests } from './digests.ts';
import { looksOf } from './look-alikes.ts';

/** Who was recorded, and what was shown, by content. */
export interface RecordingIdentity {
  /** `id@release`. */
  reference: string;
  /** Digest of the responses. */
  recording: string;
  /** [stimulus]: digest of each column's image, or of the neuron that was stimulated. */
  stimuli: string[];
  /**
   * [stimulus]: digest of the first picture that looks like it (brighter, of another contrast, compressed): what must not be on both
   * sides of a division, and is one unit. As `stimuli` where nothing looks alike, or all shades into each other.
   */
  looks: readonly string[];
  /** Object of the images, where stimuli are images. */
  pictures?: string;
  /** [neuron] */
  neurons: string[];
  /** Names as the data give them, [neuron]. */
  names?: string[];
  repeats: number;
}

type Store = Pick<Workspace, 'objects'>;

/** Digests by the object they were computed from. An object's bytes are its name, so that nothing in here can be out of date. */
const known = new Map<string, string[]>();

/**
 * Identity of a recording: a release of shape stimulus-response or causal-responses. Computed from its objects, whatever release
 * they were added with. Names come from table `neurons`, column `name`, else `id`. Throws `bad-input` for another shape.
 */
export async function identityOf(release: DatasetRelease, workspace: Store): Promise<RecordingIdentity> {
  const responses = release.arrays.find(({ name }) => name === 'responses');
  if (!responses)
    throw new BregmaError('bad-input', `${datasetRef(release)} has no responses: it is no recording.`, {
      next: 'Call describe_data to see its parts.',
    });
  const [count, columns, repeats = 1] = responses.shape;
  const names = await namesOf(release, count, workspace);
  const neurons = neuronDigests({ id: release.id, digest: responses.object, neurons: count, names });
  const images = release.arrays.find(({ name }) => name === 'stimuli');
  const stimuli = images ? imagesOf(images.object, workspace) : neurons;
  if (stimuli.length !== columns)
    throw new BregmaError('corrupt', `${datasetRef(release)} has ${columns} columns and ${stimuli.length} stimuli.`);
  return {
    reference: datasetRef(release),
    recording: responses.object,
    stimuli,
    looks: (images && looksOf(images.object, stimuli, workspace)) ?? stimuli,
    pictures: images?.object,
    neurons,
    names,
    repeats,
  };
}

function imagesOf(object: string, { objects }: Store): string[] {
  const found = known.get(object) ?? stimulusDigests(parseNpy(objects.get(object)));
  known.set(object, found);
  return found;
}

async function namesOf(release: DatasetRelease, count: number, { objects }: Store): Promise<string[] | undefined> {
  const table = release.tables.find(({ name }) => name === 'neurons');
  const column = ['name', 'id'].find((wanted) => table?.columns.some(({ name }) => name === wanted));
  if (!table || !column || table.rows !== count) return undefined;
  const found = known.get(`${table.object} ${column}`);
  if (found) return found;
  const { parquetReadObjects } = await import('hyparquet');
  const bytes = objects.get(table.object);
  // SAFETY: a Buffer of node:fs lies in an ArrayBuffer.
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const names = (await parquetReadObjects({ file, columns: [column] })).map((row) => String(row[column]));
  known.set(`${table.object} ${column}`, names);
  return names;
}

/** Measured responses of a recording, as stored: [neuron × stimulus × repeat], NaN where nothing was measured. */
export function responsesOf(identity: Pick<RecordingIdentity, 'recording'>, { objects }: Store): NpyArray {
  return parseNpy(objects.get(identity.recording));
}
