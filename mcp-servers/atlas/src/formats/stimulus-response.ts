import path from 'node:path';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { groupNeurons } from '@bregma/core/identity/copied-neurons';
import { copiesInWords, groupCopies } from '@bregma/core/identity/copies';
import { stimulusDigests } from '@bregma/core/identity/digests';
import { type NpyArray, parseNpy, writeNpy } from '@bregma/core/npy';
import { withDecimals } from '@bregma/core/numbers';
import { literal } from '@bregma/readers/sql-text';
import { mappedOrder, neuronNames } from '../read/images/names.ts';
import { imageStack, largestNpy } from '../read/images/npy-stack.ts';
import { type OrderWish, orderOf, some } from '../read/images/order.ts';
import type { Levels } from '../read/images/pixels.ts';
import { type ImageSet, openImages } from '../read/images/set.ts';
import { storeStack } from '../read/images/stack.ts';
import { readRegular } from '../read/regular-file.ts';
import { responsesOf } from '../read/responses.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** The images of a release, stored. */
interface Stimuli {
  object: string;
  /** [stimulus × y × x × 3]. */
  shape: number[];
  digests: string[];
  /** Names of the images, one a stimulus; an NPY stack has none. */
  names?: string[];
  /** What was decided, in words. */
  decided: string[];
  warnings: string[];
  /** Files beside the images that were read: a mapping of the order. */
  files: string[];
}

/** Images and the responses of neurons to them. Image i, in the order that is said, is column i of the responses. */
export const stimulusResponse: FileFormat = {
  name: 'stimulus-response',
  title: 'Images and the responses of neurons to them',
  extensions: [],
  options: [
    ...['stimuli', 'responses', 'unit', 'window', 'order', 'neurons', 'subject'],
    ...['background', 'rotation', 'levels', 'axes'],
  ],
  async read(_path, options, kit) {
    const stimuliFile = kit.resolve(
      fileOption(options, 'stimuli', 'a zip or folder of images, or a stack in one NPY or TIFF'),
    );
    const responsesFile = kit.resolve(
      fileOption(options, 'responses', 'an NPY of [neuron × stimulus] or [neuron × stimulus × repeat]'),
    );
    const responses = readResponses(responsesFile);
    const [neurons, columns, repeats] = responses.shape;
    const names = await neuronNames(options.neurons, kit);
    if (names && names.length !== neurons)
      throw new BregmaError(
        'bad-input',
        `${named(options.neurons)} names ${names.length} neurons, ${path.basename(responsesFile)} has ${neurons} rows.`,
        { next: 'Name every row of the responses once, in their order.' },
      );
    const stimuli = await readStimuli(stimuliFile, columns, path.basename(responsesFile), options, kit);
    const neuronsFile = typeof options.neurons === 'string' ? [kit.resolve(options.neurons)] : [];
    return {
      shape: 'stimulus-response',
      tables: [
        await stimuliTable(stimuli, kit),
        ...(names ? [await namesTable('neurons', 'Rows of responses', names, kit)] : []),
      ],
      arrays: [
        {
          name: 'stimuli',
          description: 'Images in the order of the columns of responses',
          object: stimuli.object,
          dtype: 'u1',
          shape: stimuli.shape,
          axes: ['stimulus', 'y', 'x', 'channel'],
          unit: '0–255, RGB',
        },
        responsesArray(responses, repeats, options, kit),
      ],
      warnings: [...stimuli.decided, ...stimuli.warnings, ...copiesOf(stimuli), ...doubtsOf(responses, responsesFile)],
      files: [stimuliFile, responsesFile, ...stimuli.files, ...neuronsFile],
      card: { notes: stimuli.decided, ...(typeof options.subject === 'string' && { subject: options.subject }) },
    };
  },
};

function responsesArray(
  responses: { data: Float64Array; shape: number[] },
  repeats: number | undefined,
  options: Record<string, unknown>,
  kit: FormatKit,
): DataArray {
  return {
    name: 'responses',
    description: 'NaN: not measured',
    object: kit.objects.put(writeNpy(responses), 'application/x-npy').object,
    dtype: 'f8',
    shape: responses.shape,
    axes: ['neuron', 'stimulus', ...(repeats === undefined ? [] : ['repeat'])],
    unit: typeof options.unit === 'string' ? options.unit : undefined,
  };
}

function fileOption(options: Record<string, unknown>, name: string, what: string): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new BregmaError('bad-input', `stimulus-response needs options.${name}: ${what}.`);
}

