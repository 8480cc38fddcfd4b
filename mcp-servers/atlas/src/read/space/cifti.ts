import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import type { FormatKit, Parts } from '../../formats/format.ts';
import { tableName } from '../table-name.ts';
import { type CiftiMap, ciftiMap, storeMap } from './cifti-maps.ts';
import type { NiftiHeader } from './nifti-header.ts';
import { storedBytes } from './stored-bytes.ts';
import { checkLayout, fillVoxels } from './voxels.ts';
import { childrenOf, xmlTree } from './xml-tree.ts';

/** NIfTI intents of CIFTI files: 3000 to 3099. */
export const isCifti = ({ intent, version }: NiftiHeader): boolean => version === 2 && intent >= 3000 && intent < 3100;

/** Code of the extension that holds the XML. */
const ciftiExtension = 32;
const longestXml = 256e6;

/**
 * A CIFTI-2 matrix (nitrc.org/projects/cifti): its values as an array in the order of nibabel, [along a row × along a column], and a
 * table for each axis of what its places are. Throws `bad-input` or `corrupt`.
 */
export async function readCifti(file: string, header: NiftiHeader, kit: FormatKit): Promise<Parts> {
  const bytes = storedBytes(file, kit.signal);
  const { name } = bytes;
  if (header.sizes.length < 5 || header.sizes.slice(0, 4).some((size) => size !== 1))
    throw new BregmaError('corrupt', `${name} is no CIFTI-2 matrix: its shape is [${header.sizes}], not [1,1,1,1,…].`, {
      next: 'Write it again; nothing was added.',
    });
  const sizes = header.sizes.slice(4);
  const { element, bigEndian, offset, scale } = header;
  const layout = { element, bigEndian, sizes, scale };
  checkLayout(layout, Math.max(0, bytes.most - offset), name);
  if (offset > longestXml)
    throw new BregmaError('too-large', `${name} has ${offset} bytes before its values; ${longestXml} are read.`, {
      next: 'Keep fewer maps in one file.',
    });
  const maps = mapsOf(extension(await bytes.head(offset), header, name), sizes, name);
  const voxels = await fillVoxels(layout, bytes.from(offset), name);
  const axes = maps.map(({ axis }, i) => (maps.findIndex((map) => map.axis === axis) < i ? `${axis}_${i + 1}` : axis));
  const array: DataArray = {
    name: tableName(file),
    description: 'CIFTI-2 matrix; each axis has the table of its places',
    object: kit.objects.put(writeNpy(voxels), 'application/x-npy').object,
    dtype: voxels.dtype,
    shape: voxels.shape,
    axes,
  };
  const tables: Table[] = [];
  for (const [i, map] of maps.entries()) tables.push(...(await storeMap(map, axes[i], kit)));
  return {
    shape: 'tables',
    tables,
    arrays: [array],
    warnings: maps.flatMap(({ warnings }) => warnings),
    card: { modality: 'cortical surface and volume (CIFTI-2)' },
  };
}

/** The text of the extension of CIFTI. */
function extension(head: Buffer, { bigEndian, length }: NiftiHeader, name: string): string {
  for (let at = length; at + 8 <= head.length; ) {
    const size = bigEndian ? head.readInt32BE(at) : head.readInt32LE(at);
    const code = bigEndian ? head.readInt32BE(at + 4) : head.readInt32LE(at + 4);
    if (size < 8 || at + size > head.length) break;
    if (code === ciftiExtension) return head.toString('utf8', at + 8, at + size).replace(/\0+$/, '');
    at += size;
  }
  throw new BregmaError('corrupt', `${name} has the intent of CIFTI and no CIFTI header in it.`, {
    next: 'Copy the file again; nothing was added.',
  });
}

/** One map for each axis, each as long as its axis. */
function mapsOf(xml: string, sizes: number[], name: string): CiftiMap[] {
  const root = xmlTree(xml, name);
  const version = root.attribute('Version');
  if (root.name !== 'CIFTI' || !/^2/.test(version ?? ''))
    throw new BregmaError('bad-input', `${name} is CIFTI of version ${version ?? '?'}; version 2 is read.`, {
      next: 'Convert it: wb_command -file-convert -cifti-version-convert.',
    });
  const given = childrenOf(childrenOf(root, 'Matrix')[0], 'MatrixIndicesMap');
  return sizes.map((size, axis) => {
    const map = given.find((one) =>
      (one.attribute('AppliesToMatrixDimension') ?? '').split(',').map(Number).includes(axis),
    );
    if (!map)
      throw new BregmaError('corrupt', `${name} does not say what axis ${axis} of its matrix is.`, {
        next: 'Write it again; nothing was added.',
      });
    return ciftiMap(map, size, name);
  });
}
