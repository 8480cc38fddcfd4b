import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import { readRegular } from '../read/regular-file.ts';
import { numbersOf } from '../read/space/elements.ts';
import { BigEndianReader, checkTriangles } from '../read/space/surfaces.ts';
import type { FileFormat } from './format.ts';

const largestSurface = 500e6;
/** First three bytes of triangle files (nibabel.freesurfer.io); quad files are old, and not read. */
const [triangleMagic, quadMagics] = [0xfffffe, [0xffffff, 0xfffffd]];

/** FreeSurfer surfaces: vertices in mm of the surface's own RAS, and triangles. */
export const freesurferSurface: FileFormat = {
  name: 'freesurfer-surface',
  title: 'FreeSurfer surface',
  extensions: ['.white', '.pial', '.inflated', '.sphere', '.sphere.reg', '.orig', '.smoothwm', '.midthickness'],
  options: [],
  async read(file, _options, kit) {
    const name = path.basename(file);
    const bytes = readRegular(file, largestSurface);
    const magic = bytes.length >= 3 ? bytes.readUIntBE(0, 3) : 0;
    if (magic !== triangleMagic)
      throw new BregmaError(
        'bad-input',
        quadMagics.includes(magic)
          ? `${name} is a surface of four-sided faces, or a map of values; triangles are read.`
          : `${name} is no FreeSurfer surface: it does not begin with FFFFFE.`,
        { next: 'Convert it to triangles: mris_convert. Maps (curv, thickness) have the format freesurfer-map.' },
      );
    // Two lines of text: who made it.
    const end = bytes.indexOf('\n\n', 3);
    if (end < 0)
      throw new BregmaError('corrupt', `${name} ends inside its first lines.`, { next: 'Copy the file again.' });
    const reader = new BigEndianReader(bytes, name, end + 2);
    const [vertices, triangles] = [reader.int32(), reader.int32()];
    const points = numbersOf(reader.take(vertices * 12), 'f4', true);
    const corners = numbersOf(reader.take(triangles * 12), 'i4', true);
    // SAFETY: i4 makes an Int32Array.
    checkTriangles(corners as Int32Array, vertices, name);
    const put = (data: typeof points, shape: number[]) =>
      kit.objects.put(writeNpy({ data, shape }), 'application/x-npy').object;
    return {
      shape: 'tables',
      tables: [],
      arrays: [
        {
          name: 'pointset',
          description: `${bytes.toString('utf8', 3, end).trim()}; surface RAS`,
          object: put(points, [vertices, 3]),
          dtype: 'f4',
          shape: [vertices, 3],
          axes: ['vertex', 'xyz'],
          unit: 'mm',
        },
        {
          name: 'triangle',
          description: 'Vertices at the corners of each triangle',
          object: put(corners, [triangles, 3]),
          dtype: 'i4',
          shape: [triangles, 3],
          axes: ['triangle', 'corner'],
        },
      ],
      warnings:
        reader.left > 0
          ? ['Its coordinates are of the surface RAS; what its footer says of the volume was not read.']
          : [],
      card: { modality: 'surface of the brain (FreeSurfer)' },
    };
  },
};
