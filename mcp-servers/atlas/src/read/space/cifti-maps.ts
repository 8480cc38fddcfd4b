import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { FormatKit } from '../../formats/format.ts';
import { childrenOf, numbersIn, textIn, type XmlNode } from './xml-tree.ts';

/** What the places along an axis of a CIFTI matrix are. */
export interface CiftiMap {
  /** One word: grayordinate, parcel, map, time. */
  axis: string;
  /** Tables, by what is added to the axis' word in their names: one row a place, or a label of a map. */
  tables: Record<string, Record<string, Int32Array | Float64Array | string[]>>;
  /** What a column is in. */
  units: Record<string, string>;
  warnings: string[];
}

/** An index that is none: a grayordinate of a surface has no voxel, one of a volume no vertex. */
const none = -1;

/** Reads a MatrixIndicesMap. size: the length of its axis. Throws `corrupt` where it has another, `bad-input` for a kind that is not read. */
export function ciftiMap(map: XmlNode, size: number, file: string): CiftiMap {
  const type = map.attribute('IndicesMapToDataType') ?? '';
  const kinds: Record<string, () => CiftiMap> = {
    CIFTI_INDEX_TYPE_BRAIN_MODELS: () => grayordinates(map, size, file),
    CIFTI_INDEX_TYPE_PARCELS: () => parcels(map, file),
    CIFTI_INDEX_TYPE_SCALARS: () => namedMaps(map),
    CIFTI_INDEX_TYPE_LABELS: () => namedMaps(map),
    CIFTI_INDEX_TYPE_SERIES: () => series(map, size),
  };
  const kind = kinds[type];
  if (!kind)
    throw new BregmaError(
      'bad-input',
      `${file} has an axis of type '${type.slice(0, 60)}', which CIFTI-2 does not know.`,
      {
        next: 'Write it again with a program that writes CIFTI-2.',
      },
    );
  const found = kind();
  const [rows] = Object.values(found.tables);
  const length = Object.values(rows)[0].length;
  if (length === size) return found;
  throw new BregmaError(
    'corrupt',
    `${file} has ${size} places along an axis of which its header describes ${length}.`,
    {
      next: 'Write it again; nothing was added.',
    },
  );
}

/** Stores the tables of an axis. */
export async function storeMap({ tables, units }: CiftiMap, axis: string, kit: FormatKit): Promise<Table[]> {
  const made: Table[] = [];
  for (const [suffix, columns] of Object.entries(tables)) {
    if (Object.values(columns)[0].length === 0) continue;
    const name = `${axis}${suffix}`;
    await kit.duck.make(name, columns);
    const without = Object.keys(columns).filter(
      (column) => columns[column] instanceof Int32Array && column !== 'position',
    );
    const query = `SELECT * ${without.length > 0 ? `REPLACE (${without.map((column) => `nullif(${column}, ${none}) AS ${column}`).join(', ')})` : ''} FROM "${name}"`;
    const described = Object.fromEntries(Object.entries(units).map(([column, unit]) => [column, { unit }]));
    made.push(
      await kit.duck.table(query, { name, description: `What the places along ${axis} are`, columns: described }),
    );
  }
  return made;
}

/** Surface vertices and voxels, by their place along the axis. */
function grayordinates(map: XmlNode, size: number, file: string): CiftiMap {
  const structure = new Array<string>(size).fill('');
  const [vertex, i, j, k] = [0, 1, 2, 3].map(() => new Int32Array(size).fill(none));
  const position = Int32Array.from({ length: size }, (_, at) => at);
  const seen = new Uint8Array(size);
  for (const model of childrenOf(map, 'BrainModel')) {
    const [from, count] = ['IndexOffset', 'IndexCount'].map((name) => Number(model.attribute(name)));
    const what = `${file}: ${model.attribute('BrainStructure') ?? 'a brain model'}`;
    const isSurface = /SURFACE$/.test(model.attribute('ModelType') ?? '');
    const places = numbersIn(textIn(model, isSurface ? 'VertexIndices' : 'VoxelIndicesIJK'), what);
    const fits = places.length === count * (isSurface ? 1 : 3) && from >= 0 && from + count <= size;
    if (!fits || !places.every((place) => Number.isInteger(place) && place >= 0)) throw doesNotFit(what);
    const name = (model.attribute('BrainStructure') ?? '').replace(/^CIFTI_STRUCTURE_/, '');
    for (let at = 0; at < count; at++) {
      if (seen[from + at]++) throw doesNotFit(what);
      structure[from + at] = name;
      if (isSurface) vertex[from + at] = places[at];
      else [i[from + at], j[from + at], k[from + at]] = places.slice(3 * at, 3 * at + 3);
    }
  }
  if (seen.some((one) => one === 0)) throw doesNotFit(`${file}: its list of grayordinates`);
  const affine = volumeAffine(map, file);
  const columns: Record<string, Int32Array | Float64Array | string[]> = { position, structure, vertex, i, j, k };
  return {
    axis: 'grayordinate',
    tables: { '': columns },
    units: { i: 'voxel', j: 'voxel', k: 'voxel' },
    warnings: affine ? [`Voxels (i, j, k) lie at ${affine} mm, axes RAS.`] : [],
  };
}

