import type { DataArray, DatasetRelease, Frame } from '@bregma/core/contracts/dataset';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import type { Workspace } from '@bregma/core/workspace';
import { readRows } from '@bregma/readers/parquet';
import { arrayOf, readArray } from '@bregma/readers/release';
import { type Labelled, labelled } from './domain/labels.ts';
import { inverseOf } from './domain/places.ts';
import { keepOpened } from './keep-opened.ts';
import { voxelSizes } from './read/space/frames.ts';

/** A structure of an atlas. */
export interface Structure {
  id: string;
  acronym: string;
  name: string;
  parent: string | null;
}

/** A volume ready to be asked. */
export interface OpenVolume {
  name: string;
  frame: Frame;
  inverse: Frame['affine'];
  /** Lengths of a voxel along i, j, k, in the frame's unit. */
  sizes: number[];
  /** Whether the sides of a voxel stand at right angles, so that distances can be added as squares. */
  isRectangular: boolean;
  shape: [number, number, number];
  strides: [number, number, number];
  data: ArrayLike<number | bigint>;
  /** What its values are in, when they are no labels. */
  unit?: string;
  /** Undefined when its values are no whole numbers. */
  labels?: Labelled;
  structures: Map<string, Structure>;
  /** Ids of the structures right below one. */
  children: Map<string, string[]>;
}

/** Volumes that are kept in memory: 2. */
const kept = keepOpened<OpenVolume>(2);

/** Opens a volume of a release; kept for the next call. array: which, when there are several. Throws `bad-input` when there is none, or more than one. */
export function openVolume(
  release: DatasetRelease,
  array: string | undefined,
  workspace: Workspace,
): Promise<OpenVolume> {
  const volume = chosen(release, array);
  const key = `${datasetRef(release)} ${volume.object} ${release.tables.map(({ object }) => object).join()}`;
  return kept(key, () => load(release, volume, workspace));
}

function chosen(release: DatasetRelease, name: string | undefined): DataArray {
  const volumes = release.arrays.filter(({ frame }) => frame !== undefined);
  const reference = datasetRef(release);
  if (name !== undefined) {
    const array = arrayOf(release, name);
    if (array.frame) return array;
    throw new BregmaError('bad-input', `${name} of ${reference} has no place in space.`, {
      next:
        volumes.length > 0
          ? `Volumes: ${volumes.map((one) => one.name).join(', ')}.`
          : 'Add it from NIfTI, NRRD or MGH.',
    });
  }
  if (volumes.length === 1) return volumes[0];
  if (volumes.length > 1)
    throw new BregmaError('bad-input', `${reference} has ${volumes.length} volumes.`, {
      next: `Say which with array: ${volumes.map((one) => one.name).join(', ')}.`,
    });
  throw new BregmaError('bad-input', `${reference} has no volume with a place in space.`, {
    next:
      release.shape === 'volume'
        ? `It was added by an earlier version: add it again with add_data {"source": "${release.id}"}.`
        : 'Add an atlas: add_data {"source": "mouse-ccfv3-50um"}, or a NIfTI, NRRD or MGH file.',
  });
}

async function load(release: DatasetRelease, array: DataArray, { objects }: Workspace): Promise<OpenVolume> {
  const { frame } = array;
  if (!frame) throw new Error('Only arrays with a frame are chosen.');
  const { data, shape } = readArray(release, array.name, (digest) => objects.get(digest));
  const further = shape.findIndex((size, axis) => size > 1 && !frame.dims.includes(axis));
  if (further >= 0)
    throw new BregmaError(
      'bad-input',
      `${array.name} has ${shape[further]} ${array.axes[further]}s; one volume is asked.`,
      {
        next: 'Cut one out of it: nibabel.four_to_three, or mean over that axis.',
      },
    );
  const stride = (axis: number) => shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const [i, j, k] = frame.dims;
  const lengths: [number, number, number] = [shape[i], shape[j], shape[k]];
  const strides: [number, number, number] = [stride(i), stride(j), stride(k)];
  // SAFETY: numbers or bigints, read one by one.
  const values = data as unknown as ArrayLike<number | bigint>;
  const structures = await structuresOf(release, objects.get.bind(objects));
  const children = new Map<string, string[]>();
  for (const { id, parent } of structures.values())
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), id]);
  return {
    name: array.name,
    frame,
    inverse: inverseOf(frame.affine),
    sizes: voxelSizes(frame.affine),
    isRectangular: isRectangular(frame.affine),
    shape: lengths,
    strides,
    data: values,
    unit: array.unit,
    labels: labelled(values, lengths, strides),
    structures,
    children,
  };
}

