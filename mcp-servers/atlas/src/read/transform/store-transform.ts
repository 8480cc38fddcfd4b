import { BregmaError } from '@bregma/core/errors';
import type { FormatKit, Parts } from '../../formats/format.ts';
import { isOrientation } from '../space/store-volume.ts';

/** One end of a transform: what its space is called, where its coordinates grow to, and their unit. */
export interface End {
  space: string;
  axes: string;
  unit: 'mm' | 'um';
}
/** Where the points of a transform come from, and where they go. */
export interface Ends {
  from: End;
  to: End;
}

/** How far a transform is off, in mm: undefined where nobody knows, which somebody said. */
export interface TransformError {
  mm?: number;
  most?: number;
  of: string;
}

/** A transform that was read. An affine takes (from, 1) to `to`; a displacement field lies in an array beside. */
export interface ReadTransform extends Ends {
  kind: 'affine' | 'displacement';
  what: string;
  matrix: number[][];
  error: TransformError;
}

/** The spaces that a person named, and what the file says of their coordinates (`known`). Throws `bad-input`. */
export function endsOf(options: Record<string, unknown>, known?: { axes: string; unit: 'mm' | 'um' }): Ends {
  const { lengths } = options;
  if (known && (lengths !== undefined || options.from_axes !== undefined || options.to_axes !== undefined))
    throw new BregmaError('bad-input', `Transforms of ITK are in mm, and read as ${known.axes} on both sides.`, {
      next: 'Leave lengths, from_axes and to_axes out.',
    });
  const unit = known?.unit ?? lengths;
  if (unit !== 'mm' && unit !== 'um')
    throw new BregmaError('bad-input', 'The unit of both spaces is not stated.', {
      next: 'Say options.lengths: "mm" or "um".',
    });
  const end = (side: 'from' | 'to'): End => {
    const space = options[side];
    if (typeof space !== 'string' || space.trim() === '')
      throw new BregmaError('bad-input', `The space ${side === 'from' ? 'from' : 'to'} which it leads is not stated.`, {
        next: 'Name both as their volumes do: options {"from": "scanner", "to": "CCFv3"}.',
      });
    const axes = known?.axes ?? options[`${side}_axes`];
    if (typeof axes !== 'string' || !isOrientation(axes.toUpperCase()))
      throw new BregmaError('bad-input', `Where the coordinates of ${space.slice(0, 60)} grow to is not stated.`, {
        next: `Say options.${side}_axes, a letter each of R/L, A/P, S/I: "RAS", "PIR".`,
      });
    return { space: space.trim(), axes: axes.toUpperCase(), unit };
  };
  return { from: end('from'), to: end('to') };
}

/** The error that a person states in mm, or says that nobody knows. Throws `bad-input` where nothing is said. */
export function statedError({ error }: Record<string, unknown>): TransformError {
  if (error === 'not stated') return { of: 'not stated' };
  if (typeof error === 'number' && error >= 0 && Number.isFinite(error)) return { mm: error, of: 'as stated' };
  throw new BregmaError(
    'bad-input',
    'How far this transform is off is not stated: regions near a border depend on it.',
    {
      next: 'Say options.error in mm, as it was measured at landmarks; or "not stated" if nobody knows.',
    },
  );
}

/** Whether three axes make a right-handed frame, as RAS does. */
function isRightHanded(axes: string): boolean {
  const pairs = ['RL', 'AP', 'SI'];
  const order = [...axes].map((letter) => pairs.findIndex((pair) => pair.includes(letter)));
  const inversions = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].filter(([a, b]) => order[a] > order[b]).length;
  const turned = [...axes].filter((letter) => 'LPI'.includes(letter)).length;
  return (inversions + turned) % 2 === 0;
}

const determinant = ([[a, b, c], [d, e, f], [g, h, i]]: number[][]) =>
  a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);

/** Throws `bad-input` for a matrix that puts space into a plane; says where one turns left into right. */
function doubtsOf({ kind, matrix, from, to }: ReadTransform): string[] {
  if (kind !== 'affine') return [];
  const volume = determinant(matrix);
  if (!Number.isFinite(1 / volume) || !matrix.flat().every(Number.isFinite))
    throw new BregmaError('bad-input', 'Its matrix puts all points into one plane, or is not finite.', {
      next: 'Check the file.',
    });
  const isMirror = volume < 0 !== (isRightHanded(from.axes) !== isRightHanded(to.axes));
  return isMirror ? ['It turns left into right: check the axes of both spaces.'] : [];
}

/** The table `transform`: one row that says all of it. */
export async function storeTransform(transform: ReadTransform, kit: FormatKit): Promise<Parts> {
  const { kind, what, matrix, from, to, error } = transform;
  const warnings = doubtsOf(transform);
  const numbers = Object.fromEntries(
    matrix.flatMap((row, i) => row.map((value, j) => [`a${i + 1}${j + 1}`, Float64Array.of(value)])),
  );
  await kit.duck.make('read_transform', {
    kind: [kind],
    from_space: [from.space],
    from_axes: [from.axes],
    from_unit: [from.unit],
    to_space: [to.space],
    to_axes: [to.axes],
    to_unit: [to.unit],
    ...numbers,
    error: Float64Array.of(error.mm ?? Number.NaN),
    error_most: Float64Array.of(error.most ?? Number.NaN),
    error_of: [error.of],
  });
  const table = await kit.duck.table(
    "SELECT * REPLACE (nullif(error, 'nan') AS error, nullif(error_most, 'nan') AS error_most) FROM read_transform",
    {
      // An error that nobody stated is no value that was lost.
      hasNaN: false,
      name: 'transform',
      description: `Takes points of ${from.space} to ${to.space}: ${what}. a11 to a34 are the rows of the affine.`,
      columns: { error: { unit: 'mm', description: error.of }, error_most: { unit: 'mm', description: error.of } },
    },
  );
  return {
    shape: 'tables',
    tables: [table],
    arrays: [],
    warnings: [...warnings, ...(error.mm === undefined ? ['How far it is off is not stated.'] : [])],
    card: { modality: 'transform', description: `Transform from ${from.space} to ${to.space} (${what}).` },
  };
}