const named = (option: unknown) => (typeof option === 'string' ? path.basename(option) : 'options.neurons');

function readResponses(file: string): { data: Float64Array; shape: number[] } {
  const name = path.basename(file);
  const array = parseNpy(readRegular(file, largestNpy), name);
  if (array.shape.length < 2 || array.shape.length > 3 || array.data.length === 0) {
    throw new BregmaError(
      'bad-input',
      `${name} has the shape [${array.shape}]; responses are [neuron × stimulus] or [neuron × stimulus × repeat].`,
    );
  }
  return { data: responsesOf(array.data, array.shape, name), shape: array.shape };
}

/** What of the responses a person should know: how much was not measured, and whether rows and columns could be taken for each other. */
function doubtsOf({ data, shape }: { data: Float64Array; shape: number[] }, file: string): string[] {
  const [neurons, columns, repeated] = shape;
  const missing = data.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const perNeuron = data.length / neurons;
  const silent = Array.from({ length: neurons }, (_, i) => i).filter((i) =>
    data.subarray(i * perNeuron, (i + 1) * perNeuron).every(Number.isNaN),
  );
  const { copies } = groupNeurons(repeated ? firstRepeats(data, shape) : data, neurons);
  return [
    ...(copies > 0
      ? [`${copies} of ${neurons} neurons have the responses of one before them, in whatever unit: they count once.`]
      : []),
    ...(missing > 0
      ? [`${withDecimals((100 * missing) / data.length, 1)} % of the ${data.length} responses were not measured (NaN).`]
      : []),
    ...(silent.length > 0 ? [`${silent.length} neurons were never measured: rows ${some(silent.map(String))}.`] : []),
    ...(neurons === columns
      ? [`${path.basename(file)} has as many rows as columns: rows were taken for neurons, columns for stimuli.`]
      : []),
  ];
}

/** [neuron × stimulus], of the first repeat. */
const firstRepeats = (data: Float64Array, [, , repeats]: number[]) => data.filter((_, i) => i % repeats === 0);

function copiesOf({ digests, names }: Stimuli): string[] {
  const units = groupCopies(digests);
  const words = copiesInWords(units, { one: 'image', many: 'images' });
  if (!words) return [];
  const first = units.members.find(({ length }) => length > 1) ?? [];
  const label = (at: number) => names?.[at] ?? `image ${at}`;
  return [`By their pixels there are ${words} ${label(first[0])} and ${label(first[1])} are the same.`];
}

async function readStimuli(
  file: string,
  columns: number,
  responses: string,
  options: Record<string, unknown>,
  kit: FormatKit,
): Promise<Stimuli> {
  if (file.toLowerCase().endsWith('.npy')) return readStack(file, columns, responses, options, kit);
  const set = await openImages(file);
  try {
    const { names: wish, file: mapping } = await orderWish(options.order, set, kit);
    const names = set.images.map(({ name }) => name);
    const { positions, said } = orderOf(names, wish, set.from, set.archived);
    const images = positions.map((at) => set.images[at]);
    const ordered = images.map(({ name }) => name);
    checkCount(ordered, columns, set.from, responses);
    const stack = await storeStack(images, set.from, lookOf(options), kit);
    const unused = names.filter((_, i) => !positions.includes(i));
    return {
      ...stack,
      names: ordered,
      decided: [orderSaid(ordered, said), ...stack.decided],
      warnings: [
        ...(unused.length > 0
          ? [`${unused.length} images belong to no column and were left out: ${some(unused)}.`]
          : []),
        ...(set.others.length > 0
          ? [`${set.others.length} files that are no images were left out: ${some(set.others)}.`]
          : []),
      ],
      files: mapping ? [mapping] : [],
    };
  } finally {
    set.close();
  }
}

function checkCount(names: string[], columns: number, from: string, responses: string): void {
  if (names.length === columns) return;
  throw new BregmaError(
    'bad-input',
    `${from} holds ${names.length} images (${names[0]} to ${names.at(-1)}), ${responses} has ${columns} columns.`,
    { next: 'Image i must belong to column i: check both files, or name the image of each column in options.order.' },
  );
}

function orderSaid(names: string[], said: string): string {
  const last = names.length > 2 ? `, last ${names.at(-1)}` : '';
  const second = names.length > 1 ? `, second ${names[1]}` : '';
  return `Order of the images: ${said}; first ${names[0]}${second}${last}. options.order changes it.`;
}

