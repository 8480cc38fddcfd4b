import { sha256 } from '@bregma/core/canonical';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { lookAlikes } from '@bregma/core/identity/look-alikes';
import { findTwin } from '@bregma/core/ledger/catalogue';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { type DistinctData, loadDistinct } from '../distinct.ts';
import { pickImages } from '../features.ts';
import { predictAll } from '../predict.ts';
import { fewestStimuli } from '../ridge.ts';
import type { CnnOptions } from './options.ts';
import { resample } from './prepare.ts';
import type { Lesson } from './train.ts';

/** What a convolutional twin is fitted on: images and responses, one column a stimulus. */
export type Lessons = Pick<
  DistinctData,
  'images' | 'digests' | 'looks' | 'responses' | 'neurons' | 'reference' | 'identity' | 'units'
>;

/** Mean and standard deviation of each neuron; NaN below ten measured responses. */
export interface Scale {
  mean: Float64Array;
  sd: Float64Array;
}

/** One recording's share of a lesson. targets: [neuron × stimulus], standardised; NaN: not learned from. */
interface Part {
  planes: Float32Array;
  targets: Float64Array;
  neurons: number;
  stimuli: number;
  looks: readonly string[];
  /** Stimuli that are learned from. */
  rows: Int32Array;
  /** What a teacher says of the neurons of the twin itself, [neuron × stimulus]. */
  taught?: Float64Array;
}

/** Mean and standard deviation of each neuron over some rows. */
export function scaleOf({ responses, neurons, digests }: Lessons, rows: ArrayLike<number>): Scale {
  const mean = new Float64Array(neurons).fill(Number.NaN);
  const sd = new Float64Array(neurons).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const own = Array.from(rows, (row) => responses[neuron * digests.length + row]).filter(Number.isFinite);
    if (own.length < fewestStimuli) continue;
    mean[neuron] = own.reduce((sum, value) => sum + value, 0) / own.length;
    sd[neuron] = Math.sqrt(own.reduce((sum, value) => sum + (value - mean[neuron]) ** 2, 0) / own.length);
  }
  return { mean, sd };
}

/** The recording that the twin is of: its training rows alone have targets. */
export async function ownPart(data: Lessons, rows: Int32Array, side: number, scale: Scale): Promise<Part> {
  return { ...standardised(data, rows, scale), planes: await resample(data.images, side), looks: data.looks, rows };
}

function standardised({ responses, neurons, digests }: Lessons, rows: ArrayLike<number>, { mean, sd }: Scale) {
  const stimuli = digests.length;
  const targets = new Float64Array(neurons * stimuli).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++)
    for (const row of Array.from(rows))
      if (sd[neuron] > 0)
        targets[neuron * stimuli + row] = (responses[neuron * stimuli + row] - mean[neuron]) / sd[neuron];
  return { targets, neurons, stimuli };
}

/** Other recordings, without their images that are, or look like, one that is no training image here. */
export async function otherParts(
  data: Lessons,
  rows: Int32Array,
  side: number,
  scale: Scale,
  { others, teacher }: CnnOptions,
  context: Pick<ToolContext, 'workspace' | 'signal'>,
): Promise<Part[]> {
  if (teacher !== '' && others.length === 0)
    throw new BregmaError('bad-input', 'A teacher speaks of the images of others; there are none.', {
      next: 'Name other recordings in others: their responses are learned as well.',
    });
  const word = teacher === '' ? undefined : openTeacher(teacher, data, rows, context);
  const parts: Part[] = [];
  for (const reference of others) {
    const other = await loadDistinct(reference, context.workspace);
    if (other.reference === data.reference)
      throw new BregmaError('bad-input', `${other.reference} is the recording that the twin is of.`, {
        next: 'Leave it out of others.',
      });
    const kept = keptRows(data, rows, other, context);
    const shown = pickImages(other.images, kept);
    const said = word && (await predictAll(word, shown, { ...context, progress: () => {} }));
    const stimuli = other.digests.length;
    const taught = said && new Float64Array(data.neurons * stimuli).fill(Number.NaN);
    if (said && taught)
      for (let neuron = 0; neuron < data.neurons; neuron++)
        kept.forEach((row, i) => {
          if (scale.sd[neuron] > 0)
            taught[neuron * stimuli + row] = (said[neuron * kept.length + i] - scale.mean[neuron]) / scale.sd[neuron];
        });
    const planes = await resample(other.images, side);
    parts.push({ ...standardised(other, kept, scaleOf(other, kept)), planes, looks: other.looks, rows: kept, taught });
  }
  return parts;
}

