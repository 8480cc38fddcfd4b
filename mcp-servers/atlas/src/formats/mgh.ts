import type { Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { ElementName } from '../read/space/elements.ts';
import { storeVolume, volumeOptions } from '../read/space/store-volume.ts';
import { storedBytes } from '../read/space/stored-bytes.ts';
import { checkLayout, fillVoxels } from '../read/space/voxels.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** Bytes of the header; the voxels follow (surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat). */
const headerBytes = 284;
const types: Record<number, ElementName> = { 0: 'u1', 1: 'i4', 3: 'f4', 4: 'i2', 10: 'u2' };

/** FreeSurfer volumes. */
export const mgh: FileFormat = {
  name: 'mgh',
  title: 'FreeSurfer volume',
  extensions: ['.mgz', '.mgh'],
  options: volumeOptions,
  async read(file, options, kit) {
    const bytes = storedBytes(file, kit.signal);
    const { name } = bytes;
    const head = await bytes.head(headerBytes);
    if (head.length < headerBytes || head.readInt32BE(0) !== 1)
      throw new BregmaError(
        'bad-input',
        `${name} is no FreeSurfer volume: it does not begin with the header of version 1.`,
        {
          next: 'Check the file; .mgh and .mgz are read.',
        },
      );
    const dims = [4, 8, 12, 16].map((at) => head.readInt32BE(at));
    const element = types[head.readInt32BE(20)];
    if (!element)
      throw new BregmaError('bad-input', `${name} holds voxels of type ${head.readInt32BE(20)}, which are not read.`, {
        next: 'Convert it: mri_convert -odt float.',
      });
    const sizes = dims[3] === 1 ? dims.slice(0, 3) : dims;
    const layout = { element, bigEndian: true, sizes };
    checkLayout(layout, Math.max(0, bytes.most - headerBytes), name);
    const voxels = await fillVoxels(layout, bytes.from(headerBytes), name);
    const { frame, isGiven } = placeOf(head, dims);
    return storeVolume(
      {
        name: tableName(file),
        files: [file],
        voxels,
        frame,
        otherAxes: ['frame'],
        description: 'FreeSurfer volume',
        warnings: isGiven ? [] : ["It gives no place: FreeSurfer's default was taken (1 mm, coronal, centred)."],
      },
      options,
      kit,
    );
  },
};

/** The affine from voxel sizes, direction cosines and the place of the middle voxel (nibabel.freesurfer.mghformat). */
function placeOf(head: Buffer, dims: number[]): { frame: Frame; isGiven: boolean } {
  const isGiven = head.readInt16BE(28) === 1;
  const given = Array.from({ length: 15 }, (_, i) => head.readFloatBE(30 + 4 * i));
  const size = isGiven ? given.slice(0, 3) : [1, 1, 1];
  const cosines = isGiven ? given.slice(3, 12) : [-1, 0, 0, 0, 0, -1, 0, 1, 0];
  const centre = isGiven ? given.slice(12) : [0, 0, 0];
  const affine = [0, 1, 2].map((row) => {
    const columns = [0, 1, 2].map((axis) => cosines[3 * axis + row] * size[axis]);
    const shift = columns.reduce((sum, value, axis) => sum + (value * dims[axis]) / 2, 0);
    return [...columns, centre[row] - shift];
  });
  return {
    frame: { space: 'scanner', axes: 'RAS', unit: 'mm', origin: "the scanner's", affine, dims: [0, 1, 2] },
    isGiven,
  };
}
