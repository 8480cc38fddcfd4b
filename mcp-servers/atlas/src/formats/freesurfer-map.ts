import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import { readRegular } from '../read/regular-file.ts';
import { numbersOf } from '../read/space/elements.ts';
import { BigEndianReader } from '../read/space/surfaces.ts';
import type { FileFormat } from './format.ts';

const largestMap = 500e6;

/** One value a vertex of a FreeSurfer surface: curvature, thickness, area, volume (nibabel.freesurfer.read_morph_data, new format). */
export const freesurferMap: FileFormat = {
  name: 'freesurfer-map',
  title: 'FreeSurfer map of a surface',
  extensions: ['.curv', '.thickness', '.sulc', '.area', '.volume'],
  options: ['unit'],
  async read(file, options, kit) {
    const name = path.basename(file);
    const bytes = readRegular(file, largestMap);
    if (bytes.length < 3 || bytes.readUIntBE(0, 3) !== 0xffffff)
      throw new BregmaError('bad-input', `${name} is no FreeSurfer map: it does not begin with FFFFFF.`, {
        next: 'Check the file; maps in the format of 2000 and later are read.',
      });
    const reader = new BigEndianReader(bytes, name, 3);
    const [vertices, , perVertex] = [reader.int32(), reader.int32(), reader.int32()];
    if (perVertex !== 1)
      throw new BregmaError('bad-input', `${name} has ${perVertex} values a vertex; one is read.`, {
        next: 'Write a file a value.',
      });
    const data = numbersOf(reader.take(vertices * 4), 'f4', true);
    const shape = [vertices];
    const kind = name.split('.').at(-1) ?? 'values';
    const unit =
      typeof options.unit === 'string'
        ? options.unit
        : { thickness: 'mm', area: 'mm²', volume: 'mm³', curv: '1/mm' }[kind];
    const { object } = kit.objects.put(writeNpy({ data, shape }), 'application/x-npy');
    return {
      shape: 'tables',
      tables: [],
      arrays: [
        { name: kind, description: `${kind} of each vertex`, object, dtype: 'f4', shape, axes: ['vertex'], unit },
      ],
      warnings: [],
      card: { modality: 'surface of the brain (FreeSurfer)' },
    };
  },
};
