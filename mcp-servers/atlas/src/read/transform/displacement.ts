import { BregmaError } from '@bregma/core/errors';
import type { FormatKit, Parts } from '../../formats/format.ts';
import { nifti } from '../../formats/nifti.ts';
import { niftiHeader, niftiHeaderBytes } from '../space/nifti-header.ts';
import { storedBytes } from '../space/stored-bytes.ts';
import { endsOf, statedError, storeTransform } from './store-transform.ts';

/** NIFTI_INTENT_VECTOR: what ITK and ANTs write a displacement field as. FSL's warps have four axes and other coordinates. */
const vectors = 1007;

/**
 * Reads a displacement field of ITK: a vector a voxel, in mm of LPS, which is added to the place of the point (ITK,
 * DisplacementFieldTransform). Throws `bad-input` for other NIfTI files.
 */
export async function readDisplacement(file: string, options: Record<string, unknown>, kit: FormatKit): Promise<Parts> {
  const bytes = storedBytes(file, kit.signal);
  const { intent, sizes } = niftiHeader(await bytes.head(niftiHeaderBytes), bytes.name);
  if (intent !== vectors || sizes.length !== 5 || sizes[3] !== 1 || sizes[4] !== 3)
    throw new BregmaError(
      'bad-input',
      `${bytes.name} is no displacement field of ITK: it is [${sizes}] of intent ${intent}, and one is [x, y, z, 1, 3] of intent ${vectors}.`,
      {
        next: 'Give the …Warp.nii.gz of ANTs. A warp of FSL is converted first: c3d, wb_command -convert-warpfield.',
      },
    );
  const ends = endsOf(options, { axes: 'RAS', unit: 'mm' });
  const read = await nifti.read(file, { space: ends.from.space }, kit);
  const [field] = read.arrays;
  if (field.frame?.unit !== 'mm' || field.frame.axes !== 'RAS')
    throw new BregmaError('bad-input', `${bytes.name} does not say where its voxels lie in mm.`, {
      next: 'Write it again with its sform.',
    });
  const identity = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)));
  const what = 'displacement field of ITK, from points of the fixed space to the moving one';
  const parts = await storeTransform(
    { kind: 'displacement', what, matrix: identity, ...ends, error: statedError(options) },
    kit,
  );
  return {
    ...parts,
    arrays: [
      { ...field, name: 'displacement', unit: 'mm', description: 'What is added to a point, in mm along L, P and S.' },
    ],
    warnings: [...read.warnings, ...parts.warnings],
  };
}
