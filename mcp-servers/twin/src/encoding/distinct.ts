import { copiesInWords, groupCopies, type Units } from '@bregma/core/identity/copies';
import { identityOf, type RecordingIdentity } from '@bregma/core/identity/recording';
import { mean } from '@bregma/core/statistics/correlation';
import type { Workspace } from '@bregma/core/workspace';
import { type EncodingData, loadEncoding } from '../data.ts';
import { pickImages } from './features.ts';

/** A recording in which every stimulus is one, however often it lies there: copies are further presentations of it. */
export interface DistinctData extends EncodingData {
  /** Columns of the release that are one stimulus. */
  units: Units;
  /** [unit]: digest of the stimulus. */
  digests: string[];
  /** [unit]: digest of the first stimulus that looks the same; never on both sides of a division. */
  looks: string[];
  /** By content, over the columns of the release. */
  identity: RecordingIdentity;
  /** "900 different stimuli among 1200: …", and how many only look the same; undefined where all differ. */
  copies?: string;
}

/** Opens a recording and takes the copies of a stimulus for one. */
export async function loadDistinct(reference: string, workspace: Workspace): Promise<DistinctData> {
  const data = loadEncoding(reference, workspace);
  const identity = await identityOf(data.release, workspace);
  const units = groupCopies(identity.stimuli);
  const digests = units.members.map(([first]) => identity.stimuli[first]);
  const looks = units.members.map(([first]) => identity.looks[first]);
  const said = [copiesInWords(units, { one: 'stimulus', many: 'stimuli' }), alikeInWords(looks)].filter(Boolean);
  const copies = said.length > 0 ? said.join(' ') : undefined;
  return { ...(units.copies === 0 ? data : merge(data, units)), units, digests, looks, identity, copies };
}

/** "12 of 60 stimuli look like another: …"; undefined where none does. */
function alikeInWords(looks: readonly string[]): string | undefined {
  const alike = looks.length - new Set(looks).size;
  if (alike === 0) return undefined;
  return `${alike} of ${looks.length} stimuli look like one before them (brighter, of another contrast, compressed): they are kept, and fall on one side of every division.`;
}

/** The trials of all copies of a stimulus side by side; NaN where a stimulus was shown less often than the most shown one. */
function merge(data: EncodingData, { members }: Units): EncodingData {
  const { neurons, repeats, trials } = data;
  const columns = data.images.count;
  const most = repeats * Math.max(...members.map(({ length }) => length));
  const merged = new Float64Array(neurons * members.length * most).fill(Number.NaN);
  const responses = new Float64Array(neurons * members.length);
  for (let neuron = 0; neuron < neurons; neuron++)
    for (const [unit, own] of members.entries()) {
      const start = (neuron * members.length + unit) * most;
      for (const [k, column] of own.entries()) {
        const from = (neuron * columns + column) * repeats;
        merged.set(trials.subarray(from, from + repeats), start + k * repeats);
      }
      responses[neuron * members.length + unit] = mean(merged.subarray(start, start + most).filter(Number.isFinite));
    }
  const firsts = members.map(([first]) => first);
  const images = { ...data.images, ...pickImages(data.images, firsts) };
  return { ...data, images, trials: merged, responses, repeats: most };
}

/** Columns of the release that hold these units, ascending. */
export function columnsOf({ units }: Pick<DistinctData, 'units'>, rows: ArrayLike<number>): number[] {
  return Array.from(rows, (unit) => units.members[unit])
    .flat()
    .sort((a, b) => a - b);
}