async function structuresOf(
  release: DatasetRelease,
  read: (digest: string) => Uint8Array,
): Promise<Map<string, Structure>> {
  const table = release.tables.find(({ name }) => name === 'structures');
  if (!table) return new Map();
  const rows = await readRows(read(table.object));
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  return new Map(
    rows.map((row) => {
      const [id, acronym, name] = [text(row.id), text(row.acronym), text(row.name)];
      return [
        id,
        { id, acronym: acronym || name || id, name: name || acronym || id, parent: text(row.parent) || null },
      ];
    }),
  );
}

function isRectangular(affine: Frame['affine']): boolean {
  const columns = [0, 1, 2].map((axis) => affine.map((row) => row[axis]));
  const sizes = voxelSizes(affine);
  return [
    [0, 1],
    [0, 2],
    [1, 2],
  ].every(([a, b]) => {
    const product = columns[a].reduce((sum, value, row) => sum + value * columns[b][row], 0);
    return Math.abs(product) < 1e-3 * sizes[a] * sizes[b];
  });
}

/** The structure of a label, or the label alone where the atlas has no name for it. */
export function structureOf({ structures }: OpenVolume, label: number): Structure {
  const id = String(label);
  return structures.get(id) ?? { id, acronym: id, name: `label ${id}`, parent: null };
}

/** Acronyms from the root down to a structure's parent. */
export function ancestorsOf({ structures }: OpenVolume, structure: Structure): string[] {
  const path: string[] = [];
  // A tree is at most as deep as it has structures: a circle ends.
  for (let at = structure.parent; at !== null && path.length < structures.size; ) {
    const above = structures.get(at);
    if (!above) break;
    path.unshift(above.acronym);
    at = above.parent;
  }
  return path;
}

/** A structure by its acronym, id or name. Throws `unknown-name` with the nearest, `bad-input` when a name is of several. */
export function findStructure(volume: OpenVolume, wanted: string): Structure {
  const all = [...volume.structures.values()];
  const byId = volume.structures.get(wanted);
  const same = (text: string) => text.toLowerCase() === wanted.toLowerCase();
  const found =
    [
      all.filter(({ acronym }) => acronym === wanted),
      all.filter(({ name }) => name === wanted),
      all.filter(({ acronym, name }) => same(acronym) || same(name)),
    ].find((some) => some.length > 0) ?? [];
  if (found.length > 1)
    throw new BregmaError('bad-input', `'${wanted.slice(0, 80)}' is the name of ${found.length} structures.`, {
      next: `Give an id: ${found
        .slice(0, 10)
        .map(({ id, name }) => `${id} (${name})`)
        .join(', ')}.`,
    });
  if (found.length === 1) return found[0];
  if (byId) return byId;
  if (volume.labels?.labels.some((label) => String(label) === wanted)) return structureOf(volume, Number(wanted));
  const names = all.flatMap(({ acronym, name }) => [acronym, name]);
  const labels = (volume.labels?.labels ?? []).map(String);
  throw unknownName(
    'region',
    wanted,
    nearest(wanted, new Set(names.length > 0 ? names : labels)),
    'describe_data names the table of structures.',
  );
}

/** Ids of a structure and all below it. */
export function withDescendants({ children }: OpenVolume, id: string): Set<string> {
  const found = new Set([id]);
  for (const one of found) for (const child of children.get(one) ?? []) found.add(child);
  return found;
}
