import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import { readRegular } from '../read/regular-file.ts';
import { BigEndianReader } from '../read/space/surfaces.ts';
import type { FileFormat } from './format.ts';

const largestAnnotation = 500e6;
const mostLabels = 100_000;

interface Colours {
  names: string[];
  /** Red, green, blue and transparency, as the file has them. */
  rgbt: number[][];
}

/** FreeSurfer annotations: a label of each vertex, and the table of labels (surfer.nmr.mgh.harvard.edu, LabelsClutsAnnotationFiles). */
export const freesurferAnnot: FileFormat = {
  name: 'freesurfer-annot',
  title: 'FreeSurfer annotation of a surface',
  extensions: ['.annot'],
  options: [],
  async read(file, _options, kit) {
    const name = path.basename(file);
    const reader = new BigEndianReader(readRegular(file, largestAnnotation), name);
    const vertices = reader.int32();
    const codes = new Map<number, number>();
    const pairs = reader.take(vertices * 8);
    const values = new Int32Array(vertices);
    for (let at = 0; at < vertices; at++) {
      const vertex = pairs.readInt32BE(8 * at);
      if (vertex < 0 || vertex >= vertices)
        throw new BregmaError('corrupt', `${name} names vertex ${vertex} of ${vertices}.`, {
          next: 'Copy the file again.',
        });
      values[vertex] = pairs.readInt32BE(8 * at + 4);
    }
    const { names, rgbt } =
      reader.left >= 4 && reader.int32() !== 0 ? colourTable(reader, name) : { names: [], rgbt: [] };
    // A label of a vertex is its colour in 24 bits.
    rgbt.forEach(([red, green, blue], at) => {
      codes.set(red + green * 256 + blue * 65_536, at);
    });
    const labels = values.map((code) => codes.get(code) ?? -1);
    const unknown = labels.reduce((sum, label) => sum + Number(label < 0), 0);
    const shape = [vertices];
    const { object } = kit.objects.put(writeNpy({ data: labels, shape }), 'application/x-npy');
    await kit.duck.make('labels', {
      key: names.map((_, at) => String(at)),
      name: names,
      ...Object.fromEntries(
        ['red', 'green', 'blue', 'transparency'].map((colour, at) => [colour, Int32Array.from(rgbt, (one) => one[at])]),
      ),
    });
    const tables = [
      await kit.duck.table('SELECT * FROM labels', { name: 'labels', description: 'What each label of a vertex is' }),
    ];
    return {
      shape: 'tables',
      tables: names.length > 0 ? tables : [],
      arrays: [
        {
          name: 'label',
          description: 'Row of the table labels, from 0; −1: none',
          object,
          dtype: 'i4',
          shape,
          axes: ['vertex'],
        },
      ],
      warnings: unknown > 0 ? [`${unknown} of ${vertices} vertices have no label of the table: −1.`] : [],
      card: { modality: 'surface of the brain (FreeSurfer)' },
    };
  },
};

/** Version 2 counts down from −2 and gives each entry its place; version 1 lists them. */
function colourTable(reader: BigEndianReader, name: string): Colours {
  const first = reader.int32();
  const isOld = first > 0;
  if (!isOld && first !== -2)
    throw new BregmaError('bad-input', `${name} has a table of labels of version ${-first}; 1 and 2 are read.`, {
      next: 'Write it again.',
    });
  const length = isOld ? first : reader.int32();
  if (length < 0 || length > mostLabels)
    throw new BregmaError('corrupt', `${name} claims ${length} labels.`, {
      next: 'Copy the file again; nothing was added.',
    });
  reader.text();
  const count = isOld ? length : reader.int32();
  const names = new Array<string>(length).fill('');
  const rgbt = Array.from({ length }, () => [-1, -1, -1, 0]);
  for (let i = 0; i < count; i++) {
    const at = isOld ? i : reader.int32();
    const label = reader.text();
    const colour = [0, 1, 2, 3].map(() => reader.int32());
    if (at < 0 || at >= length)
      throw new BregmaError('corrupt', `${name} has label ${at} of ${length}.`, {
        next: 'Copy the file again; nothing was added.',
      });
    names[at] = label;
    rgbt[at] = colour;
  }
  return { names, rgbt };
}
