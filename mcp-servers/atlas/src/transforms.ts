import type { DatasetRelease, Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { readRows } from '@bregma/readers/parquet';
import { readArray } from '@bregma/readers/release';
import { type Field, placeInField } from './domain/displacement.ts';
import { apply, inverseOf, readerOf } from './domain/places.ts';
import type { End } from './read/transform/store-transform.ts';
import type { OpenVolume } from './volume.ts';

/** A point through a transform; undefined where its field does not reach. */
type Through = (point: number[]) => number[] | undefined;

/** One transform of a chain, in the direction in which it is used. */
interface Step {
  release: DatasetRelease;
  from: End;
  to: End;
  inverted: boolean;
  through: Through;
  error: { mm?: number; most?: number; of: string };
}

/** How points of another space come into a volume. */
export interface Chain {
  /** The space in which points are given. */
  from: End;
  /** A point of `from`, in its unit, in coordinates of the volume's frame. */
  through: Through;
  releases: DatasetRelease[];
  /** How far it is off at most, if each step is off by what is said of it; undefined where nobody knows of one. */
  errorMm?: number;
  /** What the answer says of each step. */
  told: Record<string, unknown>[];
}

const lengths = { mm: 1000, um: 1 };
const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

/** Opens transforms, in the order in which points go through them, that end in the space of a volume. Throws `bad-input`, `unknown-name`. */
export async function openChain(names: string[], volume: OpenVolume, workspace: Workspace): Promise<Chain> {
  const steps: Step[] = [];
  let wanted = volume.frame.space;
  for (const name of [...names].reverse()) {
    const step = await openStep(findDataset(workspace.ledger, name), wanted, workspace);
    steps.unshift(step);
    wanted = step.from.space;
  }
  const errors = steps.map(({ error }) => error.mm);
  const join = steps.map(({ to }, at) => between(to, steps[at + 1]?.from, volume.frame));
  return {
    from: steps[0].from,
    through: (point) => {
      let at: number[] | undefined = point;
      for (let step = 0; step < steps.length && at; step++) {
        at = steps[step].through(at);
        at = at && join[step](at);
      }
      return at;
    },
    releases: steps.map(({ release }) => release),
    errorMm: errors.every((mm) => mm !== undefined)
      ? errors.reduce<number>((sum, mm) => sum + (mm ?? 0), 0)
      : undefined,
    told: steps.map(({ release, from, to, inverted, error }) => ({
      transform: datasetRef(release),
      from: from.space,
      to: to.space,
      ...(inverted ? { inverted } : {}),
      error: error.mm === undefined ? 'not stated' : { mm: error.mm, most: error.most, of: error.of },
    })),
  };
}

/** How a place of one space is written in the next one of the same name, or in the frame of the volume. */
function between(to: End, next: End | undefined, frame: Frame): (point: number[]) => number[] {
  const target = next ? frameOf(next) : frame;
  const unit = target.unit;
  if (unit !== 'mm' && unit !== 'um')
    throw new BregmaError('bad-input', `The unit of the lengths of ${target.space} is ${unit}.`, {
      next: 'Add the volume again with options.lengths "mm" or "um".',
    });
  const factor = lengths[to.unit] / lengths[unit];
  const read = readerOf(target, to.axes);
  return (point) => read(point).map((value) => value * factor);
}

/** The space of points, as a frame in which no volume lies. */
export const frameOf = ({ space, axes, unit }: End): Frame => ({
  space,
  axes,
  unit,
  origin: 'that of the transform',
  affine: [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0))),
  dims: [0, 1, 2],
});

async function openStep(release: DatasetRelease, wanted: string, workspace: Workspace): Promise<Step> {
  const reference = datasetRef(release);
  const table = release.tables.find(({ name }) => name === 'transform');
  if (release.card.modality !== 'transform' || !table)
    throw new BregmaError('bad-input', `${reference} is no transform.`, {
      next: 'Add one with add_data, format "transform", options from, to and error.',
    });
  const [row] = await readRows(workspace.objects.get(table.object));
  const end = (side: 'from' | 'to'): End => ({
    space: String(row[`${side}_space`]),
    axes: String(row[`${side}_axes`]),
    unit: row[`${side}_unit`] === 'um' ? 'um' : 'mm',
  });
  const [from, to] = [end('from'), end('to')];
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const error = { mm: number(row.error), most: number(row.error_most), of: String(row.error_of) };
  const matrix = [1, 2, 3].map((i) => [1, 2, 3, 4].map((j) => Number(row[`a${i}${j}`])));
  const isField = row.kind === 'displacement';
  if (same(to.space, wanted)) {
    const through: Through = isField ? throughField(release, workspace) : (point) => apply(matrix, point);
    return { release, from, to, inverted: false, through, error };
  }
  if (!same(from.space, wanted))
    throw new BregmaError('bad-input', `${reference} leads from ${from.space} to ${to.space}, not to ${wanted}.`, {
      next: 'Name the transforms in the order in which points go through them; the last one ends in the space of the volume.',
    });
  if (isField)
    throw new BregmaError(
      'bad-input',
      `${reference} is a displacement field from ${from.space}: it is not turned round.`,
      {
        next: 'Add the inverse field (…InverseWarp.nii.gz) with from and to the other way round.',
      },
    );
  const back = inverseOf(matrix);
  return { release, from: to, to: from, inverted: true, through: (point) => apply(back, point), error };
}

function throughField(release: DatasetRelease, { objects }: Workspace): Through {
  const [array] = release.arrays;
  if (!array?.frame) throw new Error('A displacement field has an array with a frame.');
  const { data, shape } = readArray(release, array.name, (digest) => objects.get(digest));
  const field: Field = {
    inverse: inverseOf(array.frame.affine),
    shape: [shape[0], shape[1], shape[2]],
    // SAFETY: floating numbers, as the format saw to it; read one by one.
    data: data as unknown as ArrayLike<number>,
  };
  return (point) => placeInField(field, point);
}
