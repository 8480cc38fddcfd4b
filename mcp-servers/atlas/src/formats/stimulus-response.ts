import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataArray } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { decodeStack, type NamedImage, readImageFolder, readImageZip } from '../read/images.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Images and the responses of neurons to them. Image i, in numeric file order, is column i of the responses. */
export const stimulusResponse: FileFormat = {
  name: 'stimulus-response',
  title: 'Images and the responses of neurons to them',
  extensions: [],
  options: ['stimuli', 'responses', 'unit', 'window'],
  async read(_path, options, kit) {
    const stimuliFile = kit.resolve(fileOption(options, 'stimuli', 'a zip or folder of images, or an NPY stack'));
    const responsesFile = kit.resolve(
      fileOption(options, 'responses', 'an NPY of [neuron × stimulus] or [neuron × stimulus × repeat]'),
    );
    const responses = readResponses(responsesFile);
    const stack = await readStimuli(stimuliFile, kit);
    const [neurons, columns, repeats] = responses.shape;
    if (stack.shape[0] !== columns) {
      throw new BregmaError(
        'bad-input',
        `${path.basename(stimuliFile)} holds ${stack.shape[0]} images, ${path.basename(responsesFile)} has ${columns} columns.`,
        {
          next: 'Image i must belong to column i: check both files.',
        },
      );
    }
    const stimuli: DataArray = {
      name: 'stimuli',
      description: 'Images in the order of the columns of responses',
      object: kit.objects.put(writeNpy(stack), 'application/x-npy').object,
      dtype: 'u1',
      shape: stack.shape,
      axes: ['stimulus', 'y', 'x', 'channel'],
      unit: '0–255, RGB',
    };
    const measured: DataArray = {
      name: 'responses',
      description: 'NaN: not measured',
      object: kit.objects.put(writeNpy(responses), 'application/x-npy').object,
      dtype: 'f8',
      shape: responses.shape,
      axes: ['neuron', 'stimulus', ...(repeats === undefined ? [] : ['repeat'])],
      unit: typeof options.unit === 'string' ? options.unit : undefined,
    };
    const missing = responses.data.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
    const share = missing / responses.data.length;
    const warnings =
      share > 0
        ? [
            `${(100 * share).toFixed(1)} % of the ${neurons * columns * (repeats ?? 1)} responses were not measured (NaN).`,
          ]
        : [];
    return {
      shape: 'stimulus-response',
      tables: [],
      arrays: [stimuli, measured],
      warnings,
      files: [stimuliFile, responsesFile],
    };
  },
};

function fileOption(options: Record<string, unknown>, name: string, what: string): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new BregmaError('bad-input', `stimulus-response needs options.${name}: ${what}.`);
}

function readResponses(file: string): { data: Float64Array; shape: number[] } {
  const name = path.basename(file);
  const array = parseNpy(readAll(file), name);
  if (array.shape.length < 2 || array.shape.length > 3 || array.data.length === 0) {
    throw new BregmaError(
      'bad-input',
      `${name} has the shape [${array.shape}]; responses are [neuron × stimulus] or [neuron × stimulus × repeat].`,
    );
  }
  const data = Float64Array.from(array.data as ArrayLike<number | bigint>, Number);
  const infinite = data.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (infinite >= 0)
    throw new BregmaError('bad-input', `${name} holds an infinite response at position ${infinite}.`, {
      next: 'Write NaN for what was not measured.',
    });
  return { data, shape: array.shape };
}

async function readStimuli(file: string, kit: FormatKit): Promise<{ data: Uint8Array; shape: number[] }> {
  if (file.toLowerCase().endsWith('.npy')) return readStack(file);
  const images: NamedImage[] = isFolder(file)
    ? readImageFolder(file)
    : await readImageZip(readAll(file), path.basename(file));
  return decodeStack(images, path.basename(file), kit.signal, (done) => kit.progress(done, images.length, 'images'));
}

/** [image × y × x] or [image × y × x × 1 or 3], bytes. */
function readStack(file: string): { data: Uint8Array; shape: number[] } {
  const name = path.basename(file);
  const { dtype, shape, data } = parseNpy(readAll(file), name);
  const channels = shape[3] ?? 1;
  if (dtype !== 'u1' || shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3)) {
    throw new BregmaError(
      'bad-input',
      `${name} is ${dtype} [${shape}]; an image stack is uint8 [image × y × x] or [image × y × x × 3].`,
    );
  }
  if (channels === 3) return { data: data as Uint8Array, shape };
  const bytes = data as Uint8Array;
  return {
    data: Uint8Array.from({ length: bytes.length * 3 }, (_, i) => bytes[Math.floor(i / 3)]),
    shape: [shape[0], shape[1], shape[2], 3],
  };
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readAll(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new BregmaError('missing', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`, {
      next: 'Check the path; relative ones start at the workspace.',
    });
  }
}
