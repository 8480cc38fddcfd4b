import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { loadTable } from '../read/load-table.ts';
import { openRegular, readRegular } from '../read/regular-file.ts';
import { readDisplacement } from '../read/transform/displacement.ts';
import { isItkMat, isItkText, parseItkMat, parseItkText } from '../read/transform/itk.ts';
import { fitLandmarks } from '../read/transform/landmarks.ts';
import { matrixIn } from '../read/transform/matrix-text.ts';
import { type Ends, endsOf, statedError, storeTransform } from '../read/transform/store-transform.ts';
import type { FileFormat, FormatKit, Parts } from './format.ts';

/** A matrix, a list of landmarks: what is larger is none. */
const largestText = 50e6;

/**
 * What takes points of one space to another: an affine of ITK and ANTs (.tfm, .txt, .mat), a matrix as text, pairs of landmarks to which
 * an affine is fitted, a displacement field of ITK and ANTs (NIfTI). `from` and `to` name the spaces.
 */
export const transform: FileFormat = {
  name: 'transform',
  title: 'Transform between spaces',
  extensions: ['.tfm'],
  options: ['from', 'to', 'from_axes', 'to_axes', 'lengths', 'error', 'columns'],
  async read(file, options, kit) {
    const name = path.basename(file);
    if (/\.nii(\.gz)?$/i.test(name)) return readDisplacement(file, options, kit);
    const opened = openRegular(file, largestText);
    const head = opened.read(0, 64);
    opened.close();
    const isMat = isItkMat(head);
    if (!isMat && !isItkText(head.toString('latin1'))) return readPlain(file, options, kit);
    const bytes = readRegular(file, largestText);
    const matrix = isMat ? parseItkMat(bytes, name) : parseItkText(bytes.toString('utf8'), name);
    const ends = endsOf(options, { axes: 'RAS', unit: 'mm' });
    return store(matrix, ends, 'affine of ITK, from points of the fixed space to the moving one', options, kit);
  },
};

/** A matrix of numbers, or else a table of landmarks. */
async function readPlain(file: string, options: Record<string, unknown>, kit: FormatKit): Promise<Parts> {
  const name = path.basename(file);
  const matrix = /\.(csv|tsv|txt|mat|xfm|aff|dat|tfm)$/i.test(name)
    ? matrixIn(readRegular(file, largestText).toString('utf8'))
    : undefined;
  if (matrix) return store(matrix, endsOf(options), 'affine', options, kit);
  await loadTable('landmarks', file, {}, kit).catch((error: BregmaError) => {
    throw new BregmaError(
      'bad-input',
      `${name} is no transform: neither one of ITK, nor 3 × 4 or 4 × 4 numbers, nor a table of landmarks (${error.message})`,
      {
        next: 'Give an affine of ANTs, a matrix as text, a table of landmarks in both spaces, or a displacement field (.nii.gz).',
      },
    );
  });
  return fitLandmarks(name, endsOf(options), options, kit);
}

const store = (matrix: number[][], ends: Ends, what: string, options: Record<string, unknown>, kit: FormatKit) =>
  storeTransform({ kind: 'affine', what, matrix, ...ends, error: statedError(options) }, kit);