/** A teacher. Throws `conflict` where it speaks of other neurons, or saw stimuli outside the training rows. */
function openTeacher(
  id: string,
  { reference, units }: Lessons,
  rows: Int32Array,
  { workspace }: Pick<ToolContext, 'workspace'>,
): TwinCard {
  const twin = findTwin(workspace.ledger, id);
  if (twin.data !== reference)
    throw new BregmaError('conflict', `${id} predicts neurons of ${twin.data}, not of ${reference}.`, {
      next: 'Name a teacher that was built on the same recording.',
    });
  const { indices, part } = twin.fittedOn;
  const trained = new Set(Array.from(rows, (row) => units.members[row]).flat());
  const all = units.members.flat();
  const seen = part === 'all' || !indices ? all : indices;
  if (seen.some((column) => !trained.has(column)))
    throw new BregmaError(
      'conflict',
      `${id} was fitted on stimuli that are none of the training part here: it would tell of them.`,
      {
        next: 'Build the teacher with the same part; validate_twin fits anew and takes none.',
      },
    );
  return twin;
}

/** Stimuli of another recording that show nothing that is held back here. */
function keptRows(
  data: Lessons,
  rows: Int32Array,
  other: DistinctData,
  { workspace }: Pick<ToolContext, 'workspace'>,
): Int32Array {
  const trained = new Set(rows);
  const held = new Set<string>();
  for (const [row, digest] of data.digests.entries()) if (!trained.has(row)) held.add(digest).add(data.looks[row]);
  const [own, its] = [data.identity.pictures, other.identity.pictures];
  const places = (held.size > 0 && own && its && lookAlikes(own, its, workspace)) || [];
  const rowOf = new Map(data.units.members.flatMap((columns, row) => columns.map((column) => [column, row] as const)));
  const kept = other.units.members.flatMap((columns, row) => {
    const alike = columns.some((column) => {
      const place = rowOf.get(places[column] ?? -1);
      return place !== undefined && !trained.has(place);
    });
    return alike || held.has(other.digests[row]) || held.has(other.looks[row]) ? [] : [row];
  });
  return Int32Array.from(kept);
}

/** All parts as one lesson: images one after another, neurons too; a neuron has no target where it was not shown. */
export function joinLessons(own: Part, others: Part[]): Lesson & { neurons: number; content: unknown } {
  const parts = [own, ...others];
  const stimuli = parts.reduce((sum, part) => sum + part.stimuli, 0);
  const neurons = parts.reduce((sum, part) => sum + part.neurons, 0);
  const planes = new Float32Array(parts.reduce((sum, part) => sum + part.planes.length, 0));
  const targets = new Float64Array(neurons * stimuli).fill(Number.NaN);
  const looks: string[] = [];
  const more: number[] = [];
  let [atImage, atNeuron, atPlane] = [0, 0, 0];
  for (const part of parts) {
    planes.set(part.planes, atPlane);
    const write = (from: Float64Array, first: number, count: number) => {
      for (let neuron = 0; neuron < count; neuron++)
        targets.set(
          from.subarray(neuron * part.stimuli, (neuron + 1) * part.stimuli),
          (first + neuron) * stimuli + atImage,
        );
    };
    write(part.targets, atNeuron, part.neurons);
    if (part.taught) write(part.taught, 0, own.neurons);
    looks.push(...part.looks);
    if (part !== own) more.push(...Array.from(part.rows, (row) => row + atImage));
    atImage += part.stimuli;
    atNeuron += part.neurons;
    atPlane += part.planes.length;
  }
  const content = others.map((part) => ({
    rows: Array.from(part.rows, (row) => part.looks[row]),
    targets: [part.targets, part.taught].map((values) => values && sha256(new Uint8Array(values.buffer))),
  }));
  return {
    planes,
    targets,
    stimuli,
    rows: own.rows,
    more: Int32Array.from(more),
    own: own.neurons,
    looks,
    neurons,
    content,
  };
}