/** The affine of the volume space, as a sentence's part. */
function volumeAffine(map: XmlNode, file: string): string | undefined {
  const matrix = childrenOf(childrenOf(map, 'Volume')[0], 'TransformationMatrixVoxelIndicesIJKtoXYZ')[0];
  if (!matrix) return undefined;
  const factor = 10 ** (Number(matrix.attribute('MeterExponent') ?? -3) + 3);
  const rows = numbersIn(matrix.text, `${file}: the place of its voxels`).map((value) => value * factor);
  return [0, 1, 2].map((row) => `[${rows.slice(4 * row, 4 * row + 4)}]`).join(' ');
}

function parcels(map: XmlNode, file: string): CiftiMap {
  const all = childrenOf(map, 'Parcel');
  const vertices = all.map((parcel) =>
    childrenOf(parcel, 'Vertices').reduce((sum, one) => sum + numbersIn(one.text, `${file}: a parcel`).length, 0),
  );
  const voxels = all.map((parcel) => numbersIn(textIn(parcel, 'VoxelIndicesIJK'), `${file}: a parcel`).length / 3);
  return {
    axis: 'parcel',
    tables: {
      '': {
        position: positions(all),
        name: all.map((parcel) => parcel.attribute('Name') ?? ''),
        vertices: Int32Array.from(vertices),
        voxels: Int32Array.from(voxels),
      },
    },
    units: {},
    warnings: [],
  };
}

/** Scalar or label maps; labels have a table of their own. */
function namedMaps(map: XmlNode): CiftiMap {
  const all = childrenOf(map, 'NamedMap');
  const labels = all.flatMap((one, at) =>
    childrenOf(childrenOf(one, 'LabelTable')[0], 'Label').map((label) => ({ at, label })),
  );
  const colour = (name: string) =>
    Float64Array.from(labels, ({ label }) => Number(label.attribute(name) ?? Number.NaN));
  return {
    axis: 'map',
    tables: {
      '': { position: positions(all), name: all.map((one) => textIn(one, 'MapName') ?? '') },
      _labels: {
        map: Int32Array.from(labels, ({ at }) => at),
        key: labels.map(({ label }) => label.attribute('Key') ?? ''),
        name: labels.map(({ label }) => label.text.trim()),
        red: colour('Red'),
        green: colour('Green'),
        blue: colour('Blue'),
        alpha: colour('Alpha'),
      },
    },
    units: {},
    warnings: [],
  };
}

function series(map: XmlNode, size: number): CiftiMap {
  const unit = (map.attribute('SeriesUnit') ?? 'not stated').toLowerCase();
  const factor = 10 ** Number(map.attribute('SeriesExponent') ?? 0);
  const [start, step] = ['SeriesStart', 'SeriesStep'].map((name) => Number(map.attribute(name) ?? Number.NaN) * factor);
  const axis = unit === 'second' ? 'time' : unit === 'hertz' ? 'frequency' : 'series';
  return {
    axis,
    tables: {
      '': {
        position: Int32Array.from({ length: size }, (_, at) => at),
        value: Float64Array.from({ length: size }, (_, at) => start + at * step),
      },
    },
    units: { value: unit },
    warnings: [],
  };
}

const positions = (all: unknown[]) => Int32Array.from(all, (_, at) => at);

const doesNotFit = (what: string) =>
  new BregmaError('corrupt', `${what} does not fit the matrix that it describes.`, {
    next: 'Write the file again; nothing was added.',
  });