/** What `order` asks for; a file of names is read. */
async function orderWish(wish: unknown, set: ImageSet, kit: FormatKit): Promise<{ names: OrderWish; file?: string }> {
  if (wish === undefined || wish === 'natural' || wish === 'name' || wish === 'file') return { names: wish };
  if (Array.isArray(wish) && wish.length > 0) return { names: wish.map(String) };
  if (typeof wish === 'string' && /\.(csv|tsv|txt|xlsx)$/i.test(wish)) {
    const file = kit.resolve(wish);
    const names = set.images.map(({ name }) => name);
    return { names: await mappedOrder(file, names, kit), file };
  }
  throw new BregmaError('bad-input', `options.order is ${JSON.stringify(wish)?.slice(0, 80)}.`, {
    next: 'Give "natural", "name", "file" (as a zip lists them), a list of the names, or a CSV of name,index.',
  });
}

function lookOf({ background, rotation, levels }: Record<string, unknown>) {
  if (rotation !== undefined && rotation !== 'exif' && rotation !== 'none')
    throw new BregmaError('bad-input', `options.rotation is ${JSON.stringify(rotation)?.slice(0, 80)}.`, {
      next: 'Give "exif", which turns an image as it asks, or "none".',
    });
  return { background: colourOf(background), turn: rotation !== 'none', levels: levelsOf(levels) };
}

function levelsOf(wish: unknown): Levels | undefined {
  if (wish === undefined) return undefined;
  const [black, white, ...rest] = Array.isArray(wish) ? wish : [];
  if (Number.isFinite(black) && Number.isFinite(white) && black !== white && rest.length === 0) return [black, white];
  throw new BregmaError('bad-input', `options.levels is ${JSON.stringify(wish)?.slice(0, 80)}.`, {
    next: 'Give the sample that is black and the one that is white, as [0, 4095].',
  });
}

function colourOf(wish: unknown): readonly [number, number, number] {
  const values = wish === undefined ? [128] : Array.isArray(wish) ? wish : [wish];
  const fits = values.every(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255,
  );
  if (fits && values.length === 1) return [values[0], values[0], values[0]];
  if (fits && values.length === 3) return [values[0], values[1], values[2]];
  throw new BregmaError('bad-input', `options.background is ${JSON.stringify(wish)?.slice(0, 80)}.`, {
    next: 'Give a grey level from 0 to 255, or [red, green, blue].',
  });
}

function readStack(
  file: string,
  columns: number,
  responses: string,
  options: Record<string, unknown>,
  kit: FormatKit,
): Stimuli {
  const name = path.basename(file);
  if (options.order !== undefined)
    throw new BregmaError('bad-input', `${name} is a stack: its images have no names to put in order.`, {
      next: 'Leave options.order out; image i is column i.',
    });
  const { stack, decided } = imageStack(readNpy(file), name, columns, options.axes);
  if (stack.shape[0] !== columns)
    throw new BregmaError('bad-input', `${name} holds ${stack.shape[0]} images, ${responses} has ${columns} columns.`, {
      next: 'Image i must belong to column i: check both files.',
    });
  return {
    object: kit.objects.put(writeNpy(stack), 'application/x-npy').object,
    shape: stack.shape,
    digests: stimulusDigests(stack),
    decided: [`Order of the images: as in ${name}.`, ...decided],
    warnings: [],
    files: [],
  };
}

const readNpy = (file: string): NpyArray => parseNpy(readRegular(file, largestNpy), path.basename(file));

function stimuliTable({ names, digests }: Stimuli, kit: FormatKit): Promise<Table> {
  const rows = digests.map((digest, i) => [i, names?.[i], digest] as const);
  return kit.duck.table(
    `SELECT * FROM (VALUES ${rows.map(([i, name, digest]) => `(${i}, ${name === undefined ? 'NULL::VARCHAR' : literal(name)}, ${literal(digest)})`).join(', ')}) AS t("index", name, digest) ORDER BY "index"`,
    {
      name: 'stimuli',
      description: 'Images: place in stimuli and columns of responses, name, sha256 of size and pixels',
      columns: { index: { description: 'From 0' }, digest: { description: 'Equal for equal pictures' } },
    },
  );
}

function namesTable(name: string, description: string, names: string[], kit: FormatKit): Promise<Table> {
  return kit.duck.table(
    `SELECT * FROM (VALUES ${names.map((value, i) => `(${i}, ${literal(value)})`).join(', ')}) AS t("index", name) ORDER BY "index"`,
    { name, description, columns: { index: { description: 'From 0' } } },
  );
}
